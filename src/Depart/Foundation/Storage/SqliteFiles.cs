using Microsoft.Data.Sqlite;

namespace Depart.Foundation.Storage;

/// <summary>Copies of the SQLite database: consistent while it is written to, checked before they are trusted.</summary>
internal static class SqliteFiles
{
    /// <summary>
    /// Copies a database into a new file that only its owner may read. Runs beside writers: it sees the last commit before it began.
    /// </summary>
    public static async Task CopyAsync(string database, string copy, CancellationToken cancellation)
    {
        await using (new FileStream(copy, OwnersOnly.NewFile))
        {
            // VACUUM INTO writes into an empty file and keeps its rights.
        }

        await using var connection = await OpenAsync(database, SqliteOpenMode.ReadWrite, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync(cancellation);
        await using var written = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    /// <summary>
    /// What is wrong with a file that should be a whole database of Depart, or null; also gives its migrations. <paramref name="quick"/> reads every page, and leaves out whether indexes agree with their
    /// tables: a tenth of the time, for a start after a crash; https://www.sqlite.org/pragma.html#pragma_quick_check.
    /// </summary>
    public static async Task<(Words? Problem, IReadOnlyList<string> Migrations)> ReadAsync(string database, CancellationToken cancellation, bool quick = false)
    {
        try
        {
            await using var connection = await OpenAsync(database, SqliteOpenMode.ReadOnly, cancellation);
            var problems = await ListAsync(connection, quick ? "PRAGMA quick_check(3)" : "PRAGMA integrity_check(3)", cancellation);
            if (problems is not ["ok"])
            {
                return (StorageText.Damaged.With(database, string.Join("; ", problems)), []);
            }

            return await ListAsync(connection, "SELECT name FROM sqlite_master WHERE name = '__EFMigrationsHistory'", cancellation) is []
                ? (StorageText.NotOurs.With(database), [])
                : (null, await ListAsync(connection, "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId", cancellation));
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 26 or 11 or 14)
        {
            return ((error.SqliteErrorCode == 11 ? StorageText.Damaged : StorageText.NotOurs).With(database, error.Message), []);
        }
    }

    private static async Task<SqliteConnection> OpenAsync(string database, SqliteOpenMode mode, CancellationToken cancellation)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = mode, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<string> values = [];
        while (await reader.ReadAsync(cancellation))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
