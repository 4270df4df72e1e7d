using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Foundation;
using Depart.Missions;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures</c>.</summary>
internal static class DeparturesVerbs
{
    private static readonly Words NoMission = new("{0} has no mission.", "{0} n’a aucune mission.");

    private static readonly Words OneOfBoth = new("Say --person or --mission.", "Indiquez --person ou --mission.");

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
        var open = new Command("open", Terminal.Say(new("Opens a departure.", "Ouvre un départ."))) { person, ends, lastDay, template, announce };
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
            var id = await api.PostAsync("/api/v1/departures", new OpenDeparture(MissionId.From(mission), parsed.GetValue(lastDay), Template: parsed.GetValue(template), AnnounceOn: parsed.GetValue(announce)), cancellation);
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
        var list = new Command("list", Terminal.Say(new("Departures, the next cut first.", "Les départs, prochaine coupure d’abord.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var page = (await api.GetAsync("/api/v1/departures?size=200", cancellation))!;
            foreach (var row in parsed.GetValue(Terminal.Json) ? [] : page["items"]!.AsArray())
            {
                Console.WriteLine(Line(row!));
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(page.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        var show = Verb("show", new("Shows a departure.", "Montre un départ."), (api, id, _, cancellation) => api.GetAsync($"/api/v1/departures/{id}", cancellation));
        var cancel = Verb("cancel", new("Withdraws a departure.", "Annule un départ."), (api, id, _, cancellation) => api.PostAsync($"/api/v1/departures/{id}/cancel", null, cancellation));
        var close = Verb("close", new("Closes a departure whose accounts are cut and whose blocking tasks are settled.", "Clôt un départ dont les comptes sont coupés et les tâches bloquantes réglées."), (api, id, _, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/close", null, cancellation));
        var newDay = Days.Required("--last-day");
        var reschedule = Verb("reschedule", new("Moves the last day.", "Déplace le dernier jour."), (api, id, parsed, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/reschedule", new RescheduleDeparture.Body(parsed.GetValue(newDay), null, null), cancellation));
        reschedule.Options.Add(newDay);
        var choices = new Argument<string[]>("choices")
        {
            HelpName = "SYSTEM=ACCOUNT", Arity = ArgumentArity.OneOrMore,
            Description = Terminal.Say(new("A system and the account that takes over; nothing behind the equals sign withdraws the choice.", "Un système et le compte repreneur ; rien après le signe égal retire le choix.")),
        };
        choices.Validators.Add(result => DisconnectionVerbs.CheckOwners(result.Tokens.Select(token => token.Value), result.AddError));
        var newOwner = Verb("new-owner", new("Says who takes over what the leaver owns, for the cut to come.", "Indique qui reprend ce que la personne possède, pour la coupure à venir."), (api, id, parsed, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/new-owners", new ChooseNewOwners.Body(ChooseNewOwners.Read(parsed.GetValue(choices))!), cancellation));
        newOwner.Arguments.Add(choices);
        return new("departures", Terminal.Say(new("Departures.", "Les départs."))) { open, openable, ImportVerbs.Create("departures", new("Opens departures from a file.", "Ouvre des départs à partir d’un fichier.")), list, show, reschedule, cancel, close, newOwner };
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
            if (await call(api, Uri.EscapeDataString(parsed.GetValue(id)!), parsed, cancellation) is { } answer)
            {
                Console.WriteLine(parsed.GetValue(Terminal.Json) || answer is not JsonObject row || row["mission"] is null ? answer.ToJsonString() : Line(row));
            }

            return Terminal.ExitDone;
        });
        return verb;
    }
}
