using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Missions.Imports;
using Depart.Missions.Imports.Nightly;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>nightly</c>: files that are imported by themselves.</summary>
internal static class NightlyVerbs
{
    private static readonly Words NoSuch = new("No nightly import is called {0}.", "Aucun import de nuit ne s’appelle {0}.");
    private static readonly Words MapWrong = new("--map takes TITLE=FIELD, or TITLE= to leave a column out; “{0}” is neither. Fields: {1}.", "--map attend TITRE=CHAMP, ou TITRE= pour laisser une colonne de côté ; « {0} » n’est ni l’un ni l’autre. Champs : {1}.");

    public static Command Create()
    {
        var list = new Command("list", Terminal.Say(new("Nightly imports and their last night.", "Les imports de nuit et leur dernière nuit.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var all = (await api.GetAsync("/api/v1/imports/nightly", cancellation))!.AsArray();
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? all.ToJsonString() : all.Count == 0 ? NightlyText.NoneYet.ToString() : string.Join(Environment.NewLine, all.Select(row => Line(row!))));
            return Terminal.ExitDone;
        });
        var run = Named("run", new("Imports now.", "Importe maintenant."), (api, nightly, cancellation) => api.PostAsync($"/api/v1/imports/nightly/{nightly["id"]}/run", null, cancellation));
        var nights = Named("nights", new("The last nights, as JSON.", "Les dernières nuits, en JSON."), async (api, nightly, cancellation) => (await api.GetAsync($"/api/v1/imports/nightly/{nightly["id"]}", cancellation))!["nights"]!.DeepClone());
        var vanished = Named("vanished", new("What the file speaks of no more, as JSON.", "Ce dont le fichier ne parle plus, en JSON."), (api, nightly, cancellation) => api.GetAsync($"/api/v1/imports/nightly/{nightly["id"]}/vanished", cancellation));
        var remove = Named("remove", new("Takes a nightly import away.", "Supprime un import de nuit."), (api, nightly, cancellation) => api.DeleteAsync($"/api/v1/imports/nightly/{nightly["id"]}", cancellation));
        return new("nightly", Terminal.Say(new("Files that are imported by themselves.", "Les fichiers importés d’eux-mêmes."))) { list, Set(), run, nights, vanished, remove };
    }

    private static Command Set()
    {
        var name = new Argument<string>("name");
        var file = new Option<string>("--file") { Required = true, Description = Terminal.Say(new("A file of the incoming folder, or a pattern.", "Un fichier du dossier d’arrivée, ou un motif.")) };
        var kind = new Option<string>("--kind") { DefaultValueFactory = _ => "people" };
        kind.AcceptOnlyFromAmong("people", "missions", "departures");
        var hour = new Option<TimeOnly?>("--hour");
        var zone = new Option<string?>("--zone");
        var share = new Option<int?>("--most-ended") { Description = Terminal.Say(new("Percent of running missions it may end without asking.", "Part, en pour cent, des missions en cours qu’il peut terminer sans demander.")) };
        var off = new Option<bool>("--off") { Description = Terminal.Say(new("Does not run by itself.", "N’a pas lieu de lui-même.")) };
        var map = new Option<string[]>("--map") { HelpName = "TITLE=FIELD", AllowMultipleArgumentsPerToken = true, Description = Terminal.Say(new("What a column says, whatever its title.", "Ce que dit une colonne, quel que soit son titre.")) };
        var set = new Command("set", Terminal.Say(new("Sets a nightly import up, or changes it.", "Crée ou modifie un import de nuit."))) { name, file, kind, hour, zone, share, off, map };
        set.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var known = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            var body = new SaveNightly.Body(
                parsed.GetValue(name)!, parsed.GetValue(file)!, Enum.Parse<ImportKind>(parsed.GetValue(kind)!, ignoreCase: true), parsed.GetValue(hour), parsed.GetValue(zone), DateOrder.Unknown, parsed.GetValue(share),
                !parsed.GetValue(off), parsed.GetValue(map) is { Length: > 0 } columns ? [.. columns.Select(Column)] : null);
            Console.WriteLine((known is null
                ? await api.PostAsync("/api/v1/imports/nightly", body, cancellation)
                : await api.PutAsync($"/api/v1/imports/nightly/{known["id"]}", body, cancellation))!.ToString());
            return Terminal.ExitDone;
        });
        return set;
    }

    private static MappedColumn Column(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && text[(at + 1)..] is var field && (field.Length == 0 || (Enum.TryParse<ImportField>(field.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known) && Enum.IsDefined(known)))
            ? new(text[..at], field.Length == 0 ? null : Enum.Parse<ImportField>(field.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))
            : throw new CommandFailed(MapWrong.With(text, string.Join(", ", Enum.GetNames<ImportField>())).ToString(), Terminal.ExitUsage);
    }

    private static async Task<JsonNode?> FindAsync(ApiClient api, string name, CancellationToken cancellation) => (await api.GetAsync("/api/v1/imports/nightly", cancellation))!.AsArray()
        .FirstOrDefault(row => string.Equals(row!["name"]!.ToString(), name, StringComparison.OrdinalIgnoreCase) || row["id"]!.ToString() == name);

    private static Command Named(string verb, Words about, Func<ApiClient, JsonNode, CancellationToken, Task<JsonNode?>> act)
    {
        var name = new Argument<string>("name");
        var command = new Command(verb, Terminal.Say(about)) { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var nightly = await FindAsync(api, parsed.GetValue(name)!, cancellation) ?? throw new CommandFailed(NoSuch.With(parsed.GetValue(name)).ToString(), Terminal.ExitFailed);
            if (await act(api, nightly, cancellation) is { } answer)
            {
                Console.WriteLine(answer.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return command;
    }

    private static string Line(JsonNode row)
    {
        var last = row["nights"]!.AsArray().FirstOrDefault();
        var state = last?["state"] is { } word ? ApiClient.Read<ImportState>(word) : (ImportState?)null;
        return $"{row["id"]}  {row["name"]}  {row["file"]}  {row["hour"]}  {(last is null ? "-" : $"{last["at"]} {NightlyText.Of(ApiClient.Read<NightlyResult>(last["result"]), state)}")}";
    }
}
