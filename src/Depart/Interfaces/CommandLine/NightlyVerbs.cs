using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Missions.Imports;
using Depart.Missions.Imports.Nightly;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>nightly</c>: files that are imported by themselves.</summary>
internal static class NightlyVerbs
{
    private static readonly Words NoSuch = new("No nightly import is called {0}.", "Aucun import de nuit ne s’appelle {0}.");
    private static readonly Words NothingGone = new("Nothing has vanished from the file.", "Rien n’a disparu du fichier.");
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
        var run = Named("run", new("Imports now.", "Importe maintenant."), async (api, nightly, parsed, cancellation) =>
        {
            await api.PostAsync($"/api/v1/imports/nightly/{nightly["id"]}/run", null, cancellation);
            await Console.Error.WriteLineAsync(NightlyText.RunsNow.ToString());
        });
        var nights = Named("nights", new("The last nights, the latest first.", "Les dernières nuits, la plus récente d’abord."), async (api, nightly, parsed, cancellation) =>
            Print(parsed, (await api.GetAsync($"/api/v1/imports/nightly/{nightly["id"]}", cancellation))!["nights"]!.AsArray(), Night, NightlyText.NoNight));
        var vanished = Named("vanished", new("What the file speaks of no more.", "Ce dont le fichier ne parle plus."), async (api, nightly, parsed, cancellation) =>
            Print(parsed, (await api.GetAsync($"/api/v1/imports/nightly/{nightly["id"]}/vanished", cancellation))!.AsArray(), Gone, NothingGone));
        var remove = Named("remove", new("Takes a nightly import away.", "Supprime un import de nuit."), async (api, nightly, parsed, cancellation) =>
        {
            await api.DeleteAsync($"/api/v1/imports/nightly/{nightly["id"]}", cancellation);
            await Console.Error.WriteLineAsync(NightlyText.Removed.ToString());
        });
        return new("nightly", Terminal.Say(new("Files that are imported by themselves.", "Les fichiers importés d’eux-mêmes."))) { list, Set(), run, nights, vanished, remove };
    }

    private static Command Set()
    {
        var name = new Argument<string>("name");
        var file = new Option<string>("--file") { Required = true, Description = Terminal.Say(new("A file of the incoming folder, or a pattern.", "Un fichier du dossier d’arrivée, ou un motif.")) };
        var kind = new Option<string>("--kind") { DefaultValueFactory = _ => "people" };
        kind.AcceptOnlyFromAmong("people", "missions", "departures");
        var hour = Days.Hour("--hour");
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
            _ = known is null
                ? await api.PostAsync("/api/v1/imports/nightly", body, cancellation)
                : await api.PutAsync($"/api/v1/imports/nightly/{known["id"]}", body, cancellation);
            await Console.Error.WriteLineAsync(NightlyText.Saved.ToString());
            var row = (await FindAsync(api, parsed.GetValue(name)!, cancellation))!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
            return Terminal.ExitDone;
        });
        return set;
    }

    private static MappedColumn Column(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && text[(at + 1)..] is var field && (field.Length == 0 || (Enum.TryParse<ImportField>(field.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known) && Enum.IsDefined(known)))
            ? new(text[..at], field.Length == 0 ? null : Enum.Parse<ImportField>(field.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))
            : throw new CommandFailed(MapWrong.With(text, string.Join(", ", Enum.GetNames<ImportField>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))).ToString(), Terminal.ExitUsage);
    }

    private static async Task<JsonNode?> FindAsync(ApiClient api, string name, CancellationToken cancellation) => (await api.GetAsync("/api/v1/imports/nightly", cancellation))!.AsArray()
        .FirstOrDefault(row => string.Equals(row!["name"]!.ToString(), name, StringComparison.OrdinalIgnoreCase) || row["id"]!.ToString() == name);

    private static Command Named(string verb, Words about, Func<ApiClient, JsonNode, ParseResult, CancellationToken, Task> act)
    {
        var name = new Argument<string>("name");
        var command = new Command(verb, Terminal.Say(about)) { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await act(api, await FindAsync(api, parsed.GetValue(name)!, cancellation) ?? throw new CommandFailed(NoSuch.With(parsed.GetValue(name)).ToString(), Terminal.ExitFailed), parsed, cancellation);
            return Terminal.ExitDone;
        });
        return command;
    }

    private static void Print(ParseResult parsed, JsonArray rows, Func<JsonNode, string> line, Words none) =>
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? rows.ToJsonString() : rows.Count == 0 ? none.ToString() : string.Join(Environment.NewLine, rows.Select(row => line(row!))));

    private static string Line(JsonNode row)
    {
        var last = row["nights"]!.AsArray().FirstOrDefault();
        return $"{row["id"]}  {row["name"]}  {row["file"]}  {row["hour"]!.ToString()[..5]}  {(last is null ? "–" : Night(last))}";
    }

    private static string Night(JsonNode night)
    {
        var state = night["state"] is { } word ? ApiClient.Read<ImportState>(word) : (ImportState?)null;
        return $"{At(night["at"]!)}  {NightlyText.Of(ApiClient.Read<NightlyResult>(night["result"]), state)}{(night["import"] is null ? "" : $"  {NightlyText.Figures.With(night["create"], night["change"], night["refused"])}")}";
    }

    private static string Gone(JsonNode row) => $"{At(row["goneAt"]!)}  {row["name"]}{(row["title"] is { } title ? $" · {title}" : "")}";

    private static string At(JsonNode instant) => instant.GetValue<DateTimeOffset>().ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
