using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Mail;
using Depart.Interfaces.Mail;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>mail</c>: whether mail works, and what became of mails.</summary>
internal static class MailVerbs
{
    private static readonly Words None = new("No mail.", "Aucun mail.");
    private static readonly Words Again = new("It leaves again.", "Il repart.");

    public static Command Create() => new("mail", Terminal.Say(new("Whether mail works, and what became of mails.", "Le courrier fonctionne-t-il, et que sont devenus les mails."))) { Test(), List(), SendAgain() };

    private static Command Test()
    {
        var to = new Argument<string?>("address") { Arity = ArgumentArity.ZeroOrOne, Description = Terminal.Say(new("Your own when left out.", "La vôtre si elle manque.")) };
        var test = new Command("test", Terminal.Say(new("Sends one mail and says what the server answered.", "Envoie un mail et dit ce que le serveur a répondu."))) { to };
        test.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var report = (await api.PostAsync("/api/v1/mail/test", new { To = parsed.GetValue(to) }, cancellation))!.AsObject();
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? report.ToJsonString() : $"{ApiClient.Words(report["said"])}{(report["answer"] is { } answer ? $"\n  {report["code"]} {answer}" : "")}");
            return report["accepted"]!.GetValue<bool>() ? Terminal.ExitDone : Terminal.ExitFailed;
        });
        return test;
    }

    private static Command List()
    {
        var state = new Option<MailState?>("--state") { Description = "waiting, sending, sent, refused, uncertain, withdrawn" };
        var list = new Command("list", Terminal.Say(new("Mails, the newest first.", "Les mails, le plus récent d’abord."))) { state };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var mails = (await api.GetAsync($"/api/v1/mails{(parsed.GetValue(state) is { } only ? $"?state={only}" : "")}", cancellation))!["items"]!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(mails.ToJsonString());
                return Terminal.ExitDone;
            }

            if (mails.Count == 0)
            {
                Console.WriteLine(None);
            }

            foreach (var mail in mails.OfType<JsonObject>())
            {
                Console.WriteLine($"{mail["id"]}  {MailText.Of(ApiClient.Read<MailState>(mail["state"])),-10}  {mail["template"],-20}  {mail["to"]}{(mail["answer"] is { } answer ? $"\n    {mail["code"]} {answer}" : "")}");
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command SendAgain()
    {
        var id = new Argument<string>("mail");
        var again = new Command("again", Terminal.Say(new("Sends a refused or uncertain mail again.", "Renvoie un mail refusé ou incertain."))) { id };
        again.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.PostAsync($"/api/v1/mails/{parsed.GetValue(id)}/again", null, cancellation);
            Console.WriteLine(Again);
            return Terminal.ExitDone;
        });
        return again;
    }
}
