using System.CommandLine;
using Depart.Departures;
using Depart.Departures.Together;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures together</c>: one act on several departures.</summary>
internal static class TogetherVerb
{
    private static readonly Words OneAct = new("Say one of --last-day, --days, --cancel, --assign and --assign-back.", "Indiquez soit --last-day, soit --days, soit --cancel, soit --assign, soit --assign-back.");
    private static readonly Words Left = new("left alone: {0}", "laissé tel quel : {0}");

    public static Command Create()
    {
        var ids = new Argument<Guid[]>("ids") { Arity = ArgumentArity.OneOrMore };
        var lastDay = Days.Optional("--last-day");
        var days = new Option<int?>("--days") { Description = Terminal.Say(new("Puts the last day off by so many days, or (negative) brings it forward.", "Reporte le dernier jour de tant de jours ou, négatif, l’avance.")) };
        var cancel = new Option<bool>("--cancel") { Description = Terminal.Say(new("Withdraws them.", "Les annule.")) };
        var assign = new Option<Guid?>("--assign") { HelpName = "USER", Description = Terminal.Say(new("Gives the mission managers’ tasks to this user.", "Confie à ce compte les tâches des responsables de mission.")) };
        var back = new Option<bool>("--assign-back") { Description = Terminal.Say(new("Gives them back to the mission managers.", "Les rend aux responsables de mission.")) };
        var dryRun = new Option<bool>("--dry-run") { Description = Terminal.Say(new("Shows what would happen, changes nothing.", "Montre ce qui se passerait, sans rien modifier.")) };
        var verb = new Command("together", Terminal.Say(new("Reschedules, cancels or assigns several departures.", "Reporte, annule ou confie plusieurs départs."))) { ids, lastDay, days, cancel, assign, back, dryRun };
        verb.Validators.Add(result =>
        {
            if (new[] { result.GetValue(lastDay) is not null, result.GetValue(days) is not null, result.GetValue(cancel), result.GetValue(assign) is not null, result.GetValue(back) }.Count(said => said) != 1)
            {
                result.AddError(OneAct.ToString());
            }
        });
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var act = parsed.GetValue(cancel) ? TogetherAct.Cancel : parsed.GetValue(assign) is not null || parsed.GetValue(back) ? TogetherAct.Assign : TogetherAct.Reschedule;
            var lines = (await api.PostAsync("/api/v1/departures/together", new TogetherRoute.Body(
                [.. parsed.GetValue(ids)!.Select(DepartureId.From)], act, parsed.GetValue(lastDay), parsed.GetValue(days), parsed.GetValue(assign), parsed.GetValue(dryRun)), cancellation))!.AsArray();
            foreach (var line in parsed.GetValue(Terminal.Json) ? [] : lines)
            {
                Console.WriteLine($"{line!["departure"]}  {line["lastDay"]}  {line["name"]}{(line["refusal"] is { } why ? $" · {Left.With(ApiClient.Words(why))}" : "")}");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(lines.ToJsonString());
            }

            var refused = lines.Count(line => line!["refusal"] is not null);
            return refused == 0 ? Terminal.ExitDone : refused == lines.Count ? Terminal.ExitFailed : Terminal.ExitPartly;
        });
        return verb;
    }
}
