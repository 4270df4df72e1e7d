using System.Data.Common;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Depart.Given;

/// <summary>How the database answers each query of some work: its own plans, in order.</summary>
internal sealed class Plans : DbCommandInterceptor
{
    private readonly List<string> plans = [];
    private bool explaining;

    /// <summary>Does the work on a context of its own over these data.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(StorageOptions storage, Func<DepartDb, Task> work)
    {
        var seen = new Plans();

        // A table of a test fits on a few pages, which PostgreSQL would rather read whole.
        const string AsIfLarge = ";Options=-c enable_seqscan=off;Pooling=False";
        await using DepartDb db = storage.PostgreSql is { } connection
            ? DepartDb.OnConsole(new PostgreSqlDb(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql(connection + AsIfLarge).AddInterceptors(seen).Options))
            : DepartDb.OnConsole(new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={storage.SqliteFile}").AddInterceptors(seen).Options));
        await work(db);
        return seen.plans;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!explaining)
        {
            explaining = true;
            plans.Add(await ExplainAsync(command, cancellationToken));
            explaining = false;
        }

        return result;
    }

    /// <summary>Asks with the very command, its parameters included, and puts its text back.</summary>
    private static async Task<string> ExplainAsync(DbCommand command, CancellationToken cancellation)
    {
        var text = command.CommandText;
        command.CommandText = (command is Npgsql.NpgsqlCommand ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + text;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var lines = new List<string>();
            while (await reader.ReadAsync(cancellation))
            {
                lines.Add(reader.GetString(reader.FieldCount - 1));
            }

            return string.Join('\n', lines);
        }
        finally
        {
            command.CommandText = text;
        }
    }
}
