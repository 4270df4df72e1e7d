using System.Data;
using System.Data.Common;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Depart.Foundation.Storage;

/// <summary>Opens the database chosen and prepares its schema.</summary>
internal static class Schema
{
    /// <summary>Contexts kept for the next scope.</summary>
    private const int MostKept = 32;

    /// <summary>Registers the database, the write gate and the key ring.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        OwnersOnly.Folder(options.DataFolder);
        services.AddSingleton<WriteGate>();

        // The contexts read for whoever acts in their scope; nobody, while nothing says who.
        services.TryAddScoped<ActorSlot>();
        if (options.PostgreSql is { } connection)
        {
            services.AddSingleton<DatabaseClaim>();
            services.AddContexts<PostgreSqlDb>(db => db.UseNpgsql(Planned(connection)));
        }
        else
        {
            services.AddContexts<SqliteDb>(db => db.UseSqlite($"Data Source={options.SqliteFile};Foreign Keys=True", Asked).AddInterceptors(new Durable()));
        }

        // Ten years: a key made anew would be written in the middle of whichever command first asked for it, under SQLite's single writer.
        services.AddDataProtection().SetApplicationName("depart").SetDefaultKeyLifetime(TimeSpan.FromDays(3650));
        services.AddSingleton(WrappingKey.Of(options));
        KeyRing.Configure(services);
        return services;
    }

    /// <summary>A context for each scope, out of a pool: making one is a good part of a short question's cost.</summary>
    private static void AddContexts<T>(this IServiceCollection services, Action<DbContextOptionsBuilder> options)
        where T : DepartDb
    {
        // What has one row at most, or is only counted, needs no order.
        services.AddPooledDbContextFactory<T>(
            db => options(db.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.FirstWithoutOrderByAndFilterWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning))), MostKept);
        services.AddScoped<DepartDb>(provider =>
        {
            var db = provider.GetRequiredService<IDbContextFactory<T>>().CreateDbContext();
            db.Begin(provider.GetRequiredService<ActorSlot>());
            return db;
        });
    }

    /// <summary>Keys that are looked for together are one list in the statement, however many: its text stays the same and is made once. What Npgsql does by itself.</summary>
    private static void Asked(SqliteDbContextOptionsBuilder sqlite) => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);

    /// <summary>
    /// A few hundred rows are found by their keys, not by reading a table: PostgreSQL's default takes the disk for a spinning one. What is asked again and again is planned once for a
    /// connection. An administrator's own options stand.
    /// </summary>
    internal static string Planned(string connection)
    {
        var said = new NpgsqlConnectionStringBuilder(connection);
        said.Options ??= "-c random_page_cost=1.1";
        said.MaxAutoPrepare = said.ShouldSerialize("Max Auto Prepare") ? said.MaxAutoPrepare : 200;
        return said.ConnectionString;
    }

    /// <summary>Takes the database for this process, brings its tables to this version, after a backup on SQLite; then sees to it that the secrets can be opened.</summary>
    /// <exception cref="StartRefused">The database does not answer, is another server's or of another version, or another key closed its secrets.</exception>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<StorageOptions>();
        try
        {
            await (services.GetService<DatabaseClaim>()?.TakeAsync(cancellation) ?? Task.CompletedTask);
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            await MigrateAsync(db, options, services.GetRequiredService<TimeProvider>(), cancellation);
            await KeepAsync(db, cancellation);
        }
        catch (NpgsqlException refused)
        {
            throw new StartRefused(StorageText.PostgreSqlRefuses.With(DatabaseClaim.Place(options), refused.Message));
        }

        services.GetRequiredService<KeyRing>().Check(options);
        _ = services.GetRequiredService<IDataProtectionProvider>().CreateProtector("start").Protect("The ring has its first key before a command asks for it.");
    }

    private static async Task MigrateAsync(DepartDb db, StorageOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (options.IsPostgreSql)
        {
            RefuseStrange(await db.Database.GetAppliedMigrationsAsync(cancellation), known);
            await db.Database.MigrateAsync(cancellation);
            return;
        }

        if (File.Exists(options.SqliteFile) && new FileInfo(options.SqliteFile).Length > 0)
        {
            var (problem, applied) = await SqliteFiles.ReadAsync(options.SqliteFile, cancellation, quick: true);
            if (problem is not null)
            {
                throw new StartRefused(problem);
            }

            RefuseStrange(applied, known);
            if (applied.Count == known.Count)
            {
                return;
            }

            OwnersOnly.Folder(options.BackupFolder);
            await SqliteFiles.CopyAsync(
                options.SqliteFile, Path.Combine(options.BackupFolder, $"before-migration-{clock.GetUtcNow():yyyyMMdd-HHmmss}.db"), cancellation);

            // A process killed while it migrated leaves its lock behind; nobody else can hold it, the data folder is ours alone.
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        }

        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>At each start: a server that ended between its schema and this would never come back to it.</summary>
    private static async Task KeepAsync(DepartDb db, CancellationToken cancellation)
    {
        var name = db.Database.IsNpgsql() ? nameof(IKeptByDatabase.PostgreSql) : nameof(IKeptByDatabase.Sqlite);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var kept in typeof(DepartDb).Assembly.GetTypes().Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IKeptByDatabase))))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = transaction.GetDbTransaction();
            command.CommandText = (string)kept.GetProperty(name)!.GetValue(null)!;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static void RefuseStrange(IEnumerable<string> applied, HashSet<string> known)
    {
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } strange)
        {
            throw new StartRefused(StorageText.NewerDatabase.With(strange));
        }
    }

    /// <summary>
    /// A commit of SQLite is on the disk before it is told: write-ahead log, fully synchronous. A connection stays open until its scope ends: between two statements it holds no
    /// lock, and opening it anew costs more than a short statement.
    /// </summary>
    private sealed class Durable : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
        {
            if (connection.State == ConnectionState.Closed)
            {
                connection.Open();
                try
                {
                    Set(connection);
                }
                catch
                {
                    // Left open it would be taken for one that is set, and commit without being durable.
                    connection.Close();
                    throw;
                }
            }

            return InterceptionResult.Suppress();
        }

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-4000;";
            command.ExecuteNonQuery();
        }

        // SQLite does its work on the thread that asks; there is nothing to wait for.
        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(ConnectionOpening(connection, eventData, result));

        public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => new(InterceptionResult.Suppress());
    }
}
