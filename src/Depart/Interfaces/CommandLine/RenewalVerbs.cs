using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures.Renewals;
using Depart.Foundation;
using Depart.Foundation.Design;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>renewals</c>: missions that end, and whether they are renewed.</summary>
internal static class RenewalVerbs
{
    private static readonly Words None = new("No question waits for an answer.", "Aucune question n’attend de réponse.");
    private static readonly Words Labelled = new("{0}: {1}", "{0}\u00a0: {1}");
    private static readonly Words OneAnswer = new("Say one of --renewed-until, --ends and --not-known.", "Indiquez soit --renewed-until, soit --ends, soit --not-known.");

    public static Command Create()
    {
        var answered = new Option<bool>("--answered") { Description = Terminal.Say(new("Those that were answered.", "Celles qui ont reçu une réponse.")) };
        var list = new Command("list", Terminal.Say(new("Questions to answer, the next end first.", "Les questions en attente de réponse, prochaine fin d’abord."))) { answered };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var page = (await api.GetAsync($"/api/v1/renewals?size=200&open={(parsed.GetValue(answered) ? "false" : "true")}", cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(page.ToJsonString());
                return Terminal.ExitDone;
            }

            if (page["items"]!.AsArray().Count == 0)
            {
                Console.Error.WriteLine(None);
            }

            foreach (var row in page["items"]!.AsArray())
            {
                Console.WriteLine(Line(row!));
            }

            return Terminal.ExitDone;
        });
        return new("renewals", Terminal.Say(new("Missions that end: renewed, or not.", "Les missions qui s’achèvent : renouvelées ou non."))) { list, Answer(), Bridge(), Settings() };
    }

    private static Command Answer()
    {
        var id = Id();
        var until = Days.Optional("--renewed-until");
        var order = new Option<string?>("--order") { Description = Terminal.Say(new("Reference of the order; needed with --renewed-until.", "Référence de la commande ; exigée avec --renewed-until.")) };
        var ends = new Option<bool>("--ends") { Description = Terminal.Say(new("The mission ends: opens the departure.", "La mission s’achève : ouvre le départ.")) };
        var lastDay = Days.Optional("--last-day");
        var unknown = new Option<bool>("--not-known") { Description = Terminal.Say(new("It is not known yet.", "Ce n’est pas encore connu.")) };
        var answer = new Command("answer", Terminal.Say(new("Answers a question.", "Répond à une question."))) { id, until, order, ends, lastDay, unknown };
        answer.Validators.Add(result =>
        {
            if (new[] { result.GetValue(until) is not null, result.GetValue(ends), result.GetValue(unknown) }.Count(said => said) != 1)
            {
                result.AddError(OneAnswer.ToString());
            }
        });
        answer.SetAction((parsed, cancellation) => ActAsync(parsed, parsed.GetValue(id)!, "answer", new AnswerRenewal.Body(
            parsed.GetValue(ends) ? RenewalAnswer.Ends : parsed.GetValue(unknown) ? RenewalAnswer.NotKnown : RenewalAnswer.Renewed, parsed.GetValue(until), parsed.GetValue(order), parsed.GetValue(lastDay)), cancellation));
        return answer;
    }

    private static Command Bridge()
    {
        var id = Id();
        var days = new Option<int>("--days") { Required = true, Description = Terminal.Say(new("One to five business days.", "Un à cinq jours ouvrés.")) };
        var reason = new Option<string>("--reason") { Required = true, Description = Terminal.Say(new("Why; kept in the journal with your name.", "Pourquoi ; conservé au journal avec votre nom.")) };
        var bridge = new Command("bridge", Terminal.Say(new("Grants a few business days after the end.", "Accorde un délai de régularisation, quelques jours ouvrés après la fin."))) { id, days, reason };
        bridge.SetAction((parsed, cancellation) => ActAsync(parsed, parsed.GetValue(id)!, "bridge", new GrantBridge.Body(parsed.GetValue(days), parsed.GetValue(reason)!), cancellation));
        return bridge;
    }

    private static Command Settings()
    {
        var ask = new Option<int?>("--ask-days") { Description = Terminal.Say(new("Days before the end on which to ask.", "Nombre de jours avant la fin pour interroger.")) };
        var prepare = new Option<int?>("--prepare-days") { Description = Terminal.Say(new("Days before the end on which to prepare without an answer.", "Nombre de jours avant la fin pour préparer faute de réponse.")) };
        var asks = new Option<bool?>("--ask") { Description = Terminal.Say(new("Whether to ask at all: true or false.", "Interroger ou non : true ou false.")) };
        var at = Days.Hour("--at", new("Hour of the morning look, where the house is.", "Heure du passage du matin, dans le fuseau de l’entreprise."));
        var settings = new Command("settings", Terminal.Say(new("Shows or sets when questions are asked.", "Montre ou règle quand les questions sont posées."))) { ask, prepare, asks, at };
        settings.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var known = (await api.GetAsync("/api/v1/renewals/settings", cancellation))!;
            if (parsed.GetValue(ask) is not null || parsed.GetValue(prepare) is not null || parsed.GetValue(asks) is not null || parsed.GetValue(at) is not null)
            {
                await api.PutAsync("/api/v1/renewals/settings", new SetRenewals(
                    parsed.GetValue(asks) ?? known["asks"]!.GetValue<bool>(), parsed.GetValue(ask) ?? known["askDays"]!.GetValue<int>(), parsed.GetValue(prepare) ?? known["prepareDays"]!.GetValue<int>(),
                    parsed.GetValue(at)), cancellation);
                known = (await api.GetAsync("/api/v1/renewals/settings", cancellation))!;
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(known.ToJsonString());
                return Terminal.ExitDone;
            }

            Console.WriteLine(Labelled.With(RenewalsText.Asks, known["asks"]!.GetValue<bool>() ? DesignText.Yes : DesignText.No));
            Console.WriteLine(Labelled.With(RenewalsText.AskDays, known["askDays"]));
            Console.WriteLine(Labelled.With(RenewalsText.PrepareDays, known["prepareDays"]));
            Console.WriteLine(Labelled.With(RenewalsText.LookAt, known["lookAt"]!.ToString()[..5]));
            return Terminal.ExitDone;
        });
        return settings;
    }

    private static Argument<string> Id() => new("id") { Description = Terminal.Say(new("The question.", "La question.")) };

    private static async Task<int> ActAsync(ParseResult parsed, string id, string act, object body, CancellationToken cancellation)
    {
        using var api = new ApiClient();
        await api.PostAsync($"/api/v1/renewals/{Uri.EscapeDataString(id)}/{act}", body, cancellation);
        var row = (await api.GetAsync($"/api/v1/renewals/{Uri.EscapeDataString(id)}", cancellation))!;
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
        return Terminal.ExitDone;
    }

    private static string Line(JsonNode row) =>
        $"{row["id"]}  {row["end"]}  {RenewalsText.Of(ApiClient.Read<RenewalState>(row["state"])).ToString(),-16}  {row["name"]} · {row["title"]}{(row["departure"] is { } departure ? $" → {departure}" : "")}";
}
