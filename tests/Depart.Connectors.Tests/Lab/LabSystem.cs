namespace Depart.Connectors.Lab;

/// <summary>
/// A third party's server, running, seen as its administrator and its users see it: by its own client, never by the connector. Derive it once
/// for each connector; the suite <see cref="ConnectorContract"/> does the rest.
/// </summary>
public abstract class LabSystem(LabRun run) : IAsyncLifetime
{
    private Exception? missing;

    /// <summary>The connector's key.</summary>
    public abstract string Key { get; }

    /// <summary>False where the system has no mails for its accounts. What a system does not have is said here, and its facts are skipped.</summary>
    public virtual bool HasMails => true;

    /// <summary>False where the system has no given and family names: homonyms are then unknown to it.</summary>
    public virtual bool HasNames => true;

    /// <summary>False where the system knows no privileged accounts.</summary>
    public virtual bool HasPrivileges => true;

    /// <summary>False where accounts belong to no groups, roles or licences.</summary>
    public virtual bool HasGroups => true;

    /// <summary>False where a login cannot be changed.</summary>
    public virtual bool CanRename => true;

    /// <summary>False where there is nothing to reach, as in the manual system: what is about servers is then skipped.</summary>
    public virtual bool IsServer => true;

    /// <summary>How many people are added before all are read: more than a page of the system. 0: it has no pages.</summary>
    public virtual int Crowd => 0;

    /// <summary>A login with characters that the system allows and careless code breaks on, or null.</summary>
    public virtual string? HostileLogin => null;

    /// <summary>What all servers of the run share.</summary>
    protected LabRun Run { get; } = run;

    /// <summary>
    /// Settings, by name, that reach the server; with <paramref name="elsewhere"/> the same, but for another address (a broken server), and
    /// with a time-out of 2 seconds.
    /// </summary>
    public abstract Dictionary<string, string> Settings(LabEndpoint? elsewhere = null);

    /// <summary>Settings whose credentials the server refuses, or null where there are none.</summary>
    public virtual Dictionary<string, string>? WrongCredentials() => null;

    /// <summary>Settings whose credentials may read and not write, or null where the system cannot say it.</summary>
    public virtual Dictionary<string, string>? ReadOnlyCredentials() => null;

    /// <summary>Settings that lead to somebody who is not the server trusted, by what is wrong: untrusted authority, expired, other host key.</summary>
    public virtual IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() => new Dictionary<string, Dictionary<string, string>>();

    /// <summary>Adds a person with the system's own means, with groups; the person can sign in afterwards unless disabled.</summary>
    public abstract Task AddAsync(LabPerson person);

    /// <summary>Adds many; override where the system does it faster at once.</summary>
    public virtual async Task AddAsync(IReadOnlyList<LabPerson> people)
    {
        foreach (var person in people)
        {
            await AddAsync(person);
        }
    }

    /// <summary>
    /// Everything that the system's own client tells of every account, by login: attributes, groups, keys, hash. Two equal dumps mean that
    /// nothing was written. Leaves out what changes by reading or signing in (last use).
    /// </summary>
    public abstract Task<IReadOnlyDictionary<string, string>> DumpAsync();

    /// <summary>The state of one account, by the system's own client.</summary>
    public abstract Task<AccountState> StateAsync(string login);

    /// <summary>Signs in as the person would, by the system's own client.</summary>
    /// <exception cref="InvalidOperationException">The system did not answer: neither accepted nor refused.</exception>
    public abstract Task<SignIn> SignInAsync(string login, string password);

    /// <summary>Leaves a session of the person open, or gives null where the system has none.</summary>
    public virtual Task<LabSession?> OpenSessionAsync(string login, string password) => Task.FromResult<LabSession?>(null);

    /// <summary>Gives an account another login, as an administrator would.</summary>
    public virtual Task RenameAsync(string login, string newLogin) => throw new NotSupportedException();

    /// <summary>Other things about a person that must never be shown: hashes, keys. The password is looked for anyway.</summary>
    public virtual Task<IReadOnlyList<string>> SecretsAsync(string login) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Skips the test where the server is not installed; on the build machine, fails it.</summary>
    public void Require()
    {
        if (missing is null)
        {
            return;
        }

        if (LabRun.IsComplete || missing is not LabMissingException)
        {
            Assert.Fail($"The lab's server for {Key} is missing: {missing.Message}");
        }

        Assert.Skip($"The lab's server for {Key} is missing: {missing.Message} (./test --install as root installs it)");
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch (Exception failed) when (failed is LabMissingException or InvalidOperationException or IOException or TimeoutException)
        {
            missing = failed;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the server; <see cref="LabRun.Program"/> tells when it is not installed.</summary>
    protected abstract Task StartAsync();

    /// <summary>Ends what was started, also when only half of it was.</summary>
    protected abstract ValueTask StopAsync();
}

/// <summary>The answer to a sign-in.</summary>
/// <param name="Accepted">The person is in.</param>
/// <param name="Answer">The system's words.</param>
public sealed record SignIn(bool Accepted, string Answer);

/// <summary>A session that a person left open.</summary>
public abstract class LabSession : IAsyncDisposable
{
    /// <summary>Whether the person can still do something through it.</summary>
    public abstract Task<bool> IsAliveAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
