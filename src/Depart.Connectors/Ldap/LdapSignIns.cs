using System.Collections.Concurrent;

namespace Depart.Connectors.Ldap;

/// <summary>
/// Sign-in tests: tries a name and a password on connections that serve nothing else, and says what the server answered. A test takes far less time than
/// a connection with its encryption, on the server too: tests wait for one of a few that stay open.
/// </summary>
internal sealed class LdapSignIns(LdapEndpoint endpoint) : IAsyncDisposable
{
    private const int AtOnce = 8;

    private readonly ConcurrentBag<LdapConnection> idle = [];
    private readonly SemaphoreSlim free = new(AtOnce, AtOnce);

    /// <summary>Tries to sign in. A connection on which it succeeded becomes anonymous again at once.</summary>
    /// <exception cref="LdapCallException">No answer.</exception>
    public async Task<LdapResult> TryAsync(string name, string password, IReadOnlyList<LdapControl> controls, CancellationToken cancellation)
    {
        try
        {
            await free.WaitAsync(cancellation);
        }
        catch (OperationCanceledException late)
        {
            throw new LdapCallException(new LdapFailures(endpoint.Name).NoConnection(endpoint.ConnectLimit), sent: false, late);
        }

        try
        {
            return await TryOnAsync(await TakeAsync(cancellation), name, password, controls, cancellation);
        }
        finally
        {
            free.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in idle)
        {
            await connection.DisposeAsync();
        }

        free.Dispose();
    }

    private async Task<LdapConnection> TakeAsync(CancellationToken cancellation)
    {
        while (idle.TryTake(out var kept))
        {
            if (kept.Usable)
            {
                return kept;
            }

            await kept.DisposeAsync();
        }

        return await LdapConnection.OpenAsync(endpoint, cancellation);
    }

    private async Task<LdapResult> TryOnAsync(LdapConnection connection, string name, string password, IReadOnlyList<LdapControl> controls, CancellationToken cancellation)
    {
        var clean = false;
        try
        {
            var result = await connection.SendAsync(new LdapBind(name, password) { Controls = controls }, null, cancellation);
            if (result.Ok)
            {
                await connection.SendAsync(new LdapBind("", ""), null, cancellation);
            }

            clean = connection.Usable;
            return result;
        }
        finally
        {
            if (clean)
            {
                idle.Add(connection);
            }
            else
            {
                await connection.DisposeAsync();
            }
        }
    }
}
