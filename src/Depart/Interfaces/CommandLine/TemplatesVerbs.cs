using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Processes;
using Depart.Processes.Yaml;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>templates</c>: process templates as files. Validation needs no server.</summary>
internal static class TemplatesVerbs
{
    private static readonly Words NoFile = new("{0}: no such file, or it cannot be read.", "{0} : fichier introuvable ou illisible.");
    private static readonly Words Valid = new("{0}: valid; tasks: {1}.", "{0} : valide ; tâches : {1}.");
    private static readonly Words Saved = new("{0}: saved as the draft {1}, version {2}.", "{0} : enregistré comme brouillon {1}, version {2}.");
    private static readonly Words Published = new("{0}: published as {1}, version {2}.", "{0} : publié comme {1}, version {2}.");
    private static readonly Words Begun = new("The draft {0}, version {1}, extends {2}; nothing is offered before it is published.", "Le brouillon {0}, version {1}, prolonge {2} ; il n’est proposé qu’une fois publié.");
    private static readonly Words PublishedNow = new("{0}: version {1} is published.", "{0} : la version {1} est publiée.");
    private static readonly Words WithdrawnNow = new("{0}: version {1} is withdrawn.", "{0} : la version {1} est retirée.");
    private static readonly Words NoDraft = new("{0} has no draft.", "{0} n’a pas de brouillon.");
    private static readonly Words NoPublished = new("{0} has no published version.", "{0} n’a pas de version publiée.");
    private static readonly Words NotResolved = new("{0} has errors and cannot be written whole.", "{0} contient des erreurs et ne peut pas être écrit en entier.");

    private static readonly Words NotAFact = new("{0}: a fact is written NAME=VALUE.", "{0} : un fait s’écrit NOM=VALEUR.");

    public static Command Create() => new("templates", Terminal.Say(new("Process templates.", "Les modèles de processus."))) { Validate(), FromChecklist(), Begin(), Import(), Publish(), Withdraw(), Export(), List(), Compare(), Preview() };

    private static Argument<string[]> Files() => new("file") { Arity = ArgumentArity.OneOrMore };

    private static Command Validate()
    {
        var files = Files();
        var validate = new Command("validate", Terminal.Say(new(
            "Checks template files, without a server; each may extend a shipped one or another of the files.",
            "Vérifie des fichiers de modèles, sans serveur ; chacun peut prolonger un modèle fourni ou un autre des fichiers."))) { files };
        validate.SetAction((parsed, cancellation) => ValidateAsync(parsed.GetValue(files)!, parsed.GetValue(Terminal.Json), cancellation));
        return validate;
    }

