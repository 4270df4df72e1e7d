using System.Collections.Concurrent;

namespace Depart.Connectors.Ldap;

/// <summary>
/// Connections signed in as our own account. Requests share a few of them, several in flight on each; a paged search, whose place is kept by the
/// server per connection (RFC 2696), gets one of its own.
/// </summary>
internal sealed class LdapPool(LdapEndpoint endpoint, string bindName, string bindPassword, int size) : IAsyncDisposable
{
    private readonly LdapConnection?[] shared = new LdapConnection?[size];
    private readonly SemaphoreSlim[] opening = [.. Enumerable.Range(0, size).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly ConcurrentBag<LdapConnection> single = [];
    private readonly LdapFailures failures = new(endpoint.Name);
    private volatile bool disposed;

    /// <summary>Where to.</summary>
    public LdapEndpoint Endpoint => endpoint;

    /// <summary>Sends on one of the shared connections.</summary>
    /// <exception cref="LdapCallException">No result.</exception>
    public async Task<LdapResult> SendAsync(LdapRequest request, CancellationToken cancellation)
    {
        var connection = await ShareAsync(cancellation);
        try
        {
            return await connection.SendAsync(request, null, cancellation);
        }
        catch (LdapCallException lost) when (!lost.Sent && !connection.Usable && !cancellation.IsCancellationRequested)
        {
            connection = await ShareAsync(cancellation);
            return await connection.SendAsync(request, null, cancellation);
        }
    }

    /// <summary>Searches on one of the shared connections. A search that a dying connection lost is sent once more.</summary>
    /// <exception cref="LdapCallException">No result.</exception>
    public async Task<(LdapResult Result, List<LdapEntry> Entries)> SearchAsync(LdapSearch search, CancellationToken cancellation)
    {
        for (var again = false; ; again = true)
        {
            var found = new List<LdapEntry>();
            var connection = await ShareAsync(cancellation);
            try
            {
                return (await connection.SendAsync(search, found.Add, cancellation), found);
            }
            catch (LdapCallException lost) when (!again && !connection.Usable && !cancellation.IsCancellationRequested && lost.InnerException is not OperationCanceledException)
            {
                // Opened, or not, anew.
            }
        }
    }

    /// <summary>Gives a connection to one caller alone; <see cref="GiveBackAsync"/> follows.</summary>
    public async Task<LdapConnection> BorrowAsync(CancellationToken cancellation)
    {
        while (single.TryTake(out var kept))
        {
            if (kept.Usable)
            {
                return kept;
            }

            await kept.DisposeAsync();
        }

        return await OpenAsync(cancellation);
    }

    /// <summary>Takes a borrowed connection back.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="clean">Whether nothing is under way on it (a paged search read to its end).</param>
    public async Task GiveBackAsync(LdapConnection connection, bool clean)
    {
        if (clean && connection.Usable && single.Count < 2 && !disposed)
        {
            single.Add(connection);
        }
        else
        {
            await connection.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        disposed = true;
        foreach (var connection in shared.OfType<LdapConnection>().Concat(single))
        {
            await connection.DisposeAsync();
        }

        foreach (var gate in opening)
        {
            gate.Dispose();
        }
    }

    private async Task<LdapConnection> ShareAsync(CancellationToken cancellation)
    {
        // An idle one, else a new one while there is room, else the least busy.
        var choice = -1;
        for (var slot = 0; slot < size; slot++)
        {
            if (shared[slot] is not { Usable: true } live)
            {
                choice = choice < 0 || shared[choice] is { Usable: true } ? slot : choice;
            }
            else if (live.InFlight == 0)
            {
                return live;
            }
            else if (choice < 0 || (shared[choice] is { Usable: true } other && live.InFlight < other.InFlight))
            {
                choice = slot;
            }
        }

        if (shared[choice] is { Usable: true } busy)
        {
            return busy;
        }

        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            await opening[choice].WaitAsync(cancellation);
        }
        catch (OperationCanceledException late)
        {
            throw new LdapCallException(failures.NoConnection(endpoint.ConnectLimit), sent: false, late);
        }

        try
        {
            if (shared[choice] is { Usable: true } opened)
            {
                return opened;
            }

            var old = shared[choice];
            shared[choice] = await OpenAsync(cancellation);
            if (old is { InFlight: 0 })
            {
                await old.DisposeAsync();
            }

            return shared[choice]!;
        }
        finally
        {
            opening[choice].Release();
        }
    }

    private async Task<LdapConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await LdapConnection.OpenAsync(endpoint, cancellation);
        try
        {
            var result = await connection.SendAsync(new LdapBind(bindName, bindPassword), null, cancellation);
            return result.Ok ? connection : throw new LdapCallException(failures.SignIn(bindName, result), sent: false);
        }
        catch (LdapCallException error)
        {
            await connection.DisposeAsync();
            throw error.Sent ? new LdapCallException(error.Failure, sent: false, error) : error;
        }
    }
}
