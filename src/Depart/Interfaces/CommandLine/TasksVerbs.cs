using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Design;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>tasks</c>: what is still to be done, and saying that it is.</summary>
internal static class TasksVerbs
{
    private static readonly Words None = new("Nothing is to be done.", "Rien n’est à faire.");
    private static readonly Words OfDeparture = new("departure of {0}", "départ {0}");
    private static readonly Words Nobody = new("Nobody called “{0}” may be chosen here. Possible are: {1}.", "Aucune personne nommée « {0} » ne peut être choisie ici. Possibles : {1}.");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");

    public static Command Create()
    {
        var departure = new Option<string?>("--departure") { HelpName = "ID", Description = Terminal.Say(new("All tasks of one departure instead.", "Les tâches d’un départ, plutôt que les miennes.")) };
        var list = new Command("list", Terminal.Say(new("My tasks, the first due first.", "Mes tâches, la première échéance d’abord."))) { departure };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = parsed.GetValue(departure) is { } id
                ? (await api.GetAsync($"/api/v1/departures/{Uri.EscapeDataString(id)}/tasks", cancellation))!.AsArray()
                : await api.GetAllAsync("/api/v1/tasks", cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
                return Terminal.ExitDone;
            }

            if (rows.Count == 0)
            {
                Console.Error.WriteLine(None);
            }

            foreach (var row in rows)
            {
                Console.WriteLine(Line(row!));
            }

            return Terminal.ExitDone;
        });
        var note = new Option<string?>("--note") { Description = Terminal.Say(new("What was done, or where the proof is.", "Ce qui a été fait, ou où se trouve la preuve.")) };
        var reason = new Option<string>("--reason") { Required = true, Description = Terminal.Say(new("Why.", "Pourquoi.")) };
        var text = new Argument<string>("text") { Description = Terminal.Say(new("What to say.", "Ce qu’il y a à dire.")) };
        var ids = new Argument<string[]>("id") { Arity = ArgumentArity.OneOrMore, Description = Terminal.Say(new("The task, or several.", "La tâche, ou plusieurs.")) };
        var done = new Command("done", Terminal.Say(new("Says that tasks are done.", "Indique que des tâches sont faites."))) { ids, note };
        done.SetAction((parsed, cancellation) => DoneAsync(parsed, parsed.GetValue(ids)!, new(parsed.GetValue(note)), cancellation));
        var skip = Verb("skip", new("Leaves a task out.", "Écarte une tâche."), "skip", parsed => new SkipTask.Body(parsed.GetValue(reason)));
        skip.Options.Add(reason);
        var reopen = Verb("reopen", new("Takes back that a task was done or left out.", "Reprend une tâche faite ou écartée."), "reopen", _ => null);
        var comment = Verb("comment", new("Says something about a task.", "Commente une tâche."), "comments", parsed => new CommentTask.Body(parsed.GetValue(text)));
        comment.Arguments.Add(text);
        var to = new Option<string>("--to") { Required = true, Description = Terminal.Say(new("Their name as in the list of those who may; empty gives it back to the role.", "Son nom, tel que dans la liste des personnes possibles ; vide, la tâche revient au rôle.")) };
        var give = new Command("give", Terminal.Say(new("Gives a task to somebody with an account.", "Confie une tâche à quelqu’un qui a un compte."))) { Id(), to };
        give.SetAction((parsed, cancellation) => ActAsync(parsed, async (api, row) => await api.PostAsync(
            $"{Of(row)}/assign", new AssignTask.Body(await UserAsync(api, row, parsed.GetValue(to)!, cancellation)), cancellation), cancellation));
        var name = new Option<string>("--name") { Required = true, Description = Terminal.Say(new("Their name.", "Son nom.")) };
        var mail = new Option<string>("--mail") { Required = true, Description = Terminal.Say(new("Their address.", "Son adresse.")) };
        var language = new Option<string?>("--language") { Description = "fr | en" };
        var hand = Verb("hand", new("Hands a task to somebody without an account: they get a link.", "Confie une tâche à quelqu’un sans compte : un lien lui est envoyé."), "hand",
            parsed => new HandTask.Body(parsed.GetValue(name), parsed.GetValue(mail), parsed.GetValue(language)));
        hand.Options.Add(name);
        hand.Options.Add(mail);
        hand.Options.Add(language);
        var unlink = new Command("unlink", Terminal.Say(new("Withdraws the links to a task.", "Retire les liens qui mènent à une tâche."))) { Id() };
        unlink.SetAction((parsed, cancellation) => ActAsync(parsed, (api, row) => api.DeleteAsync($"{Of(row)}/links", cancellation), cancellation));
        var file = new Argument<FileInfo>("file") { Description = Terminal.Say(new("The file.", "Le fichier.")) };
        var attach = new Command("attach", Terminal.Say(new("Attaches a file to a task.", "Joint un fichier à une tâche."))) { Id(), file };
        attach.SetAction((parsed, cancellation) => ActAsync(parsed, async (api, row) =>
        {
            var chosen = parsed.GetValue(file)!;
            if (!chosen.Exists)
            {
                throw new CommandFailed(NoFile.With(chosen.FullName).ToString(), Terminal.ExitUsage);
            }

            await api.UploadAsync($"{Of(row)}/files", await File.ReadAllBytesAsync(chosen.FullName, cancellation), chosen.Name, cancellation);
        }, cancellation));
        var show = new Command("show", Terminal.Say(new("A task with its instructions.", "Une tâche avec ses consignes.")));
        var shown = Id();
        show.Arguments.Add(shown);
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var view = (await api.GetAsync($"/api/v1/tasks/{Uri.EscapeDataString(parsed.GetValue(shown)!)}", cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(view.ToJsonString());
                return Terminal.ExitDone;
            }

            Console.WriteLine(Line(view["row"]!));
            Console.WriteLine();
            Console.WriteLine(ApiClient.Words(view["instructions"]).ToString().TrimEnd());
            Console.WriteLine();
            Console.WriteLine($"→ {ApiClient.Words(view["doneMeans"])}");
            return Terminal.ExitDone;
        });
        return new("tasks", Terminal.Say(new("Tasks of departures.", "Les tâches des départs."))) { list, show, done, skip, reopen, comment, attach, give, hand, unlink, Away(), Absences() };
    }

    private static Command Away()
    {
        var by = new Option<string>("--substitute") { Required = true, Description = Terminal.Say(new("The name of who stands in.", "Le nom de qui remplace.")) };
        var from = Days.Required("--from");
        var until = Days.Required("--until");
        var away = new Command("away", Terminal.Say(new("Names who does my tasks for some days.", "Désigne qui fait mes tâches pendant quelques jours."))) { by, from, until };
        away.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var all = (await api.GetAsync("/api/v1/absences/substitutes", cancellation))!.AsArray();
            var name = parsed.GetValue(by)!;
            var found = all.FirstOrDefault(user => SearchText.Of(user!["name"]!.ToString()) == SearchText.Of(name))
                ?? throw new CommandFailed(Nobody.With(name, string.Join(", ", all.Select(user => user!["name"]!.ToString()))).ToString(), Terminal.ExitUsage);
            await api.PostAsync("/api/v1/absences", new NameSubstitute(found["user"]!.GetValue<Guid>(), parsed.GetValue(from), parsed.GetValue(until)), cancellation);
            await Console.Error.WriteLineAsync(AbsenceText.Planned.ToString());
            return Terminal.ExitDone;
        });
        return away;
    }

    private static Command Absences()
    {
        var end = new Option<Guid?>("--end") { HelpName = "ID", Description = Terminal.Say(new("Ends this one.", "Met fin à celle-ci.")) };
        var absences = new Command("absences", Terminal.Say(new("Absences planned, and who stands in.", "Les absences prévues, et qui remplace."))) { end };
        absences.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            if (parsed.GetValue(end) is { } over)
            {
                await api.DeleteAsync($"/api/v1/absences/{over}", cancellation);
                await Console.Error.WriteLineAsync(AbsenceText.Ended.ToString());
            }

            var rows = (await api.GetAsync("/api/v1/absences", cancellation))!.AsArray();
            foreach (var row in parsed.GetValue(Terminal.Json) ? [] : rows)
            {
                Console.WriteLine($"{row!["id"]}  {row["from"]} – {row["until"]}  {AbsenceText.Line.With(row["name"], row["substituteName"])}");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
            }
            else if (rows.Count == 0)
            {
                await Console.Error.WriteLineAsync(AbsenceText.None.ToString());
            }

            return Terminal.ExitDone;
        });
        return absences;
    }

    private static Argument<string> Id() => new("id") { Description = Terminal.Say(new("The task.", "La tâche.")) };

    private static Command Verb(string name, Words about, string route, Func<ParseResult, object?> body)
    {
        var verb = new Command(name, Terminal.Say(about)) { Id() };
        verb.SetAction((parsed, cancellation) => ActAsync(parsed, (api, row) => api.PostAsync($"{Of(row)}/{route}", body(parsed), cancellation), cancellation));
        return verb;
    }

    /// <summary>Finds the task, acts on it, shows what became of it.</summary>
    private static async Task<int> ActAsync(ParseResult parsed, Func<ApiClient, JsonNode, Task> act, CancellationToken cancellation)
    {
        using var api = new ApiClient();
        var path = $"/api/v1/tasks/{Uri.EscapeDataString(parsed.GetValue<string>("id")!)}";
        await act(api, (await api.GetAsync(path, cancellation))!["row"]!);
        var row = (await api.GetAsync(path, cancellation))!["row"]!;
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
        return Terminal.ExitDone;
    }

    /// <summary>Each that can be is done; one that is refused is named and stops no other.</summary>
    private static async Task<int> DoneAsync(ParseResult parsed, IReadOnlyList<string> ids, CompleteTask.Body body, CancellationToken cancellation)
    {
        using var api = new ApiClient();
        var (rows, failed) = (new JsonArray(), Terminal.ExitDone);
        foreach (var id in ids)
        {
            var path = $"/api/v1/tasks/{Uri.EscapeDataString(id)}";
            try
            {
                await api.PostAsync($"{Of((await api.GetAsync(path, cancellation))!["row"]!)}/done", body, cancellation);
                var row = (await api.GetAsync(path, cancellation))!["row"]!;
                rows.Add(row.DeepClone());
                if (!parsed.GetValue(Terminal.Json))
                {
                    Console.WriteLine(Line(row));
                }
            }
            catch (CommandFailed refused) when (ids.Count > 1)
            {
                failed = refused.ExitCode;
                await Console.Error.WriteLineAsync($"{id}  {refused.Message}");
            }
        }

        if (parsed.GetValue(Terminal.Json))
        {
            Console.WriteLine((ids.Count == 1 ? rows[0]! : rows).ToJsonString());
        }

        return rows.Count == ids.Count ? Terminal.ExitDone : rows.Count > 0 ? Terminal.ExitPartly : failed;
    }

    private static string Of(JsonNode row) => $"/api/v1/departures/{row["departure"]}/tasks/{row["id"]}";

    private static async Task<Guid?> UserAsync(ApiClient api, JsonNode row, string name, CancellationToken cancellation)
    {
        if (name.Trim().Length == 0)
        {
            return null;
        }

        var all = (await api.GetAsync($"/api/v1/departures/{row["departure"]}/assignees", cancellation))!.AsArray();
        return all.FirstOrDefault(user => SearchText.Of(user!["name"]!.ToString()) == SearchText.Of(name)) is { } found
            ? found["user"]!.GetValue<Guid>()
            : throw new CommandFailed(Nobody.With(name, string.Join(", ", all.Select(user => user!["name"]!.ToString()))).ToString(), Terminal.ExitUsage);
    }

    private static string Line(JsonNode row)
    {
        var zone = LocalInstant.FindZone(row["zone"]!.ToString()) ?? TimeZoneInfo.Utc;
        var due = TimeZoneInfo.ConvertTime(row["dueAt"]!.GetValue<DateTimeOffset>(), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{row["id"]}  {due}  {TasksText.Of(ApiClient.Read<DepartureTaskState>(row["state"])).ToString(),-10}  {ApiClient.Words(row["title"])} · {OfDeparture.With(Said.Of(row["leaver"]!.ToString()))}";
    }
}
