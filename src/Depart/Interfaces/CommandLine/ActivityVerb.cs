using System.CommandLine;
using Depart.Foundation;
using Depart.Foundation.Design;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures activity</c>: what happened on a departure, in sentences.</summary>
internal static class ActivityVerb
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = Terminal.Say(new("The departure.", "Le départ.")) };
        var verb = new Command("activity", Terminal.Say(new("What happened on a departure, newest first.", "Ce qui s’est passé sur un départ, le plus récent d’abord."))) { id };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var lines = await api.GetAllAsync($"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(id)!)}/activity", cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(lines.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var line in lines)
            {
                var at = line!["at"]!.GetValue<DateTimeOffset>();
                var said = line["said"]!;
                Console.WriteLine($"{Said.OnPaper(at, Zones.Reader)}  {new Words(said["en"]!.ToString(), said["fr"]!.ToString())}{(line["remark"]?.ToString() is { Length: > 0 } remark ? $" — {remark}" : "")}");
            }

            return Terminal.ExitDone;
        });
        return verb;
    }
}
