using Depart.Connectors.Lab;

namespace Depart.Connectors.Manual;

[CollectionDefinition]
public sealed class ManualCollection : ICollectionFixture<PaperSystem>;

/// <summary>The contract of every connector, as far as it can be kept without a server.</summary>
[Collection<ManualCollection>]
public sealed class ManualContract(PaperSystem system) : ConnectorContract(system);

/// <summary>A system that exists on paper only: there is no server, no client, and nothing that a machine could do.</summary>
public sealed class PaperSystem(LabRun run) : LabSystem(run)
{
    public override string Key => "manual";

    public override bool IsServer => false;

    public override bool HasMails => false;

    public override bool HasNames => false;

    public override bool HasPrivileges => false;

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => new()
    {
        ["InstructionsFr"] = "Ouvrir la fiche de la personne dans le logiciel des badges, choisir « Retirer », garder une copie d’écran.",
        ["InstructionsEn"] = "Open the person's card in the badge software, choose Withdraw, keep a screenshot.",
        ["Owner"] = "Accueil du site de Lyon",
    };

    public override Task AddAsync(LabPerson person) => throw new NotSupportedException();

    public override Task<IReadOnlyDictionary<string, string>> DumpAsync() => throw new NotSupportedException();

    public override Task<AccountState> StateAsync(string login) => throw new NotSupportedException();

    public override Task<SignIn> SignInAsync(string login, string password) => throw new NotSupportedException();

    protected override Task StartAsync() => Task.CompletedTask;

    protected override ValueTask StopAsync() => ValueTask.CompletedTask;
}
