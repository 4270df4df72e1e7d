using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>reconnect</c>.</summary>
internal static class ReconnectVerb
{
    private static readonly Words UndoGoesOn = new(
        "Interrupted. Access is still being given back by the server; look at it in the browser: {0}",
        "Interrompu. Le serveur continue de rétablir les accès ; suivez-le dans le navigateur : {0}");

    private static readonly Words ComesBack = new("would come back: {0}", "reviendraient : {0}");
    private static readonly Words NothingBack = new("nothing would come back", "rien ne reviendrait");
    private static readonly Words IsBack = new("given back", "rétabli");
    private static readonly Words IsNotBack = new("NOT given back. {0}", "NON rétabli. {0}");
    private static readonly Words Password = new("one-time password, shown only now: {0}", "mot de passe à usage unique, montré seulement maintenant : {0}");
    private static readonly Words GivenBack = new("Access is being given back; accounts: {0}.", "Les accès sont en cours de rétablissement ; comptes : {0}.");

    public static Command Create()
    {
        var person = DisconnectionVerbs.Person();
        var departure = new Option<string?>("--departure") { Description = Terminal.Say(new("Which departure, also one that was cancelled.", "Quel départ, même annulé.")) };
        var reason = new Option<string?>("--reason") { Description = Terminal.Say(new("Why, for the journal; required unless --dry-run.", "Pourquoi, pour le journal ; obligatoire sauf avec --dry-run.")) };
        var dryRun = new Option<bool>("--dry-run") { Description = Terminal.Say(new("Only show what would come back, and what would not.", "Montre seulement ce qui reviendrait, et ce qui ne reviendrait pas.")) };
        var wait = new Option<bool>("--wait") { Description = Terminal.Say(new("Wait for the end; shows one-time passwords, once.", "Attend la fin ; montre les mots de passe à usage unique, une seule fois.")) };
        var command = new Command("reconnect", Terminal.Say(new("Gives access back from what was recorded.", "Rétablit l’accès à partir de ce qui a été relevé."))) { person, departure, reason, dryRun, wait };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var json = parsed.GetValue(Terminal.Json);
            var found = await api.PersonAsync(parsed.GetValue(person)!, cancellation);
            var id = (await api.DepartureAsync(found, parsed.GetValue(departure), cancellation))["id"]!.ToString();
            if (parsed.GetValue(dryRun))
            {
                return ShowRehearsal((await api.GetAsync($"/api/v1/departures/{id}/reconnect", cancellation))!.AsArray(), json);
            }

            var count = await api.PostAsync($"/api/v1/departures/{id}/reconnect", new { Reason = parsed.GetValue(reason) ?? "" }, cancellation);
            if (parsed.GetValue(wait))
            {
                return await DisconnectionVerbs.Interrupted(UndoGoesOn.With($"{api.Address}/departures/{id}/undo"), () => FollowUndoAsync(api, id, json, cancellation));
            }

            Console.WriteLine(GivenBack.With(count));
            return Terminal.ExitDone;
        });
        return command;
    }

    private static int ShowRehearsal(JsonArray accounts, bool json)
    {
        if (json)
        {
            Console.WriteLine(accounts.ToJsonString());
        }
        else
        {
            foreach (var account in accounts.OfType<JsonObject>())
            {
                Console.WriteLine(DisconnectionVerbs.OnAccount.With(
                    account["systemName"], account["login"],
                    account["why"] is { } why ? ApiClient.Words(why) : account["changes"]!.AsArray() is { Count: > 0 } changes ? ComesBack.With(changes.Count).ToString() : NothingBack.ToString()));
                foreach (var change in account["changes"]!.AsArray().OfType<JsonObject>())
                {
                    Console.WriteLine($"    + {change["what"]}{(change["after"] is { } after ? $": {after}" : "")}");
                }

                PrintNotRestored(account["notRestored"]!.AsArray());
            }
        }

        return accounts.All(account => account!["why"] is null) ? Terminal.ExitDone : Terminal.ExitPartly;
    }

    private static void PrintNotRestored(JsonArray notRestored)
    {
        foreach (var what in notRestored)
        {
            Console.WriteLine($"    − {ApiClient.Words(what)}");
        }
    }

    private static async Task<int> FollowUndoAsync(ApiClient api, string departure, bool json, CancellationToken cancellation)
    {
        JsonObject undo;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
            undo = (await api.GetAsync($"/api/v1/departures/{departure}/undo", cancellation))!.AsObject();
        }
        while (!undo["over"]!.GetValue<bool>());

        if (json)
        {
            Console.WriteLine(undo.ToJsonString());
        }

        var accounts = undo["accounts"]!.AsArray().OfType<JsonObject>().ToList();
        var failed = 0;
        foreach (var account in accounts)
        {
            var back = account["state"]!.ToString() == "given-back";
            failed += back ? 0 : 1;
            if (json)
            {
                continue;
            }

            Console.WriteLine(DisconnectionVerbs.OnAccount.With(account["systemName"], account["login"], back ? IsBack : IsNotBack.With(ApiClient.Words(account["why"]))));
            PrintNotRestored(account["notRestored"]!.AsArray());
            if (account["hasPassword"]!.GetValue<bool>())
            {
                var password = (await api.PostAsync($"/api/v1/departures/{departure}/undo/{account["account"]}/password", null, cancellation))!;
                Console.WriteLine($"    {Password.With(password["password"])}");
            }
        }

        return failed == 0 ? Terminal.ExitDone : failed < accounts.Count ? Terminal.ExitPartly : Terminal.ExitFailed;
    }
}
