using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Embargoes;

/// <summary>What somebody may ask about: identifiers that exist, or that stand for nothing.</summary>
internal sealed record Traces(Guid Departure, Guid Task, Guid Disconnection, Guid Revocation, Guid Person, Guid Mission, string Family, Guid Account)
{
    /// <summary>What is not of the departure, and that commands are tried on: a system, a user, a question about the end of the mission.</summary>
    public Guid System { get; init; }

    public Guid User { get; init; }

    public Guid Renewal { get; init; }

    /// <summary>The same, of a departure that there is not.</summary>
    public Traces OfNothing() => this with { Departure = Guid.NewGuid(), Task = Guid.NewGuid(), Disconnection = Guid.NewGuid(), Revocation = Guid.NewGuid() };

    /// <summary>A text in which both look alike.</summary>
    public string Blind(string text) => new[] { (Departure, "DEPARTURE"), (Task, "TASK"), (Disconnection, "DISCONNECTION"), (Revocation, "REVOCATION") }
        .Aggregate(Walk.Timeless(text), (all, pair) => all.Replace(pair.Item1.ToString(), pair.Item2, StringComparison.Ordinal).Replace(pair.Item1.ToString("N"), pair.Item2, StringComparison.Ordinal));
}

/// <summary>Somebody who looks.</summary>
/// <param name="Name">As it is told.</param>
/// <param name="Actor">Who.</param>
/// <param name="Http">Their browser, or null: pages and routes show what queries answer, and those who are alike see them alike.</param>
internal sealed record Looker(string Name, Actor Actor, HttpClient? Http);

