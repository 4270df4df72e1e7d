using Npgsql;

namespace Depart.Foundation.Storage;

/// <summary>
/// PostgreSQL has no lock file: a session of its own holds the database for this server, so that a second one is refused. It is given back with the
/// connection, also when the process is killed or its machine is lost.
/// </summary>
internal sealed partial class DatabaseClaim(StorageOptions options, TimeProvider clock, IServiceProvider services, ILogger<DatabaseClaim> log) : IAsyncDisposable
{
    // Any number that means this to every server.
    private const long ServerLock = 0x6465706172740002;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private NpgsqlConnection? connection;
    private Task watch = Task.CompletedTask;

    /// <summary>Takes the database, or waits a moment for a server that was just killed.</summary>
    /// <exception cref="StartRefused">Another server holds it, or it does not answer.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await TryAsync(cancellation))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new StartRefused(StorageText.DatabaseInUse.With(Place(options)));
            }

            await Task.Delay(200, cancellation);
        }

        watch = WatchAsync(stop.Token);
    }

    /// <summary>Host, port and database of the connection string: no user, no password.</summary>
    public static string Place(StorageOptions options)
    {
        var parts = new NpgsqlConnectionStringBuilder(options.PostgreSql);
        return $"{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}";
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watch;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        connection = null;
        stop.Dispose();
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        connection ??= new(new NpgsqlConnectionStringBuilder(options.PostgreSql) { Pooling = false, ApplicationName = "depart (holds the database)" }.ToString());
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync(cancellation);
        }

        // A machine that is lost says no goodbye: the server asks after it.
        await using var command = new NpgsqlCommand(
            $"SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SELECT pg_try_advisory_lock({ServerLock})", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>The session may be lost while the process lives (PostgreSQL restarts): the claim is taken anew, or this server ends.</summary>
    private async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, clock, cancellation);
                if (!await HoldsAsync(cancellation))
                {
                    Lost();
                    services.GetService<IHostApplicationLifetime>()?.StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    private async Task<bool> HoldsAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            return await AgainAsync(cancellation);
        }
    }

    private async Task<bool> AgainAsync(CancellationToken cancellation)
    {
        try
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            connection = null;
            return await TryAsync(cancellation);
        }
        catch (NpgsqlException)
        {
            // It does not answer: nobody else can hold it either. Looked at again.
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Another server has taken the database while PostgreSQL was away: this one ends.")]
    private partial void Lost();
}
