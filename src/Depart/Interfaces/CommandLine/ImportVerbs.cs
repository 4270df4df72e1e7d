using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>people import</c> and <c>missions import</c>: the preview, then, unless it is a dry run, the import with its progress.</summary>
internal static class ImportVerbs
{
    private const int Shown = 20;

    private static readonly Words Between = new("; ", "\u00a0; ");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");
    private static readonly Words TooBig = new("{0}: more than 20 MB. Cut it in several files.", "{0} : plus de 20 Mo. Découpez-le en plusieurs fichiers.");
    private static readonly Words Reading = new("Reading {0}…", "Lecture de {0}…");
    private static readonly Words Read = new("{0}: {1}", "{0} : {1}");
    private static readonly Words Note = new("  note: {0}", "  remarque : {0}");
    private static readonly Words Counts = new(
        "{0}: {1} to create, {2} to change, {3} unchanged, {4} refused.", "{0} : {1} à créer, {2} à modifier, {3} sans changement, {4} en refus.");

    private static readonly Words OneLine = new("{0} line", "{0} ligne");
    private static readonly Words ManyLines = new("{0} lines", "{0} lignes");
    private static readonly Words Line = new("  line {0}, {1}: {2}", "  ligne {0}, {1} : {2}");
    private static readonly Words LineOfColumn = new("  line {0}, column {1}: {2}", "  ligne {0}, colonne {1} : {2}");
    private static readonly Words LineAlone = new("  line {0}: {1}", "  ligne {0} : {1}");
    private static readonly Words More = new("  and {0} more: {1}", "  et {0} de plus : {1}");
    private static readonly Words MoreWithJson = new("see them all with --json", "--json les montre toutes");
    private static readonly Words MoreWithRefused = new("--refused FILE.csv writes them all", "--refused FICHIER.csv les écrit toutes");
    private static readonly Words DryRun = new("Dry run: nothing was changed.", "Répétition à blanc : rien n’a été modifié.");
    private static readonly Words Importing = new("Importing: {0}%", "Import : {0} %");
    private static readonly Words Imported = new("Imported: {0} created, {1} changed, {2} unchanged, {3} refused.", "Importé : {0} en création, {1} en modification, {2} sans changement, {3} en refus.");
    private static readonly Words Written = new("Refused lines written to {0}: correct them and import that file.", "Lignes refusées écrites dans {0} : corrigez-les et importez ce fichier.");
    private static readonly Words NothingToDo = new("Nothing to import.", "Rien à importer.");
    private static readonly Words Stopped = new("The import has not advanced for two minutes: look at it on the server ({0}).", "L’import n’avance plus depuis deux minutes : examinez-le sur le serveur ({0}).");

    public static Command Create(string kind, Words about)
    {
        var file = new Argument<string>("file") { Description = Terminal.Say(new("CSV or XLSX, at most 20 MB and 50,000 lines.", "CSV ou XLSX, 20 Mo et 50 000 lignes au plus.")) };
        var dryRun = new Option<bool>("--dry-run") { Description = Terminal.Say(new("Show what would be done, line by line; change nothing.", "Montre ligne à ligne ce qui serait fait ; ne modifie rien.")) };
        var dates = new Option<string?>("--dates") { Description = Terminal.Say(new("Order of the dates in the file: day-first or month-first.", "Ordre des dates du fichier : day-first (jour d’abord) ou month-first (mois d’abord).")) };
        dates.AcceptOnlyFromAmong("day-first", "month-first");
        var refused = new Option<string?>("--refused") { Description = Terminal.Say(new("Write the refused lines, with the reason, to this CSV file.", "Écrit les lignes refusées, avec le motif, dans ce fichier CSV.")) };
        var import = new Command("import", Terminal.Say(about)) { file, dryRun, dates, refused };
        import.SetAction((parsed, cancellation) => RunAsync(
            kind, parsed.GetValue(file)!, parsed.GetValue(dryRun), parsed.GetValue(dates), parsed.GetValue(refused), parsed.GetValue(Terminal.Json), cancellation));
        return import;
    }

    private static async Task<int> RunAsync(string kind, string path, bool dryRun, string? dates, string? refusedPath, bool json, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
        }

        if (new FileInfo(path).Length > Missions.Imports.ImportLimits.Bytes)
        {
            throw new CommandFailed(TooBig.With(path).ToString(), Terminal.ExitFailed);
        }

        using var api = new ApiClient();
        await Console.Error.WriteLineAsync(Reading.With(Path.GetFileName(path)).ToString());
        var preview = await SendAsync(api, kind, path, dates, cancellation);
        var (id, toDo) = (preview["id"]!.ToString(), Number(preview, "create") + Number(preview, "change"));
        if (!json)
        {
            Console.WriteLine(Read.With(Path.GetFileName(path), ApiClient.Words(preview["format"])));
            foreach (var note in preview["notes"]!.AsArray().Concat(preview["columns"]!.AsArray().Select(column => column!["note"])).OfType<JsonNode>())
            {
                Console.WriteLine(Note.With(ApiClient.Words(note)));
            }

            Console.WriteLine(Counts.With(
                Words.Count(Number(preview, "lines"), OneLine, ManyLines), Number(preview, "create"), Number(preview, "change"), Number(preview, "unchanged"), Number(preview, "refused")));
        }

        if (dryRun)
        {
            await ShowPlannedAsync(api, id, json, cancellation);
        }