/// <summary>
/// Asks everything that can be asked: each query, each page and GET route of the running server, each command on a departure, what every other command would answer, and what the engine would write.
/// What is added later is asked too.
/// </summary>
internal sealed partial class Walk(DepartApp app)
{
    private static readonly Type[] Requests = [.. typeof(Server).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false })];

    private static readonly HashSet<Type> OfDepartures =
        [typeof(DepartureId), typeof(Tasks.DepartureTaskId), typeof(Step5Close.Accounts.DisconnectionId), typeof(Step5Close.Accounts.RevocationId)];

    private static readonly Guid Other = Guid.Parse("01a0b0c0-0000-7000-8000-000000000001");

    public static IReadOnlyList<Type> Queries { get; } = [.. Requests.Where(type => Is(type, typeof(IQuery<>)))];

    public static IReadOnlyList<Type> Commands { get; } = [.. Requests.Where(type => Is(type, typeof(ICommand<>))
        && Constructor(type).GetParameters().Any(parameter => OfDepartures.Contains(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) || parameter.Name == "Chain"))];

    /// <summary>
    /// Those on anything else, the engine's apart: an answer might tell all the same, by a refusal or by what it counts. Removing a system must not disturb a cut that is under way, hidden or not: it is
    /// refused with a sentence that fits other causes too.
    /// </summary>
    public static IReadOnlyList<Type> Others { get; } = [.. Requests.Where(type => Is(type, typeof(ICommand<>)) && !Commands.Contains(type) && !OfTheEngine(type) && type != typeof(Step5Close.Accounts.RemoveSystem))];

    private static bool OfTheEngine(Type type) => type.GetProperty("Access", BindingFlags.Static | BindingFlags.Public)?.GetValue(null) is Access { EngineToo: true, AnySignedIn: false, Public: false, Roles.Count: 0 };

    /// <summary>What every command that is on no departure would answer, and what the engine would write now.</summary>
    public async Task<SortedDictionary<string, string>> WouldAsync(Looker looker, Traces traces)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);

        // Whoever holds every role of the house may send whatever one of them may.
        foreach (var type in looker.Name is "hr" or "it" or "rssi" or "auditor" or "admin" ? [] : Others)
        {
            answers[$"{type.Name} would"] = Instant().Replace(Unique().Replace(traces.Blind(await app.WouldAnswerAsync(Make(type, traces, full: true), looker.Actor)), "one"), "then");
        }

        answers["digest"] = await DigestAsync(looker.Actor.User!.Value);
        return answers;
    }

    /// <summary>What the engine would write to a user about their tasks.</summary>
    public Task<string> DigestAsync(Guid user) => app.AsEngineAsync(async services =>
    {
        var reader = await services.GetRequiredService<IUserDirectory>().FindAsync(user, TestContext.Current.CancellationToken);
        return Timeless(System.Text.Json.JsonSerializer.Serialize(await services.GetRequiredService<Tasks.Digests>().OfAsync(reader!, new() { User = user }, TestContext.Current.CancellationToken)));
    });

    /// <summary>Answers of every query, bare and with everything filled in.</summary>
    public async Task<SortedDictionary<string, string>> AskAsync(Looker looker, Traces traces)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in Queries)
        {
            answers[$"{type.Name} bare"] = traces.Blind(await app.AnswerAsync(Make(type, traces, full: false), looker.Actor));
            answers[$"{type.Name} full"] = traces.Blind(await app.AnswerAsync(Make(type, traces, full: true), looker.Actor));
        }

        return answers;
    }

    /// <summary>Answers of every command on a departure.</summary>
    public async Task<SortedDictionary<string, string>> SendAsync(Looker looker, Traces traces)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in Commands)
        {
            answers[type.Name] = traces.Blind(await app.AnswerAsync(Make(type, traces, full: true), looker.Actor));
        }

        return answers;
    }

    /// <summary>Answers of every page and GET route, without and with filters in the address.</summary>
    public async Task<SortedDictionary<string, string>> GetAsync(Looker looker, Traces traces)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (looker.Http is null)
        {
            return answers;
        }

        var filters = $"?search={traces.Family}&person={traces.Person}&chain={traces.Departure:N}&departure={traces.Departure}&group={traces.Departure}&mission={traces.Mission}&state=open&lastDay=2030-01-02&verify=yes";
        foreach (var path in app.Patterns().Select(pattern => Fill(pattern, traces)).Distinct(StringComparer.Ordinal))
        {
            // Wrong links are counted by address, and everybody looks from one: after twenty the answer would be another.
            if (path == "/by-link" && looker.Name is not ("everything" or "manager" or "leaver"))
            {
                continue;
            }

            foreach (var address in path.StartsWith("/api/", StringComparison.Ordinal) ? [path + filters] : new[] { path, path + filters })
            {
                using var answer = await looker.Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                var body = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "a stream" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                answers[traces.Blind(address)] = traces.Blind($"{(int)answer.StatusCode} {answer.Headers.ETag} {answer.Headers.Location} {Plain(body)}");
            }
        }

        return answers;
    }

    /// <summary>Says which answers differ, the first place in each.</summary>
    public static List<string> Differences(SortedDictionary<string, string> some, SortedDictionary<string, string> others)
    {
        Assert.Equal(some.Keys, others.Keys);
        return [.. some.Where(pair => others[pair.Key] != pair.Value).Select(pair => $"{pair.Key}: …{Around(pair.Value, others[pair.Key])}… but …{Around(others[pair.Key], pair.Value)}…")];
    }

    private static string Around(string text, string other)
    {
        var at = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 90)];
    }

    /// <summary>A page without what differs each time: the form's token, the number of an error, whether it was written down yet that the walk's own token was used.</summary>
    private static string Plain(string body) => Used().Replace(Number().Replace(Token().Replace(body, "token"), "trace"), "used or not");

    /// <summary>A text without the instants of this hour: what was read a moment ago, by the walk itself too, was read a moment ago.</summary>
    public static string Timeless(string text) => Instant().Replace(Shown().Replace(UsedToken().Replace(text, ""), "recently"), instant =>
        DateTimeOffset.TryParse(instant.Value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) && (at - TimeProvider.System.GetUtcNow()).Duration() < TimeSpan.FromHours(1) ? "recently" : instant.Value);

    private static bool Is(Type type, Type contract) => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == contract);

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(one => one.GetParameters() is not [var only] || only.ParameterType != type).MaxBy(one => one.GetParameters().Length)!;

    private static object Make(Type type, Traces traces, bool full) => Constructor(type).Invoke(
        [.. Constructor(type).GetParameters().Select(parameter => !full && parameter.HasDefaultValue ? Default(parameter) : Value(parameter.ParameterType, parameter.Name!, traces, full))]);

    private static object? Default(ParameterInfo parameter) => parameter.DefaultValue is DBNull or null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
        ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType)
        : parameter.DefaultValue;

    private static object? Value(Type type, string name, Traces traces, bool full)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        return kind switch
        {
            _ when kind == typeof(DepartureId) => DepartureId.From(traces.Departure),
            _ when kind.GetProperty("Value")?.PropertyType == typeof(Guid) && kind.IsValueType => kind.GetMethod("From", BindingFlags.Static | BindingFlags.Public)!.Invoke(null, [GuidOf(kind.Name, traces)]),
            _ when kind == typeof(Guid) => name is "User" or "Substitute" ? traces.User : traces.Departure,
            _ when kind == typeof(IReadOnlyList<DepartureId>) => new[] { DepartureId.From(traces.Departure) },
            _ when kind == typeof(IReadOnlyDictionary<DepartureId, long>) => new Dictionary<DepartureId, long> { [DepartureId.From(traces.Departure)] = 1 },
            _ when kind == typeof(string) => name switch
            {
                "Search" => traces.Family,
                "Chain" => traces.Departure.ToString("N"),
                "Group" or "Subject" => traces.Departure.ToString(),
                "After" => null,
                _ => "consultant-regie",
            },
            _ when kind == typeof(int) => 50,
            _ when kind == typeof(long) => 1L,
            _ when kind == typeof(bool) => full,
            _ when kind == typeof(DateOnly) => new DateOnly(2030, 1, 2),
            _ when kind == typeof(TimeOnly) => new TimeOnly(12, 0),
            _ when kind == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
            _ when kind == typeof(Microsoft.AspNetCore.Identity.UserPasskeyInfo) => new Microsoft.AspNetCore.Identity.UserPasskeyInfo([1], [1], DateTimeOffset.UnixEpoch, 0, [], true, false, false, [], []),
            _ when kind.IsEnum => Enum.GetValues(kind).GetValue(0),
            _ when kind.IsArray => Array.CreateInstance(kind.GetElementType()!, 0),
            _ when kind.IsAssignableTo(typeof(IEnumerable)) && kind.IsGenericType => null,
            _ when kind.IsClass && Constructor(kind) is not null && kind.Namespace!.StartsWith("Depart", StringComparison.Ordinal) => Make(kind, traces, full: false),
            _ when kind.Namespace == "System" || kind.Namespace!.StartsWith("System.", StringComparison.Ordinal) => kind.IsValueType ? Activator.CreateInstance(kind) : null,
            _ => throw new NotSupportedException($"Say here how to fill {type} {name}: what can be asked is asked by whoever may not know."),
        };
    }

    private static Guid GuidOf(string name, Traces traces) => name switch
    {
        "DepartureTaskId" or "task" or "tasks" => traces.Task,
        "DepartureId" or "departure" or "departures" => traces.Departure,
        "DisconnectionId" or "disconnection" => traces.Disconnection,
        "RevocationId" or "step" or "steps" => traces.Revocation,
        "PersonId" or "person" or "people" => traces.Person,
        "MissionId" or "mission" or "missions" => traces.Mission,
        "AccountId" or "account" or "accounts" => traces.Account,
        "SystemId" or "system" or "systems" => traces.System,
        "UserId" or "user" or "users" => traces.User,
        "RenewalId" or "renewal" or "renewals" => traces.Renewal,
        _ => Other,
    };

    private static string Fill(RoutePattern pattern, Traces traces)
    {
        var (path, before) = (new System.Text.StringBuilder(), "");
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                before = part is RoutePatternLiteralPart literal ? literal.Content : before;
                path.Append(part switch
                {
                    RoutePatternLiteralPart text => text.Content,
                    RoutePatternParameterPart { Name: "code" or "number" or "work" or "sequence" or "Sequence" } => "1",
                    RoutePatternParameterPart { Name: "chain" or "Chain" } => traces.Departure.ToString("N"),
                    RoutePatternParameterPart { Name: "key" or "Key" or "name" } => "consultant-regie",
                    RoutePatternParameterPart { Name: "Id" or "id" } => GuidOf(before, traces).ToString(),
                    RoutePatternParameterPart parameter => GuidOf(parameter.Name, traces).ToString(),
                    _ => "",
                });
            }
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    [GeneratedRegex(@"never used|last used\s+<time[^>]*>[^<]*</time>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Used();

    // The walk's own token: it is written down in passing, some time after it was used.
    [GeneratedRegex(@",""lastUsedAt"":""[^""]*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UsedToken();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instant();

    // Also measures, which say of which minute they are.
    [GeneratedRegex("(?<=>read )<time [^>]*>[^<]*</time>|As of [0-9A-Za-z ]+, [0-9:]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();

    /// <summary>What is made anew each time: identifiers, codes and tokens.</summary>
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Za-z0-9_-]{30,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unique();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("(\"traceId\":\"[^\"]*\"|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
