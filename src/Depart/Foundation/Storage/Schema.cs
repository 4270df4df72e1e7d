using System.Data.Common;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Depart.Foundation.Storage;

/// <summary>Opens the database chosen and prepares its schema.</summary>
internal static class Schema
{
    /// <summary>Registers the database, the write gate and the key ring.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton<WriteGate>();
        if (options.PostgreSql is { } connection)
        {
            services.AddDbContext<PostgreSqlDb>(db => db.UseNpgsql(connection));
            services.AddScoped<DepartDb>(provider => provider.GetRequiredService<PostgreSqlDb>());
        }
        else
        {
            Directory.CreateDirectory(options.DataFolder);
            services.AddDbContext<SqliteDb>(db => db.UseSqlite($"Data Source={options.SqliteFile};Foreign Keys=True").AddInterceptors(new Durable()));
            services.AddScoped<DepartDb>(provider => provider.GetRequiredService<SqliteDb>());
        }

        // The keys stand in the data folder, readable by its owner alone.
        var keys = Directory.CreateDirectory(Path.Combine(options.DataFolder, "keys"));
        if (!OperatingSystem.IsWindows())
        {
            keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        services.AddDataProtection().SetApplicationName("depart").PersistKeysToFileSystem(keys);
        return services;
    }

    /// <summary>Creates the tables where there are none.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DepartDb>().Database.EnsureCreatedAsync(cancellation);
    }

    /// <summary>A commit of SQLite is on the disk before it is told: write-ahead log, fully synchronous.</summary>
    private sealed class Durable : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = Pragmas(connection);
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = Pragmas(connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private static DbCommand Pragmas(DbConnection connection)
        {
            var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;";
            return command;
        }
    }
}