        var ended = preview;
        if (!dryRun && toDo > 0)
        {
            await api.PostAsync($"/api/v1/imports/{id}/apply", null, cancellation);
            ended = await FollowAsync(api, id, cancellation);
        }

        var refused = Number(ended, "refused");
        await ShowRefusedAsync(api, id, refused, refusedPath, json, cancellation);
        if (!json)
        {
            Console.WriteLine(dryRun ? DryRun.ToString()
                : toDo == 0 ? NothingToDo.ToString()
                : Imported.With(Number(ended, "create"), Number(ended, "change"), Number(ended, "unchanged"), refused).ToString());
        }
        else if (!dryRun)
        {
            Console.WriteLine(ended.ToJsonString());
        }

        return refused == 0 ? Terminal.ExitDone : refused == Number(ended, "lines") ? Terminal.ExitFailed : Terminal.ExitPartly;
    }

    /// <summary>A file that cannot be read is a failure, not a wrong use of the verb.</summary>
    private static async Task<JsonObject> SendAsync(ApiClient api, string kind, string path, string? dates, CancellationToken cancellation)
    {
        try
        {
            return (await api.UploadAsync(
                $"/api/v1/imports?kind={kind}{(dates is null ? "" : $"&dates={dates}")}", await File.ReadAllBytesAsync(path, cancellation), Path.GetFileName(path), cancellation)).AsObject();
        }
        catch (CommandFailed failed) when (failed.ExitCode == Terminal.ExitUsage)
        {
            throw new CommandFailed(failed.Message, Terminal.ExitFailed) { Problem = failed.Problem };
        }
    }

    private static async Task<JsonObject> FollowAsync(ApiClient api, string id, CancellationToken cancellation)
    {
        var (before, still) = (-1, 0);
        while (true)
        {
            var import = (await api.GetAsync($"/api/v1/imports/{id}", cancellation))!.AsObject();
            var percent = (int)(import["progress"]!.GetValue<double>() * 100);
            if (percent != before && (percent / 10 != before / 10 || !Console.IsErrorRedirected))
            {
                await Console.Error.WriteAsync(Console.IsErrorRedirected ? $"{Importing.With(percent)}{Environment.NewLine}" : $"\r{Importing.With(percent)}");
            }

            if (import["state"]!.ToString() == "applied")
            {
                await Console.Error.WriteAsync(Console.IsErrorRedirected ? "" : Environment.NewLine);
                return import;
            }

            (still, before) = percent == before ? (still + 1, before) : (0, percent);
            if (still > 600)
            {
                throw new CommandFailed(Stopped.With(id).ToString(), Terminal.ExitFailed);
            }

            await Task.Delay(200, cancellation);
        }
    }

    private static async Task ShowPlannedAsync(ApiClient api, string id, bool json, CancellationToken cancellation)
    {
        if (json)
        {
            var all = new JsonArray();
            for (string? after = ""; after is not null;)
            {
                var page = (await api.GetAsync($"/api/v1/imports/{id}/lines?size=500{after}", cancellation))!;
                foreach (var line in page["items"]!.AsArray())
                {
                    all.Add(line!.DeepClone());
                }

                after = page["next"] is { } next ? $"&after={next}" : null;
            }

            Console.WriteLine(all.ToJsonString());
            return;
        }

        foreach (var state in new[] { "create", "change" })
        {
            var page = (await api.GetAsync($"/api/v1/imports/{id}/lines?state={state}&size={Shown}", cancellation))!;
            var total = Number((await api.GetAsync($"/api/v1/imports/{id}", cancellation))!.AsObject(), state);
            foreach (var line in page["items"]!.AsArray())
            {
                Console.WriteLine(Line.With(line!["line"], line["name"], string.Join(Between.ToString(), line["changes"]!.AsArray().Select(Change))));
                foreach (var note in line["notes"]!.AsArray())
                {
                    Console.WriteLine("  " + Note.With(ApiClient.Words(note)));
                }
            }

            if (total > Shown)
            {
                Console.WriteLine(More.With(total - Shown, MoreWithJson));
            }
        }
    }

    private static string Change(JsonNode? change) => change!["before"] is { } before
        ? $"{ApiClient.Words(change["label"])} {ApiClient.Words(before)} → {ApiClient.Words(change["after"])}"
        : $"{ApiClient.Words(change["label"])} {ApiClient.Words(change["after"])}";

    private static async Task ShowRefusedAsync(ApiClient api, string id, int refused, string? path, bool json, CancellationToken cancellation)
    {
        if (refused == 0)
        {
            return;
        }

        if (!json)
        {
            foreach (var line in (await api.GetAsync($"/api/v1/imports/{id}/lines?state=refused&size={Shown}", cancellation))!["items"]!.AsArray())
            {
                foreach (var problem in line!["problems"]!.AsArray())
                {
                    await Console.Error.WriteLineAsync((problem!["column"] is { } column
                        ? LineOfColumn.With(line["line"], column, ApiClient.Words(problem["message"]))
                        : LineAlone.With(line["line"], ApiClient.Words(problem["message"]))).ToString());
                }
            }

            if (refused > Shown && path is null)
            {
                await Console.Error.WriteLineAsync(More.With(refused - Shown, MoreWithRefused).ToString());
            }
        }

        if (path is not null)
        {
            await File.WriteAllBytesAsync(path, await api.FileAsync($"/api/v1/imports/{id}/refused.csv", cancellation), cancellation);
            await Console.Error.WriteLineAsync(Written.With(path).ToString());
        }
    }

    private static int Number(JsonObject import, string name) => import[name]!.GetValue<int>();
}