    private static async Task<int> ValidateAsync(string[] files, bool json, CancellationToken cancellation)
    {
        var texts = new List<string>();
        foreach (var file in files)
        {
            texts.Add(await TextAsync(file, cancellation));
        }

        var readings = new ProcessResolver(TaskKinds.Known, ShippedTemplates.Documents.GetValueOrDefault).ReadAll(texts);
        var found = files.Zip(readings).SelectMany(pair => pair.Second.Problems.Select(problem => (File: pair.First, Problem: problem))).ToList();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                found.Select(one => new { one.File, one.Problem.Place.Line, one.Problem.Place.Column, one.Problem.Path, one.Problem.Code, one.Problem.Message }), ApiJson.Options));
            return found.Count == 0 ? Terminal.ExitDone : Terminal.ExitFailed;
        }

        foreach (var (file, problem) in found)
        {
            await Console.Error.WriteLineAsync(Plain(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{file}:{problem.Place.Line}:{problem.Place.Column} {problem.Path}{(problem.Path.Length == 0 ? "" : ": ")}{problem.Message}")));
        }

        foreach (var (file, reading) in files.Zip(readings).Where(pair => pair.Second.Document is not null))
        {
            Console.WriteLine(Valid.With(file, reading.Document!.Tasks.Count));
        }

        return found.Count == 0 ? Terminal.ExitDone : Terminal.ExitFailed;
    }

    private static Command FromChecklist()
    {
        var file = new Argument<string>("file");
        var output = new Option<string?>("--output");
        var make = new Command("from-checklist", Terminal.Say(new(
            "Makes a template of a checklist (CSV or XLSX), without a server; what was guessed is said.",
            "Tire un modèle d’une liste de tâches (CSV ou XLSX), sans serveur ; ce qui a été deviné est dit."))) { file, output };
        make.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            byte[] content;
            try
            {
                content = await File.ReadAllBytesAsync(path, cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
            }

            var draft = Checklist.Read(content, path);
            if (!draft.Ok)
            {
                throw new CommandFailed($"{path}: {draft.Problem.Message}", Terminal.ExitFailed);
            }

            foreach (var note in draft.Value.Notes)
            {
                await Console.Error.WriteLineAsync(Plain(note.ToString()));
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(JsonSerializer.Serialize(draft.Value, ApiJson.Options));
            }
            else if (parsed.GetValue(output) is { } target)
            {
                await File.WriteAllTextAsync(target, draft.Value.Yaml, cancellation);
            }
            else
            {
                Console.Write(draft.Value.Yaml);
            }

            return Terminal.ExitDone;
        });
        return make;
    }

    private static Command Import()
    {
        var files = Files();
        var publish = new Option<bool>("--publish") { Description = Terminal.Say(new("Publish at once.", "Publie aussitôt.")) };
        var import = new Command("import", Terminal.Say(new("Saves template files as drafts.", "Enregistre des fichiers de modèles comme brouillons."))) { files, publish };
        import.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var (saved, list) = (new JsonArray(), parsed.GetValue(files)!);
            foreach (var file in list)
            {
                var text = await TextAsync(file, cancellation);
                try
                {
                    var draft = (await api.PostAsync("/api/v1/templates", new SaveDraft(text), cancellation))!.AsObject();
                    if (parsed.GetValue(publish))
                    {
                        await api.PostAsync($"/api/v1/templates/{draft["key"]}/versions/{draft["number"]}/publish", null, cancellation);
                    }

                    saved.Add(draft);
                    await Console.Error.WriteLineAsync((parsed.GetValue(publish) ? Published : Saved).With(file, draft["key"], draft["number"]).ToString());
                }
                catch (CommandFailed refused)
                {
                    // One that is refused does not stop the others; each line says where.
                    foreach (var line in Lines(refused))
                    {
                        await Console.Error.WriteLineAsync(Plain($"{file}:{line}"));
                    }
                }
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(saved.ToJsonString());
            }

            return saved.Count == list.Length ? Terminal.ExitDone : saved.Count > 0 ? Terminal.ExitPartly : Terminal.ExitFailed;
        });
        return import;
    }

    private static Command Begin()
    {
        var from = new Argument<string>("extends") { Description = Terminal.Say(new("The key of the template that it extends.", "La clé du modèle qu’il prolonge.")) };
        var (fr, en) = (new Option<string>("--title-fr") { Required = true }, new Option<string>("--title-en") { Required = true });
        var key = new Option<string?>("--key") { Description = Terminal.Say(new("Its own key; made from the English title when left out.", "Sa propre clé ; tirée du titre anglais si absente.")) };
        var made = Choices.Or("--for", MadeFor.Same);
        var begin = new Command("begin", Terminal.Say(new("Begins a draft that extends another template: all is inherited until changed (export, edit, import).", "Commence un brouillon qui prolonge un autre modèle : tout est hérité tant que rien n’est changé (export, modification, import)."))) { from, fr, en, key, made };
        begin.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var draft = (await api.PostAsync("/api/v1/templates/begin", new BeginTemplate(parsed.GetValue(from)!, new(parsed.GetValue(en)!, parsed.GetValue(fr)!), parsed.GetValue(key), parsed.GetValue(made)), cancellation))!;
            if (!parsed.GetValue(Terminal.Json))
            {
                await Console.Error.WriteLineAsync(Begun.With(draft["key"], draft["number"], parsed.GetValue(from)).ToString());
            }

            Console.WriteLine(parsed.GetValue(Terminal.Json) ? draft.ToJsonString() : draft["key"]!.ToString());
            return Terminal.ExitDone;
        });
        return begin;
    }

    private static Command Publish() => Move(
        "publish", new("Publishes a draft: from then on it never changes.", "Publie un brouillon : dès lors, il ne change plus."), "Draft", NoDraft, PublishedNow);

    private static Command Withdraw() => Move(
        "withdraw", new("Takes a published version out of the offer, or (--version) drops a draft; departures that run on it go on.", "Retire une version publiée de l’offre ou (--version) abandonne un brouillon ; les départs en cours la gardent."), "Published", NoPublished, WithdrawnNow);

    /// <summary>Publishes or withdraws a version: the one named, else the newest in that state.</summary>
    private static Command Move(string verb, Words about, string from, Words none, Words said)
    {
        var (key, version) = (new Argument<string>("key"), new Option<int?>("--version"));
        var move = new Command(verb, Terminal.Say(about)) { key, version };
        move.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var name = Uri.EscapeDataString(parsed.GetValue(key)!);
            var number = parsed.GetValue(version)
                ?? (await api.GetAsync($"/api/v1/templates?key={name}", cancellation))!.AsArray().Where(row => string.Equals(row!["state"]!.ToString(), from, StringComparison.OrdinalIgnoreCase))
                    .Select(row => (int?)row!["number"]!.GetValue<int>()).Max()
                ?? throw new CommandFailed(none.With(parsed.GetValue(key)).ToString(), Terminal.ExitFailed);
            await api.PostAsync($"/api/v1/templates/{name}/versions/{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}/{verb}", null, cancellation);
            await Console.Error.WriteLineAsync(said.With(parsed.GetValue(key), number).ToString());
            return Terminal.ExitDone;
        });
        return move;
    }

    private static Command Compare()
    {
        var key = new Argument<string>("key");
        var (version, with, withVersion) = (new Option<int?>("--version"), new Option<string?>("--with") { HelpName = "KEY" }, new Option<int?>("--with-version"));
        var compare = new Command("compare", Terminal.Say(new("What a template changes, adds and drops of the one that it extends, or of another.", "Ce qu’un modèle change, ajoute et abandonne de celui qu’il prolonge, ou d’un autre."))) { key, version, with, withVersion };
        compare.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var query = QueryString.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["number"] = parsed.GetValue(version)?.ToString(System.Globalization.CultureInfo.InvariantCulture), ["with"] = parsed.GetValue(with),
                ["withNumber"] = parsed.GetValue(withVersion)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            }.Where(pair => pair.Value is not null));
            var comparison = (await api.GetAsync($"/api/v1/templates/{Uri.EscapeDataString(parsed.GetValue(key)!)}/comparison{query}", cancellation))!;
            foreach (var task in parsed.GetValue(Terminal.Json) ? [] : comparison["tasks"]!.AsArray())
            {
                var fields = string.Join(", ", task!["fields"]!.AsArray().Select(field => ApiClient.Words(field!["label"])));
                Console.WriteLine($"{TemplatesText.Of(ApiClient.Read<TaskChange>(task["change"])).ToString(),-10}  {task["step"]}  {ApiClient.Words(task["title"])}{(fields.Length == 0 ? "" : $" ({fields})")}");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(comparison.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return compare;
    }

    private static Command Export()
    {
        var key = new Argument<string>("key");
        var version = new Option<int?>("--version") { Description = Terminal.Say(new("The version; the last published when left out.", "La version ; la dernière publiée si absente.")) };
        var whole = new Option<bool>("--whole") { Description = Terminal.Say(new("With what it extends written into it.", "Avec ce qu’il prolonge écrit dedans.")) };
        var output = new Option<string?>("--output");
        var export = new Command("export", Terminal.Say(new("Writes the file of a template.", "Écrit le fichier d’un modèle."))) { key, version, whole, output };
        export.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var name = Uri.EscapeDataString(parsed.GetValue(key)!);
            var template = (await api.GetAsync(
                parsed.GetValue(version) is { } number ? $"/api/v1/templates/{name}/versions/{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : $"/api/v1/templates/{name}",
                cancellation))!.AsObject();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(template.ToJsonString());
                return Terminal.ExitDone;
            }

            var text = template["yaml"]!.ToString();
            if (parsed.GetValue(whole))
            {
                var document = template["document"].Deserialize<ProcessDocument>(ApiJson.Options) ?? throw new CommandFailed(NotResolved.With(parsed.GetValue(key)).ToString(), Terminal.ExitFailed);
                text = ProcessWriter.Write(ProcessSource.Whole(document));
            }

            if (parsed.GetValue(output) is { } file)
            {
                await File.WriteAllTextAsync(file, text, cancellation);
            }
            else
            {
                Console.Write(text);
            }

            return Terminal.ExitDone;
        });
        return export;
    }

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("Templates and their versions.", "Les modèles et leurs versions.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = (await api.GetAsync("/api/v1/templates", cancellation))!.AsArray();
            foreach (var row in parsed.GetValue(Terminal.Json) ? [] : rows)
            {
                Console.WriteLine($"{row!["key"]}  {row["number"]}  {ProcessesText.Of(ApiClient.Read<TemplateState>(row["state"]))}  {ApiClient.Words(row["title"])}"
                    + (row["extends"] is { } extends ? $"  ← {extends} {row["extendsNumber"]}" : ""));
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Preview()
    {
        var key = new Argument<string>("key");
        var version = new Option<int?>("--version") { Description = Terminal.Say(new("The version; the last published when left out.", "La version ; la dernière publiée si absente.")) };
        var (lastDay, announce) = (Days.Optional("--last-day"), Days.Optional("--announce-on"));
        var mission = new Option<Guid?>("--mission") { HelpName = "ID", Description = Terminal.Say(new("Take the facts of this mission.", "Prend les faits de cette mission.")) };
        var facts = new Option<string[]>("--fact")
        {
            HelpName = "NAME=VALUE", Description = Terminal.Say(new("A fact of the sample: kind=regie, status=independent, onSite=true…", "Un fait du départ d’essai : kind=regie, status=independent, onSite=true…")),
        };
        var preview = new Command("preview", Terminal.Say(new("What a template would ask of a departure, and when; nothing is kept.", "Ce qu’un modèle demanderait à un départ, et quand ; rien n’est enregistré.")))
        {
            key, version, lastDay, announce, mission, facts,
        };
        preview.SetAction(async (parsed, cancellation) =>
        {
            var sample = new JsonObject { ["lastDay"] = DepartureFilter.Day(parsed.GetValue(lastDay)), ["announceOn"] = DepartureFilter.Day(parsed.GetValue(announce)), ["mission"] = parsed.GetValue(mission) };
            foreach (var fact in parsed.GetValue(facts) ?? [])
            {
                if (fact.Split('=', 2) is not [{ Length: > 0 } name, var value])
                {
                    throw new CommandFailed(NotAFact.With(fact).ToString(), Terminal.ExitUsage);
                }

                sample[name] = value switch { "true" => true, "false" => false, _ => value };
            }

            using var api = new ApiClient();
            var number = parsed.GetValue(version) is { } said ? $"?number={said.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "";
            var answer = (await api.PostAsync($"/api/v1/templates/{Uri.EscapeDataString(parsed.GetValue(key)!)}/preview{number}", sample, cancellation))!;
            foreach (var task in parsed.GetValue(Terminal.Json) ? [] : answer["tasks"]!.AsArray())
            {
                var zone = LocalInstant.FindZone(task!["zone"]!.ToString()) ?? TimeZoneInfo.Utc;
                var due = TimeZoneInfo.ConvertTime(task["dueAt"]!.GetValue<DateTimeOffset>(), zone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
                Console.WriteLine($"{due}  {task["task"]!["step"]}  {ApiClient.Words(task["task"]!["title"])} · {ProcessesText.Of(ApiClient.Read<TaskOwner>(task["task"]!["owner"]))}");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(answer.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return preview;
    }

    private static async Task<string> TextAsync(string file, CancellationToken cancellation)
    {
        try
        {
            var about = new FileInfo(file);
            if (about.Exists && about.Length > 2 * YamlTree.MostBytes)
            {
                // The reader refuses it by its size; no need to hold it all.
                return new string(' ', YamlTree.MostBytes + 1);
            }

            return await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed(NoFile.With(file).ToString(), Terminal.ExitUsage);
        }
    }

    /// <summary>Each error of a refusal; those of a template begin with their line and column.</summary>
    private static IEnumerable<string> Lines(CommandFailed refused) =>
        refused.Problem?["errors"]?.AsArray().Select(error => error!["message"]!.ToString()) ?? [refused.Problem?["detail"]?.ToString() ?? " " + refused.Message];

    /// <summary>A hostile file does not write to the terminal what it likes.</summary>
    private static string Plain(string text) => new([.. text.Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
