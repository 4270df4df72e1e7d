using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>work</c>: what the engine gave up.</summary>
internal static class WorkVerbs
{
    private static readonly Words None = new("Nothing is stopped.", "Rien n’est arrêté.");
    private static readonly Words Again = new("{0}: tried again.", "{0} : réessayé.");
    private static readonly Words Tried = new("tried {0} times", "essayé {0} fois");

    public static Command Create() => new("work", Terminal.Say(new("Work that the engine gave up.", "Les travaux que le moteur a abandonnés."))) { List(), Retry() };

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("What waits for somebody, the oldest first.", "Ce qui attend quelqu’un, le plus ancien d’abord.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var stopped = (await api.GetAsync("/api/v1/work/stopped", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(stopped.ToJsonString());
                return Terminal.ExitDone;
            }

            if (stopped.Count == 0)
            {
                Console.WriteLine(None);
            }

            foreach (var work in stopped.OfType<JsonObject>())
            {
                Console.WriteLine($"{work["id"],8}  {ApiClient.Words(work["what"])}{(work["systemName"] is { } system ? $" · {system}" : "")}{(work["about"] is { } about ? $" · {about}" : "")} ({Tried.With(work["attempts"])}){(work["why"] is { } why ? $"\n          {why}" : "")}");
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Retry()
    {
        var work = new Argument<long>("number");
        var retry = new Command("retry", Terminal.Say(new("Tries stopped work again.", "Relance un travail arrêté."))) { work };
        retry.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var number = parsed.GetValue(work).ToString(CultureInfo.InvariantCulture);
            await api.PostAsync($"/api/v1/work/{number}/retry", null, cancellation);
            Console.WriteLine(Again.With(number));
            return Terminal.ExitDone;
        });
        return retry;
    }
}
