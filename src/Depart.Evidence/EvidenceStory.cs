using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>A text in both languages, as the journal holds it.</summary>
internal sealed record Told(string En, string Fr)
{
    public string In(bool french) => french ? Fr : En;
}

/// <summary>One entry, read for people.</summary>
internal sealed record StoryEntry(long Sequence, DateTimeOffset At, string Kind, JsonElement Values, string? By, string Via, IReadOnlyDictionary<string, string> Personal, int Erased, string Hash);

/// <summary>One step of one attempt: what was asked of the system, and what was seen.</summary>
internal sealed record StoryStep(string Action, DateTimeOffset? At, string Outcome, string? Failure, string? StateRead, string? Proof)
{
    public Told? Why { get; init; }

    public IReadOnlyList<(string Request, string Answer)> Exchanges { get; init; } = [];

    public IReadOnlyList<(Told What, bool Passed, string Answer)> Checks { get; init; } = [];

    public IReadOnlyList<(string What, string? Before, string? After)> Changes { get; init; } = [];

    public IReadOnlyList<(Told What, DateTimeOffset? Until)> Residuals { get; init; } = [];
}

/// <summary>One attempt at an account, or a person's decision about one of its steps.</summary>
internal sealed record StoryAttempt(StoryEntry Entry, IReadOnlyList<StoryStep> Steps, string? DecidedAction = null, string? Decision = null, string? Why = null)
{
    /// <summary>Who takes over, by that decision.</summary>
    public string? NewOwner { get; init; }
}

/// <summary>One step that was planned.</summary>
/// <param name="Action">The connector's action.</param>
/// <param name="Title">Its title.</param>
/// <param name="LeftOut">Why nothing was to be changed by it, or null.</param>
/// <param name="NewOwner">Who was to take over what the account owns, or null.</param>
internal sealed record StoryPlanned(string Action, Told Title, Told? LeftOut, string? NewOwner);

/// <summary>One account of a disconnection.</summary>
internal sealed class StoryAccount
{
    public required string Id { get; init; }

    public string? System { get; set; }

    public string? Connector { get; set; }

    public string? Login { get; set; }

    /// <summary>Why the plan leaves it alone, or null.</summary>
    public Told? Untouched { get; set; }

    public List<StoryPlanned> Planned { get; } = [];

    public List<StoryAttempt> Attempts { get; } = [];

    public string Verdict { get; set; } = "Pending";

    public string? Proof { get; set; }

    public DateTimeOffset? ResidualUntil { get; set; }

    /// <summary>The reading that the verdict stands on: the last one of a verification.</summary>
    public (StoryStep Step, StoryEntry Entry)? LastReading => Attempts.SelectMany(attempt => attempt.Steps.Select(step => (step, attempt.Entry)))
        .Where(pair => pair.step.Action == "verify" && pair.step.StateRead is not null).Select(pair => ((StoryStep, StoryEntry)?)pair).LastOrDefault();
}

/// <summary>One disconnection.</summary>
internal sealed class StoryRun
{
    public required string Id { get; init; }

    public StoryEntry? Planned { get; set; }

    public StoryEntry? Started { get; set; }

    public StoryEntry? Ended { get; set; }

    public DateTimeOffset? At { get; set; }

    public bool Immediate { get; set; }

    public string? State { get; set; }

    /// <summary>Systems that did not answer the search, and accounts left open.</summary>
    public string? Unsearched { get; set; }

    public List<StoryAccount> Accounts { get; } = [];

    public StoryAccount Account(string id)
    {
        var account = Accounts.Find(known => known.Id == id);
        if (account is null)
        {
            account = new() { Id = id };
            Accounts.Add(account);
        }

        return account;
    }
}

/// <summary>A chain read for people: only what the entries hold, so that whoever has the archive can tell the same story.</summary>
internal sealed class EvidenceStory
{
    public List<StoryEntry> Entries { get; } = [];

    public List<StoryRun> Runs { get; } = [];

    public string Chain { get; private set; } = "";

    public string? Person { get; private set; }

    public JsonElement? Departure { get; private set; }

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The story was asked for without names.</summary>
    public bool WithoutPersonal { get; private init; }

    public static EvidenceStory Of(IEnumerable<byte[]> entries, IEnumerable<(long Sequence, PersonalValue Value)>? personal)
    {
        var story = new EvidenceStory { WithoutPersonal = personal is null };
        var values = (personal ?? []).ToLookup(pair => pair.Sequence, pair => pair.Value);
        foreach (var bytes in entries)
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var sequence = root.GetProperty("seq").GetInt64();
            var kept = values[sequence].ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
            var entry = new StoryEntry(
                sequence, Instant(root, "at") ?? default, Text(root, "kind") ?? "", root.GetProperty("values").Clone(), kept.GetValueOrDefault("byName"),
                Text(root.GetProperty("values"), "via") ?? "", kept, root.GetProperty("personal").EnumerateObject().Count(name => !kept.ContainsKey(name.Name)), JournalEntry.Hash(bytes));
            story.Chain = Text(root, "chain") ?? "";
            story.Entries.Add(entry);
            story.Take(entry);
        }

