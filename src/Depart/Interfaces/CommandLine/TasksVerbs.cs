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
    private static readonly Words Of = new("departure of {0}", "départ {0}");

    public static Command Create()
    {
        var departure = new Option<string?>("--departure") { HelpName = "ID", Description = Terminal.Say(new("All tasks of one departure instead.", "Toutes les tâches d’un départ à la place.")) };
        var list = new Command("list", Terminal.Say(new("My tasks, the first due first.", "Mes tâches, la première échéance d’abord."))) { departure };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = parsed.GetValue(departure) is { } id
                ? (await api.GetAsync($"/api/v1/departures/{Uri.EscapeDataString(id)}/tasks", cancellation))!.AsArray()
                : await MineAsync(api, cancellation);
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
        var done = Verb("done", new("Says that a task is done.", "Indique qu’une tâche est faite."), "done", parsed => new CompleteTask.Body(parsed.GetValue(note)));
        done.Options.Add(note);
        var skip = Verb("skip", new("Leaves a task out.", "Écarte une tâche."), "skip", parsed => new SkipTask.Body(parsed.GetValue(reason)));
        skip.Options.Add(reason);
        var reopen = Verb("reopen", new("Takes back that a task was done or left out.", "Reprend une tâche faite ou écartée."), "reopen", _ => null);
        var comment = Verb("comment", new("Says something about a task.", "Commente une tâche."), "comments", parsed => new CommentTask.Body(parsed.GetValue(text)));
        comment.Arguments.Add(text);
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
        return new("tasks", Terminal.Say(new("Tasks of departures.", "Les tâches des départs."))) { list, show, done, skip, reopen, comment };
    }

    private static Argument<string> Id() => new("id") { Description = Terminal.Say(new("The task.", "La tâche.")) };

    private static async Task<JsonArray> MineAsync(ApiClient api, CancellationToken cancellation)
    {
        var all = new JsonArray();
        for (var next = ""; ;)
        {
            var page = (await api.GetAsync($"/api/v1/tasks?size=200{next}", cancellation))!;
            foreach (var row in page["items"]!.AsArray())
            {
                all.Add(row!.DeepClone());
            }

            if (page["next"]?.ToString() is not { } cursor)
            {
                return all;
            }

            next = $"&after={Uri.EscapeDataString(cursor)}";
        }
    }

    private static Command Verb(string name, Words about, string route, Func<ParseResult, object?> body)
    {
        var id = Id();
        var verb = new Command(name, Terminal.Say(about)) { id };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var task = Uri.EscapeDataString(parsed.GetValue(id)!);
            var before = (await api.GetAsync($"/api/v1/tasks/{task}", cancellation))!["row"]!;
            await api.PostAsync($"/api/v1/departures/{before["departure"]}/tasks/{task}/{route}", body(parsed), cancellation);
            var row = (await api.GetAsync($"/api/v1/tasks/{task}", cancellation))!["row"]!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
            return Terminal.ExitDone;
        });
        return verb;
    }

    private static string Line(JsonNode row)
    {
        var zone = LocalInstant.FindZone(row["zone"]!.ToString()) ?? TimeZoneInfo.Utc;
        var due = TimeZoneInfo.ConvertTime(row["dueAt"]!.GetValue<DateTimeOffset>(), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{row["id"]}  {due}  {TasksText.Of(ApiClient.Read<DepartureTaskState>(row["state"])).ToString(),-10}  {ApiClient.Words(row["title"])} · {Of.With(Said.Of(row["leaver"]!.ToString()))}";
    }
}
