namespace Depart.Connectors.Scim;

/// <summary>Any SCIM 2.0 service provider (RFC 7643, RFC 7644). The key of an account is its SCIM <c>id</c>.</summary>
[Connector("scim", "SCIM 2.0 application", "Application SCIM 2.0",
    AboutEn = "Any application that manages its users by SCIM 2.0.", AboutFr = "Toute application qui gère ses utilisateurs par SCIM 2.0.")]
public sealed class ScimConnector : IConnector
{
    private readonly ScimClient client;
    private readonly ScimAccounts accounts;
    private readonly ScimActions actions;
    private readonly ScimVerification verification;
    private readonly ScimUndo undo;

    /// <summary>Prepares the connector; nothing is sent.</summary>
    public ScimConnector(ScimSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        client = new(settings, context);
        var groups = new ScimGroups(client);
        accounts = new(settings, client, groups);
        actions = new(client, accounts, groups, new(client));
        verification = new(client, accounts, context.Clock);
        undo = new(accounts, actions, groups);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions => ScimActions.All;

    /// <inheritdoc/>
    public bool CountsRequests => true;

    /// <inheritdoc/>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        var users = await client.SendAsync(HttpMethod.Get, "Users?count=1", null, cancellation);
        if (users.Failure is { } failure)
        {
            return new(failure.Kind == FailureKind.RightMissing)
            {
                Failure = failure,
                Rights = failure.Kind != FailureKind.RightMissing ? [] : [new(new("Read users", "Lire les utilisateurs"), RightState.Missing, failure.Remedy)],
            };
        }

        if (users.Body?.Text("totalResults") is null)
        {
            return new(false) { Failure = client.Garbage() };
        }

        var teams = await client.SendAsync(HttpMethod.Get, "Groups?count=1", null, cancellation);
        return new(true)
        {
            Server = client.Host,
            Rights =
            [
                new(new("Read users", "Lire les utilisateurs"), RightState.Held),
                new(new("Read groups", "Lire les groupes"),
                    teams.Failure is null || teams.IsUnsupported ? RightState.Held : RightState.Missing, teams.Failure?.Remedy ?? teams.Failure?.What),
                new(new("Change users and groups (told only by writing)", "Modifier utilisateurs et groupes (ne se vérifie qu’en écrivant)"), RightState.NotChecked),
            ],
        };
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AccountRecord> EnumerateAsync(CancellationToken cancellation) => accounts.EnumerateAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        return accounts.FindAsync(person, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        return this.accounts.ReadAsync(accounts, depth, cancellation);
    }

    /// <inheritdoc/>
    public Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return actions.ApplyAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return actions.ApplyAllAsync(calls, cancellation);
    }

    /// <inheritdoc/>
    public Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return verification.VerifyAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return undo.UndoAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
