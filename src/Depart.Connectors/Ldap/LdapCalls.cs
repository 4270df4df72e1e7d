namespace Depart.Connectors.Ldap;

/// <summary>Turns a call that got no result into what the contract promises.</summary>
internal static class LdapCalls
{
    /// <summary>For the verbs that throw: a cancelled wait stays cancelled, everything else is said with its failure.</summary>
    /// <exception cref="ConnectorException">The system did not answer.</exception>
    public static async Task<T> OrFailAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (LdapCallException error)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ConnectorException(error.Failure, error);
        }
    }
}
