using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Missions;
using Depart.Processes;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures</c>.</summary>
internal static class DeparturesVerbs
{
    private static readonly Words NoMission = new("{0} has no mission.", "{0} n’a aucune mission.");

    private static readonly Words StillCut = new(
        "The access of {0} is still cut. What would come back: depart reconnect PERSON --departure {1} --dry-run",
        "Les accès {0} restent coupés. Ce qui reviendrait\u00a0: depart reconnect PERSONNE --departure {1} --dry-run");

    private static readonly Words OneOfBoth = new("Say --person or --mission.", "Indiquez --person ou --mission.");

    private static readonly Words Cut = new("Cut: {0}", "Coupure : {0}");
    private static readonly Words CutMoves = new("Cut: {0} → {1}", "Coupure : {0} → {1}");
    private static readonly Words SuccessorWords = new("Successor, by mail, login or name.", "Repreneur, par adresse, identifiant ou nom.");
    private static readonly Words NothingMoved = new("Nothing was changed: --dry-run.", "Rien n’a été modifié : --dry-run.");
    private static readonly Words Follows = new("Tasks settled: {0}, to do: {1}", "Tâches réglées : {0}, à faire : {1}");
    private static readonly Words HeldBy = new("Open before closing: {0}", "À régler avant la clôture : {0}");

