using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Mail;
using Depart.Interfaces.Mail;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>mail</c>: whether mail works, and what became of mails.</summary>
internal static class MailVerbs
{
    private static readonly Words None = new("No mail.", "Aucun courriel.");
    private static readonly Words PasswordPrompt = new("Password of the mail account: ", "Mot de passe du compte de messagerie : ");
    private static readonly Words Again = new("It leaves again.", "Il repart.");

    public static Command Create() => new("mail", Terminal.Say(new("Whether mail works, and what became of mails.", "L’envoi des courriels, et ce qu’ils sont devenus."))) { Server(), Test(), List(), SendAgain() };

    /// <summary>Shows the mail server, or sets it; what is not said stays.</summary>
    private static Command Server()
    {
        var (host, user, port) = (new Option<string?>("--host"), new Option<string?>("--user") { Description = Terminal.Say(new("Its password is asked.", "Son mot de passe est demandé.")) }, new Option<int?>("--port"));
        var security = Choices.Optional<MailSecurity>("--security");
        var (address, name) = (new Option<string?>("--from-address"), new Option<string?>("--from-name"));
        var site = new Option<string?>("--public-address") { HelpName = "https://depart.example.com", Description = Terminal.Say(new("Where the links of mails lead.", "Où mènent les liens des courriels.")) };
        var server = new Command("server", Terminal.Say(new("Shows the mail server, or sets it; what is not said stays.", "Montre le serveur de messagerie, ou le règle ; ce qui n’est pas dit reste."))) { host, security, port, user, address, name, site };
        server.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var known = (await api.GetAsync("/api/v1/mail/settings", cancellation))!;
            if (new[] { parsed.GetValue(host), parsed.GetValue(user), parsed.GetValue(address), parsed.GetValue(name), parsed.GetValue(site) }.Any(said => said is not null) || parsed.GetValue(port) is not null || parsed.GetValue(security) is not null)
            {
                var before = known["server"];
                var password = parsed.GetValue(user) is { Length: > 0 } ? LoginVerbs.AskSecretly(PasswordPrompt) : null;
                await api.PutAsync("/api/v1/mail/settings", new ConfigureMail(
                    parsed.GetValue(host) ?? Text("host") ?? "", parsed.GetValue(security) ?? (before?["security"] is { } word ? ApiClient.Read<MailSecurity>(word) : MailSecurity.StartTls),
                    parsed.GetValue(address) ?? Text("fromAddress") ?? "", parsed.GetValue(name) ?? Text("fromName") ?? "Depart", parsed.GetValue(site) ?? Text("publicAddress") ?? api.Address,
                    parsed.GetValue(port) ?? before?["port"]?.GetValue<int>(), parsed.GetValue(user) ?? Text("user"), password, TrustedCertificates: Text("trustedCertificates"), TimeoutSeconds: before?["timeoutSeconds"]?.GetValue<int>()), cancellation);
                known = (await api.GetAsync("/api/v1/mail/settings", cancellation))!;
                string? Text(string field) => before?[field]?.ToString();
            }

            Console.WriteLine(parsed.GetValue(Terminal.Json) ? known.ToJsonString()
                : known["server"] is { } set ? $"{set["host"]}:{set["port"]}  {MailText.Of(ApiClient.Read<MailSecurity>(set["security"]))}  {set["fromName"]} <{set["fromAddress"]}>  {set["publicAddress"]}"
                : ApiClient.Words(known["said"]) is { Length: > 0 } said ? said : MailText.NotConfigured.ToString());
            return Terminal.ExitDone;
        });
        return server;
    }

    private static Command Test()
    {
        var to = new Argument<string?>("address") { Arity = ArgumentArity.ZeroOrOne, Description = Terminal.Say(new("Your own when left out.", "La vôtre si elle est omise.")) };
        var test = new Command("test", Terminal.Say(new("Sends one mail and says what the server answered.", "Envoie un courriel et dit ce que le serveur a répondu."))) { to };
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
        var state = Choices.Optional<MailState>("--state");
        var list = new Command("list", Terminal.Say(new("Mails, the newest first.", "Les courriels, le plus récent d’abord."))) { state };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var mails = await api.GetAllAsync($"/api/v1/mails{(parsed.GetValue(state) is { } only ? $"?state={only}" : "")}", cancellation);
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
        var id = new Argument<string>("id");
        var again = new Command("again", Terminal.Say(new("Sends a refused or uncertain mail again.", "Renvoie un courriel refusé ou incertain."))) { id };
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
