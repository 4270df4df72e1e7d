using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Depart.Connectors.Lab;

namespace Depart.Connectors;

/// <content>The words in which the facts are told.</content>
public abstract partial class ConnectorContract
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A new instance of the connector, which remembers nothing.</summary>
    protected IConnector Open(Dictionary<string, string>? settings = null)
    {
        var problems = Kind.Read(settings ?? System.Settings(), out var read);
        Assert.True(problems.Count == 0, Say(problems));
        var connector = Kind.Create(read!, new(TimeProvider.System, new(TimeProvider.System)));
        opened.Add(connector);
        return connector;
    }

    /// <summary>Adds a plain person with groups.</summary>
    protected async Task<LabPerson> AddAsync()
    {
        var person = LabPerson.New();
        await System.AddAsync(person);
        return person;
    }

    /// <summary>Finds the person's account, and no other one with that login.</summary>
    protected async Task<AccountRecord> FindAsync(LabPerson person) => Assert.Single(await FindAllAsync(person), account => account.Login == person.Login);

    /// <summary>Every action that the product would call, in the declared order.</summary>
    protected static IReadOnlyList<ActionDescriptor> Callable(IConnector connector) => InOrder(connector.Actions)
        .Where(action => action is { ByHand: false, NeedsNewOwner: false } && action.Phase is not (Phase.DeleteLater or Phase.Verify)).ToList();

    /// <summary>Performs every action in order; each must be done, or be so already.</summary>
    protected static async Task DisconnectAsync(IConnector connector, AccountRecord account)
    {
        foreach (var action in Callable(connector))
        {
            await ApplyAsync(connector, action, account);
        }
    }

    /// <summary>A call for the product's next attempt.</summary>
    protected static ActionCall Call(ActionDescriptor action, AccountRecord account) => Call(action.Key, account.Id);

    /// <summary>A verification as the product asks it.</summary>
    protected static VerificationCall Verify(AccountRecord account) => Verify(account.Id);

    /// <summary>An undo as the product asks it.</summary>
    protected static UndoCall Undo(AccountRecord account, string snapshot) => new() { Account = account.Id, Snapshot = snapshot, IdempotencyKey = Guid.NewGuid().ToString() };

    /// <summary>Everything about an answer, for a message or to look for secrets.</summary>
    protected static string Say(object? answer) => JsonSerializer.Serialize(answer, Readable);

    private static ActionCall Call(ActionDescriptor action, string account) => Call(action.Key, account);

    private static ActionCall Call(string action, string account) => new() { Action = action, Account = account, IdempotencyKey = Guid.NewGuid().ToString(), CutAt = CutAt, Case = "D-2026-001" };

    private static VerificationCall Verify(string account) => new() { Account = account, IdempotencyKey = Guid.NewGuid().ToString(), CutAt = CutAt };

    private static async Task ApplyAsync(IConnector connector, ActionDescriptor action, AccountRecord account)
    {
        var report = await connector.ApplyAsync(Call(action, account), Now);
        Assert.True(report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo && report.Failure is null, $"{action.Key}: {Say(report)}");
        Assert.True((report.Outcome == CallOutcome.Done) == (report.Changes.Count > 0), $"{action.Key}: {Say(report)}");
        Assert.NotEmpty(report.Exchanges);
    }

    private async Task<IReadOnlyList<AccountRecord>> FindAllAsync(LabPerson person) => await Open().FindAsync(person.Hints, Now);

    private async Task<(AccountRecord Account, string Snapshot)> SnapshotAsync(LabPerson person) => await SnapshotAsync(await FindAsync(person));

    private async Task<(AccountRecord Account, string Snapshot)> SnapshotAsync(AccountRecord account)
    {
        var reading = (await Open().ReadAsync([account.Id], ReadDepth.Snapshot, Now))[0];
        Assert.NotNull(reading.Snapshot);
        return (reading.Record!, reading.Snapshot);
    }

    /// <summary>First the phase, then what was declared first, and never before what it waits for; what is in a circle is left out.</summary>
    private static List<ActionDescriptor> InOrder(IReadOnlyList<ActionDescriptor> actions)
    {
        var waiting = actions.OrderBy(action => action.Phase).ToList();
        var ordered = new List<ActionDescriptor>();
        while (waiting.Find(action => action.After.All(after => ordered.Exists(done => done.Key == after.Action))) is { } next)
        {
            ordered.Add(next);
            waiting.Remove(next);
        }

        return ordered;
    }

    /// <summary>An identifier of the same form that no account has.</summary>
    private static string Unknown(string id) => int.TryParse(id, out _) ? "1999999999"
        : Guid.TryParse(id, out _) ? Guid.NewGuid().ToString()
        : string.Concat(id.Select(letter => char.IsAsciiDigit(letter) ? (char)('9' - (letter - '0')) : letter));

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> dump, LabPerson person) =>
        dump.Where(pair => pair.Key != person.Login).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    private static async Task<T?> Claimed<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Both languages, different, with French spaces and apostrophes.</summary>
    private static void Speaks(Bilingual text)
    {
        Assert.False(string.IsNullOrWhiteSpace(text.En) || string.IsNullOrWhiteSpace(text.Fr), Say(text));
        Assert.False(Regex.IsMatch(text.Fr, @"\w'\w| [:;?!»]|« ", RegexOptions.None, TimeSpan.FromSeconds(1)), $"French wants ’ and no-break spaces (\\u00a0) before : ; ? ! » and after «: {text.Fr}");
    }

    private void SkipUnlessServer() => Assert.SkipUnless(System.IsServer, "There is no server to reach.");

    private void SkipUnlessActing() => Assert.SkipUnless(Callable(Open()).Count > 0, "Everything is done by hand on this system.");
}
