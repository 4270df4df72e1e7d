using System.Globalization;
using Npgsql;

namespace Depart.Connectors.PostgreSql;

/// <summary>The way to one server: pooled connections of our own role, and single ones to another database or as somebody else.</summary>
internal sealed class PostgreSqlLink : IAsyncDisposable
{
    private readonly PostgreSqlSettings settings;
    private readonly Lazy<NpgsqlDataSource> pool;

    public PostgreSqlLink(PostgreSqlSettings settings)
    {
        this.settings = settings;
        Name = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
        pool = new(() => Source(settings.User, settings.Password, settings.Database, pooled: true));
    }

    /// <summary>Host and port, for messages and for the key of a secret.</summary>
    public string Name { get; }

    /// <summary>A connection of our own role to the database of the settings.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => UntilCancelledAsync(pool.Value.OpenConnectionAsync(cancellation).AsTask(), cancellation);

    /// <summary>A connection of our own role to another database; closed for good when it is disposed of.</summary>
    public Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellation) =>
        UntilCancelledAsync(OpenOnceAsync(settings.User, settings.Password, database, cancellation), cancellation);

    /// <summary>Tries to sign in as somebody. What the server answers comes as the exception.</summary>
    public async Task SignInAsync(string login, string password, CancellationToken cancellation)
    {
        await using var connection = await UntilCancelledAsync(OpenOnceAsync(login, password, settings.Database, cancellation), cancellation);
    }

    public ValueTask DisposeAsync() => pool.IsValueCreated ? pool.Value.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>The driver does not look at the cancellation while it waits for a server that accepts and never says a word.</summary>
    private static async Task<NpgsqlConnection> UntilCancelledAsync(Task<NpgsqlConnection> opening, CancellationToken cancellation)
    {
        try
        {
            return await opening.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!opening.IsCompleted)
        {
            _ = CloseLaterAsync(opening);
            throw;
        }
    }

    private static async Task CloseLaterAsync(Task<NpgsqlConnection> opening)
    {
        try
        {
            await using var late = await opening;
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            // It never opened: nothing to close.
        }
    }

    private async Task<NpgsqlConnection> OpenOnceAsync(string user, string password, string database, CancellationToken cancellation)
    {
        // Without pooling a source holds no connection: it may go once the connection is open.
        await using var source = Source(user, password, database, pooled: false);
        return await source.OpenConnectionAsync(cancellation);
    }

    private NpgsqlDataSource Source(string user, string password, string database, bool pooled)
    {
        var builder = new NpgsqlDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = settings.Host,
                Port = settings.Port,
                Username = user,
                Password = password,
                Database = database,
                ApplicationName = "Depart",
                SslMode = settings.AllowNoEncryption ? SslMode.Prefer : SslMode.VerifyFull,
                Pooling = pooled,
                MaxPoolSize = 64,
                ConnectionIdleLifetime = 60,
                Timeout = settings.TimeoutSeconds,
                CommandTimeout = settings.TimeoutSeconds,
                CancellationTimeout = 1000,

                // Nothing that people may have put in a schema of their own is ever called.
                SearchPath = "pg_catalog",
                Timezone = "UTC",

                // Neither .pgpass nor PGPASSFILE of this machine has a say.
                Passfile = "/nonexistent",
                Enlist = false,

                // What a role is still needed for stands in the detail; it names objects, no values.
                IncludeErrorDetail = true,
                GssEncryptionMode = GssEncryptionMode.Disable,
            },
        };
        // Built-in types only: the list of the database's own types is not asked for at each sign-in.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (settings.Authorities() is { Count: > 0 } authorities)
        {
            builder.UseRootCertificates(authorities);
        }

        return builder.Build();
    }
}
