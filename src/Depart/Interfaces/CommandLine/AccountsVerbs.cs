using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Missions;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>accounts</c>.</summary>
internal static class AccountsVerbs
{
    private static readonly Words NoAccount = new("There is no account {0}{1}.", "Il n’y a pas de compte {0}{1}.");
    private static readonly Words OnSystem = new(" on {0}", " sur {0}");
    private static readonly Words SeveralAccounts = new("Several systems have an account {0}: {1}. Say which with --system.", "Plusieurs systèmes ont un compte {0} : {1}. Précisez avec --system.");
    private static readonly Words IsTheirs = new("{0} on {1} is the account of {3}.", "{0} sur {1} est le compte {3}.");
    private static readonly Words IsNotTheirs = new("{0} on {1} is not the account of {3}.", "{0} sur {1} n’est pas le compte {3}.");
    private static readonly Words IsService = new("{0} on {1} is a service account; {2} answers for it.", "{0} sur {1} est un compte de service ; {2} en répond.");
    private static readonly Words LeftAside = new("{0} on {1} is left aside.", "{0} sur {1} est laissé de côté.");
    private static readonly Words AddedTo = new("{0} added to {1}.", "{0} ajouté à {1}.");

    private static readonly Words Maybe = new("perhaps {0}", "peut-être {0}");
    private static readonly Words Nobody = new("nobody", "personne");
    private static readonly Words Gone = new("{0} (gone)", "{0} (mission terminée)");

    public static Command Create() => new("accounts", Terminal.Say(new("Accounts on the connected systems.", "Les comptes des systèmes connectés.")))
    {
        List(),
        Decide("confirm", new("Says whose an account is.", "Indique à qui est un compte."), "--person", IsTheirs, (api, account, person, cancellation) =>
            api.PostAsync($"/api/v1/accounts/{account}/confirm", new ConfirmAccount.Body(person), cancellation)),
        Decide("refuse", new("Says that an account is not someone's.", "Indique qu’un compte n’est pas à quelqu’un."), "--person", IsNotTheirs, (api, account, person, cancellation) =>
            api.PostAsync($"/api/v1/accounts/{account}/refuse", new ConfirmAccount.Body(person), cancellation)),
        Decide("service", new("Says that it is a service account, and who answers for it.", "Indique que c’est un compte de service, et qui en répond."), "--responsible", IsService,
            (api, account, person, cancellation) => api.PostAsync($"/api/v1/accounts/{account}/service", new DeclareServiceAccount.Body(person), cancellation)),
        Ignore(),
        Add(),
    };