        return story;
    }

    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    public static DateTimeOffset? Instant(JsonElement parent, string name) =>
        DateTimeOffset.TryParse(Text(parent, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private static IEnumerable<JsonElement> List(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    private static Told? Both(JsonElement parent, string name) =>
        Text(parent, name + "En") is { } english ? new(english, Text(parent, name + "Fr") ?? english) : null;

    private void Take(StoryEntry entry)
    {
        if (entry.Kind.StartsWith("departure.", StringComparison.Ordinal))
        {
            Departure = entry.Values;
            Zone = Text(entry.Values, "zone") is { } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : Zone;
        }

        if (Text(entry.Values, "disconnection") is { } id)
        {
            var run = Runs.Find(known => known.Id == id);
            if (run is null)
            {
                run = new() { Id = id };
                Runs.Add(run);
            }

            Take(run, entry);
        }
        else if (entry.Kind == "revocation.decided" && Text(entry.Values, "account") is { } account && Runs.FindLast(run => run.Started is not null) is { } last)
        {
            last.Account(account).Attempts.Add(new(
                entry, [], Text(entry.Values, "action"), Text(entry.Values, "decision"), entry.Personal.GetValueOrDefault("why"))
            {
                NewOwner = entry.Personal.GetValueOrDefault("newOwner"),
            });
        }
    }

    private void Take(StoryRun run, StoryEntry entry)
    {
        switch (entry.Kind)
        {
            case "disconnection.planned":
                run.Planned = entry;
                run.At = Instant(entry.Values, "startsAt");
                Person = entry.Personal.GetValueOrDefault("person") ?? Person;
                Plan(run, entry);
                break;
            case "disconnection.started":
                run.Started = entry;
                run.At = Instant(entry.Values, "startedAt") ?? run.At;
                run.Immediate = entry.Values.TryGetProperty("immediate", out var immediate) && immediate.ValueKind == JsonValueKind.True;
                run.Unsearched = entry.Personal.GetValueOrDefault("unsearched");
                break;
            case "revocation.attempted" when Text(entry.Values, "account") is { } account:
                run.Account(account).Attempts.Add(new(entry, Steps(entry)));
                break;
            case "disconnection.ended":
                run.Ended = entry;
                run.State = Text(entry.Values, "state");
                foreach (var claim in List(entry.Values, "accounts"))
                {
                    var told = run.Account(Text(claim, "account") ?? "?");
                    (told.Verdict, told.Proof, told.ResidualUntil) = (Text(claim, "verdict") ?? "Unknown", Text(claim, "proof"), Instant(claim, "residualUntil"));
                }

                break;
        }
    }

    private static void Plan(StoryRun run, StoryEntry entry)
    {
        var logins = Json(entry.Personal.GetValueOrDefault("logins"));
        var owners = Json(entry.Personal.GetValueOrDefault("newOwners"));
        foreach (var planned in List(entry.Values, "accounts"))
        {
            var account = run.Account(Text(planned, "account") ?? "?");
            (account.System, account.Connector, account.Untouched) = (Text(planned, "systemName"), Text(planned, "connector"), Both(planned, "untouched"));
            account.Login = logins is { } named ? Text(named, account.Id) : null;
        }

        foreach (var step in List(entry.Values, "steps"))
        {
            var action = Text(step, "action") ?? "?";
            run.Account(Text(step, "account") ?? "?").Planned.Add(new(
                action, Both(step, "title") ?? new(action, action), Both(step, "leftOut"), owners is { } named ? Text(named, Text(step, "revocation") ?? "") : null));
        }
    }

    /// <summary>The steps tried, each with what the personal value <c>seen</c> still says of it; they stand in the same order.</summary>
    private static List<StoryStep> Steps(StoryEntry entry)
    {
        var seen = Json(entry.Personal.GetValueOrDefault("seen")) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        return [.. List(entry.Values, "steps").Select((step, index) =>
        {
            var told = index < seen.Count ? seen[index] : default;
            return new StoryStep(Text(step, "action") ?? "?", Instant(step, "at"), Text(step, "outcome") ?? "?", Text(step, "failure"), Text(step, "stateRead"), Text(step, "proof"))
            {
                Why = Both(told, "why"),
                Exchanges = [.. List(told, "exchanges").Select(one => (Text(one, "request") ?? "", Text(one, "answer") ?? ""))],
                Checks = [.. List(told, "checks").Select(one => (Both(one, "what") ?? new("", ""), one.TryGetProperty("passed", out var passed) && passed.ValueKind == JsonValueKind.True, Text(one, "answer") ?? ""))],
                Changes = [.. List(told, "changes").Select(one => (Text(one, "what") ?? "", Text(one, "before"), Text(one, "after")))],
                Residuals = [.. List(told, "residuals").Select(one => (Both(one, "what") ?? new("", ""), Instant(one, "until")))],
            };
        })];
    }

    private static JsonElement? Json(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