    public static Command Create()
    {
        var person = new Option<string?>("--person");
        var ends = new Option<Guid?>("--mission") { HelpName = "ID", Description = Terminal.Say(new("The mission that ends, as openable lists it.", "La mission qui s’achève, telle que la liste openable.")) };
        var lastDay = Days.Required("--last-day");
        var template = new Option<string?>("--template")
        {
            HelpName = "KEY", Description = Terminal.Say(new("The template of its tasks; otherwise the published one made for such a mission.", "Le modèle de ses tâches ; sinon celui, publié, qui correspond à la mission.")),
        };
        var announce = Days.Optional("--announce-on");
        var embargo = new Option<bool>("--embargo") { Description = Terminal.Say(new("Until the cut, only you and those named know of it.", "Jusqu’à la coupure, personne n’en a connaissance, hormis vous et les personnes nommées.")) };
        var confidants = EmbargoVerbs.Option();
        var successor = new Option<string?>("--successor") { HelpName = "PERSON", Description = SuccessorWords.ToString() };
        var open = new Command("open", Terminal.Say(new("Opens a departure.", "Ouvre un départ."))) { person, ends, lastDay, template, announce, successor, embargo, confidants };
        open.Validators.Add(result =>
        {
            if (result.GetValue(person) is null == result.GetValue(ends) is null)
            {
                result.AddError(OneOfBoth.ToString());
            }
        });
        open.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var mission = parsed.GetValue(ends) ?? await MissionOfAsync(api, parsed.GetValue(person)!, cancellation);
            var id = await api.PostAsync("/api/v1/departures", new OpenDeparture(
                MissionId.From(mission), parsed.GetValue(lastDay), Template: parsed.GetValue(template), AnnounceOn: parsed.GetValue(announce),
                Successor: parsed.GetValue(successor) is { } takesOver ? PersonId.From((await api.PersonAsync(takesOver, cancellation))["id"]!.GetValue<Guid>()) : null, Embargo: parsed.GetValue(embargo),
                Confidants: await EmbargoVerbs.ConfidantsAsync(api, $"/api/v1/missions/{mission}/confidants", null, parsed.GetValue(confidants), cancellation)), cancellation);
            Console.WriteLine(id!.ToString());
            return Terminal.ExitDone;
        });
        var search = new Option<string?>("--search") { Description = Terminal.Say(new("Part of the consultant’s name.", "Une partie du nom du consultant.")) };
        var openable = new Command("openable", Terminal.Say(new("Missions whose departure you may open, the next end first.", "Les missions dont vous pouvez ouvrir le départ, prochaine fin d’abord."))) { search };
        openable.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var page = (await api.GetAsync($"/api/v1/missions/openable?size=200&search={Uri.EscapeDataString(parsed.GetValue(search) ?? "")}", cancellation))!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? page.ToJsonString() : string.Join(Environment.NewLine, page["items"]!.AsArray()
                .Select(row => $"{row!["mission"]}  {row["end"]?.ToString() ?? "-",-10}  {row["name"]} · {row["title"]}{(row["departure"] is { } departure ? $" → {departure}" : "")}")));
            return Terminal.ExitDone;
        });
        var list = List();
        var show = Show();
        var cancel = Verb("cancel", new("Withdraws a departure.", "Annule un départ."), async (api, id, _, cancellation) =>
        {
            var before = (await api.GetAsync($"/api/v1/departures/{id}", cancellation))!;
            var done = await api.PostAsync($"/api/v1/departures/{id}/cancel", null, cancellation);
            if (ApiClient.Read<DepartureState>(before["state"]) is DepartureState.Cut or DepartureState.NeedsAttention)
            {
                await Console.Error.WriteLineAsync(StillCut.With(Said.Of(before["name"]!.ToString()), id).ToString());
            }

            return done;
        });
        var close = Verb("close", new("Closes a departure whose accounts are cut and whose blocking tasks are settled.", "Clôt un départ dont les comptes sont coupés et les tâches bloquantes réglées."), (api, id, _, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/close", null, cancellation));
        var reschedule = Reschedule();
        var choices = new Argument<string[]>("choices")
        {
            HelpName = "SYSTEM=ACCOUNT", Arity = ArgumentArity.OneOrMore,
            Description = Terminal.Say(new("A system and the account that takes over; nothing behind the equals sign withdraws the choice.", "Un système et le compte qui reçoit ; rien après le signe égal retire le choix.")),
        };
        choices.Validators.Add(result => DisconnectionVerbs.CheckOwners(result.Tokens.Select(token => token.Value), result.AddError));
        var newOwner = Verb("new-owner", new("Says who takes over what the leaver owns, for the cut to come.", "Indique qui reprend ce que la personne possède, pour la coupure à venir."), (api, id, parsed, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/new-owners", new ChooseNewOwners.Body(ChooseNewOwners.Read(parsed.GetValue(choices))!), cancellation));
        newOwner.Arguments.Add(choices);
        var (away, by, tasksTo, order) = (Choices.Required<LeaverPresence>("--is"), new Option<string?>("--replaced-by") { HelpName = "PERSON" }, new Option<string?>("--tasks-to") { HelpName = "USER" }, new Option<bool>("--continue-order"));
        var presence = Verb("presence", new("Says that the consultant is absent or replaced, or present again.", "Indique que le consultant est absent ou remplacé, ou de nouveau présent."), async (api, id, parsed, cancellation) =>
            await api.PostAsync($"/api/v1/departures/{id}/presence", new NotePresence.Body(
                parsed.GetValue(away), parsed.GetValue(by) is { } who ? PersonId.From((await api.PersonAsync(who, cancellation))["id"]!.GetValue<Guid>()) : null, parsed.GetValue(order),
                parsed.GetValue(tasksTo) is { } user ? (await EmbargoVerbs.ConfidantsAsync(api, $"/api/v1/departures/{id}/assignees", null, [user], cancellation))[0] : null), cancellation));
        presence.Options.Add(away);
        presence.Options.Add(by);
        presence.Options.Add(tasksTo);
        presence.Options.Add(order);
        return new("departures", Terminal.Say(new("Departures.", "Les départs."))) { open, openable, TogetherVerb.Create(), ImportVerbs.Create("departures", new("Opens departures from a file.", "Ouvre des départs à partir d’un fichier.")), list, show, ActivityVerb.Create(), reschedule, cancel, close, newOwner, Newer(), presence, EmbargoVerbs.Create(), DoorVerbs.Create() };
    }

    /// <summary>What a newer version of the template adds, and taking it over.</summary>
    private static Command Newer()
    {
        var id = new Argument<string>("id");
        var take = new Option<string[]>("--take")
        {
            HelpName = "TASK", AllowMultipleArgumentsPerToken = true, Description = Terminal.Say(new("Tasks to take over, by their keys; “all” for all.", "Les tâches à reprendre, par leur clé ; « all » pour toutes.")),
        };
        var newer = new Command("newer-version", Terminal.Say(new("What a newer version of its template adds; takes it over.", "Ce qu’ajoute une version plus récente de son modèle ; reprend les tâches choisies."))) { id, take };
        newer.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(id)!)}/newer-version";
            var view = (await api.GetAsync(path, cancellation))!;
            var added = view["added"]!.AsArray().Select(task => task!["key"]!.ToString()).ToList();
            if (parsed.GetValue(take) is { Length: > 0 } keys)
            {
                await api.PostAsync(path, new TakeOverTasks.Body(view["newer"]?.GetValue<int>() ?? 0, keys is ["all"] ? added : keys), cancellation);
                view = (await api.GetAsync(path, cancellation))!;
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(view.ToJsonString());
                return Terminal.ExitDone;
            }

            Console.Error.WriteLine(view["newer"] is { } number
                ? NewerVersionText.Exists.With(number, ApiClient.Words(view["title"]), view["number"]) : NewerVersionText.Newest.With(ApiClient.Words(view["title"])));
            foreach (var task in view["added"]!.AsArray())
            {
                Console.WriteLine($"{task!["key"],-30}  {task["dueAt"]}  {ApiClient.Words(task["title"])}");
            }

            return Terminal.ExitDone;
        });
        return newer;
    }

    /// <summary>Filters as on the page; names of units and suppliers as the record writes them.</summary>
    private static Command List()
    {
        var search = new Option<string?>("--search") { HelpName = "NAME", Description = Terminal.Say(new("Part of the consultant’s name.", "Une partie du nom du consultant.")) };
        var state = Choices.Optional<DepartureState>("--state");
        var late = new Option<bool>("--late") { Description = Terminal.Say(new("With late tasks.", "Avec des tâches en retard.")) };
        var step = new Option<int?>("--step") { HelpName = "1-7", Description = Terminal.Say(new("Something is left to do in this step.", "Il reste à faire à cette étape.")) };
        var unit = new Option<string?>("--unit");
        var supplier = new Option<string?>("--supplier") { HelpName = "NAME" };
        var (from, to) = (Days.Optional("--from"), Days.Optional("--to"));
        var list = new Command("list", Terminal.Say(new("Departures, by the instant of their cut.", "Les départs, par instant de coupure."))) { search, state, late, step, unit, supplier, from, to };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var id = parsed.GetValue(supplier) is { } name ? (await SuppliersVerbs.FindAsync(api, name, cancellation))["id"]!.ToString() : null;
            var query = QueryString.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["size"] = "200",
                ["search"] = parsed.GetValue(search),
                ["state"] = parsed.GetValue(state)?.ToString(),
                ["late"] = parsed.GetValue(late) ? "true" : null,
                ["step"] = parsed.GetValue(step)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["unit"] = parsed.GetValue(unit),
                ["supplier"] = id,
                ["from"] = DepartureFilter.Day(parsed.GetValue(from)),
                ["to"] = DepartureFilter.Day(parsed.GetValue(to)),
            }.Where(pair => pair.Value is not null));
            var all = new JsonArray();
            for (string? after = ""; after is not null;)
            {
                var page = (await api.GetAsync($"/api/v1/departures{query}{after}", cancellation))!;
                foreach (var row in page["items"]!.AsArray())
                {
                    all.Add(row!.DeepClone());
                    if (!parsed.GetValue(Terminal.Json))
                    {
                        Console.WriteLine(Line(row!));
                    }
                }

                after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.ToString())}" : null;
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(new JsonObject { ["items"] = all, ["next"] = null }.ToJsonString());
            }
            else if (all.Count == 0)
            {
                await Console.Error.WriteLineAsync(DeparturesText.NoneFound.ToString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static async Task<Guid> MissionOfAsync(ApiClient api, string person, CancellationToken cancellation)
    {
        var found = await api.PersonAsync(person, cancellation);
        return found["missions"]!.AsArray().FirstOrDefault()?["id"]?.GetValue<Guid>() ?? throw new CommandFailed(NoMission.With(found["name"]).ToString(), Terminal.ExitFailed);
    }

    private static string Line(JsonNode row) =>
        $"{row["id"]}  {row["lastDay"]}  {DeparturesText.Of(ApiClient.Read<DepartureState>(row["state"])).ToString(),-16}  {row["name"]} · {row["mission"]}";

    private static Command Verb(string name, Words about, Func<ApiClient, string, ParseResult, CancellationToken, Task<JsonNode?>> call)
    {
        var id = new Argument<string>("id");
        var verb = new Command(name, Terminal.Say(about)) { id };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var key = Uri.EscapeDataString(parsed.GetValue(id)!);
            await call(api, key, parsed, cancellation);
            var row = (await api.GetAsync($"/api/v1/departures/{key}", cancellation))!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
            return Terminal.ExitDone;
        });
        return verb;
    }

    private static Command Show()
    {
        var id = new Argument<string>("id");
        var show = new Command("show", Terminal.Say(new("Shows a departure: where it stands, and what is open.", "Montre un départ : où il en est, et ce qui reste ouvert."))) { id };
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(id)!)}";
            var row = (await api.GetAsync(path, cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(row.ToJsonString());
                return Terminal.ExitDone;
            }

            var tasks = (await api.GetAsync(path + "/tasks", cancellation))!.AsArray();
            var open = tasks.Where(task => ApiClient.Read<DepartureTaskState>(task!["state"]) is DepartureTaskState.Open or DepartureTaskState.Waiting).ToList();
            Console.WriteLine(Line(row));
            Console.WriteLine("  " + Cut.With(At(row["cutAt"]!, row["zone"]!)));
            Console.WriteLine("  " + Follows.With(tasks.Count - open.Count, open.Count));
            if (open.Where(task => (bool)task!["blocking"]!).Select(task => ApiClient.Words(task!["title"])).ToList() is { Count: > 0 } holding)
            {
                Console.WriteLine("  " + HeldBy.With(string.Join(", ", holding)));
            }

            return Terminal.ExitDone;
        });
        return show;
    }

    /// <summary>Moves the last day, after showing what moves with it.</summary>
    private static Command Reschedule()
    {
        var (id, lastDay) = (new Argument<string>("id"), Days.Required("--last-day"));
        var dryRun = new Option<bool>("--dry-run") { Description = Terminal.Say(new("Shows what would move, moves nothing.", "Montre ce qui se déplacerait, sans rien déplacer.")) };
        var reschedule = new Command("reschedule", Terminal.Say(new("Moves the last day, and says what moves with it.", "Déplace le dernier jour, et dit ce qui se déplace avec lui."))) { id, lastDay, dryRun };
        reschedule.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(id)!)}";
            var foreseen = (await api.GetAsync($"{path}/reschedule?lastDay={DepartureFilter.Day(parsed.GetValue(lastDay))}", cancellation))!;
            if (!parsed.GetValue(dryRun))
            {
                await api.PostAsync($"{path}/reschedule", new RescheduleDeparture.Body(parsed.GetValue(lastDay), null, null), cancellation);
            }

            var row = (await api.GetAsync(path, cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine((parsed.GetValue(dryRun) ? foreseen : row).ToJsonString());
                return Terminal.ExitDone;
            }

            Console.WriteLine(Line(row));
            Console.WriteLine("  " + CutMoves.With(At(foreseen["cutFrom"]!, row["zone"]!), At(foreseen["cutTo"]!, row["zone"]!)));
            foreach (var move in foreseen["tasks"]!.AsArray())
            {
                Console.WriteLine($"  {At(move!["from"]!, row["zone"]!)} → {At(move["to"]!, row["zone"]!)}  {ApiClient.Words(move["title"])}");
            }

            if (parsed.GetValue(dryRun))
            {
                await Console.Error.WriteLineAsync(NothingMoved.ToString());
            }

            return Terminal.ExitDone;
        });
        return reschedule;
    }

    /// <summary>An instant on the clock of the departure.</summary>
    private static string At(JsonNode instant, JsonNode zone) => TimeZoneInfo.ConvertTime(instant.GetValue<DateTimeOffset>(), LocalInstant.FindZone(zone.ToString()) ?? TimeZoneInfo.Utc)
        .ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