    private static Command List()
    {
        var classes = new Dictionary<Option<bool>, string>
        {
            [new("--matched")] = "matched",
            [new("--doubtful")] = "doubtful",
            [new("--orphans")] = "orphan",
            [new("--zombies")] = "zombie",
            [new("--privileged")] = "privileged-unknown",
            [new("--services")] = "service",
            [new("--ignored")] = "ignored",
            [new("--absent")] = "absent",
        };
        var system = new Option<string?>("--system");
        var person = new Option<string?>("--person");
        var search = new Option<string?>("--search");
        var list = new Command("list", Terminal.Say(new("Accounts by login.", "Les comptes, par identifiant."))) { system, person, search };
        foreach (var option in classes.Keys)
        {
            list.Options.Add(option);
        }

        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var query = new List<string> { "size=200" };
            if (parsed.GetValue(system) is { } name)
            {
                query.Add($"system={(await SystemsVerbs.FindAsync(api, name, cancellation))["id"]}");
            }

            if (parsed.GetValue(person) is { } who)
            {
                query.Add($"person={(await api.PersonAsync(who, cancellation))["id"]}");
            }

            if (parsed.GetValue(search) is { } text)
            {
                query.Add($"search={Uri.EscapeDataString(text)}");
            }

            var wanted = classes.Where(pair => parsed.GetValue(pair.Key)).Select(pair => (string?)pair.Value).DefaultIfEmpty(null).ToList();
            var all = new JsonArray();
            foreach (var one in wanted)
            {
                var filter = string.Join('&', one is null ? query : query.Append($"class={one}"));
                for (var cursor = ""; cursor is not null;)
                {
                    var page = (await api.GetAsync($"/api/v1/accounts?{filter}&after={cursor}", cancellation))!;
                    foreach (var account in page["items"]!.AsArray())
                    {
                        if (parsed.GetValue(Terminal.Json))
                        {
                            all.Add(account!.DeepClone());
                        }
                        else
                        {
                            Console.WriteLine($"{account!["systemName"],-20}  {account["login"],-24}  {DisconnectionText.StateOf(ApiClient.Read<Connectors.AccountState>(account["state"])).ToString(),-10}  {SystemsText.Of(ApiClient.Read<AccountClass>(account["class"])).ToString(),-20}  {Whose(account)}");
                        }
                    }

                    cursor = page["next"]?.ToString();
                }
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(all.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static string Whose(JsonNode account)
    {
        var name = (account["person"] ?? account["responsible"])?["name"]?.ToString();
        if (account["class"]!.ToString() == "doubtful")
        {
            return Maybe.With(string.Join(", ", account["candidates"]!.AsArray().Where(candidate => !(bool)candidate!["refused"]!)
                .Select(candidate => candidate!["name"]!.ToString()).DefaultIfEmpty(name))).ToString();
        }

        return name is null ? Nobody.ToString() : (bool)account["personGone"]! ? Gone.With(name).ToString() : name;
    }

    private static Command Decide(
        string verb, Words about, string option, Words done, Func<ApiClient, string, PersonId, CancellationToken, Task<JsonNode?>> send)
    {
        var (login, system) = (new Argument<string>("login"), new Option<string?>("--system"));
        var person = new Option<string>(option) { Required = true };
        var command = new Command(verb, Terminal.Say(about)) { login, system, person };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var account = await FindAsync(api, parsed.GetValue(login)!, parsed.GetValue(system), cancellation);
            var who = await api.PersonAsync(parsed.GetValue(person)!, cancellation);
            await send(api, account["id"]!.ToString(), PersonId.From(who["id"]!.GetValue<Guid>()), cancellation);
            await Console.Error.WriteLineAsync(done.With(account["login"], account["systemName"], who["name"], Said.Of(who["name"]!.ToString())).ToString());
            return Terminal.ExitDone;
        });
        return command;
    }

    private static Command Ignore()
    {
        var (login, system) = (new Argument<string>("login"), new Option<string?>("--system"));
        var reason = new Option<string>("--reason") { Required = true };
        var ignore = new Command("ignore", Terminal.Say(new("Leaves an account aside, with a reason.", "Laisse un compte de côté, avec un motif."))) { login, system, reason };
        ignore.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var account = await FindAsync(api, parsed.GetValue(login)!, parsed.GetValue(system), cancellation);
            await api.PostAsync($"/api/v1/accounts/{account["id"]}/ignore", new IgnoreAccount.Body(parsed.GetValue(reason)!), cancellation);
            await Console.Error.WriteLineAsync(LeftAside.With(account["login"], account["systemName"]).ToString());
            return Terminal.ExitDone;
        });
        return ignore;
    }

    private static Command Add()
    {
        var login = new Argument<string>("login");
        var system = new Option<string>("--system") { Required = true };
        var (person, note) = (new Option<string?>("--person"), new Option<string?>("--note"));
        var privileged = new Option<bool>("--privileged");
        var add = new Command("add", Terminal.Say(new(
            "Records an account by hand, on a system that cannot be read.", "Enregistre un compte à la main, sur un système qui ne peut pas être lu."))) { login, system, person, privileged, note };
        add.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var on = await SystemsVerbs.FindAsync(api, parsed.GetValue(system)!, cancellation);
            PersonId? who = parsed.GetValue(person) is { } wanted ? PersonId.From((await api.PersonAsync(wanted, cancellation))["id"]!.GetValue<Guid>()) : null;
            await api.PostAsync("/api/v1/accounts", new AddAccount(
                SystemId.From(on["id"]!.GetValue<Guid>()), parsed.GetValue(login)!, who, Privileged: parsed.GetValue(privileged), Note: parsed.GetValue(note)), cancellation);
            await Console.Error.WriteLineAsync(AddedTo.With(parsed.GetValue(login), on["name"]).ToString());
            return Terminal.ExitDone;
        });
        return add;
    }

    private static async Task<JsonObject> FindAsync(ApiClient api, string login, string? system, CancellationToken cancellation)
    {
        var on = system is null ? null : await SystemsVerbs.FindAsync(api, system, cancellation);
        var found = (await api.GetAsync($"/api/v1/accounts?size=200&search={Uri.EscapeDataString(login)}{(on is null ? "" : $"&system={on["id"]}")}", cancellation))!["items"]!
            .AsArray().OfType<JsonObject>().Where(account => string.Equals(account["login"]!.ToString(), login, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new CommandFailed(NoAccount.With(login, on is null ? "" : OnSystem.With(on["name"])).ToString(), Terminal.ExitFailed),
            var several => throw new CommandFailed(
                SeveralAccounts.With(login, string.Join(", ", several.Select(account => account["systemName"]))).ToString(), Terminal.ExitFailed),
        };
    }
}
