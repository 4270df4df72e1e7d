using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Interfaces.SignIn;
using Depart.Interfaces.SignIn.Providers;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>providers</c>: by which identity providers people sign in.</summary>
internal static class ProvidersVerbs
{
    private static readonly Words None = new("No identity provider.", "Aucun fournisseur d’identité.");
    private static readonly Words SecretPrompt = new("Client secret (empty for none): ", "Secret du client (vide s’il n’y en a pas) : ");
    private static readonly Words MapWrong = new("--map: write role=value; the role is it, hr, security, auditor or admin.", "--map : écrivez rôle=valeur ; le rôle est it, hr, security, auditor ou admin.");
    private static readonly Words Removed = new("{0}: removed.", "{0} : retiré.");
    private static readonly Words YesNo = new("{0}: {1}", "{0} : {1}");

    public static Command Create() => new("providers", Terminal.Say(new("Identity providers by which people sign in.", "Les fournisseurs d’identité par lesquels on se connecte.")))
    {
        List(), Set("add"), Set("change"), Test(), Switch("enable"), Switch("disable"), Remove(), Untie(),
    };

    private static Argument<string> Key() => new("provider") { Description = Terminal.Say(new("The provider's short name.", "Le nom court du fournisseur.")) };

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("Providers, with what is to be told to them.", "Les fournisseurs, avec ce qu’il faut leur déclarer.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var providers = (await api.GetAsync("/api/v1/providers", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(providers.ToJsonString());
                return Terminal.ExitDone;
            }

            if (providers.Count == 0)
            {
                Console.WriteLine(None);
            }

            foreach (var provider in providers)
            {
                Console.WriteLine(Line(api, provider!));
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    /// <summary>Adds or changes; what is not said stays, or is as usual.</summary>
    private static Command Set(string verb)
    {
        var adds = verb == "add";
        var key = Key();
        var (name, issuer, client) = (new Option<string?>("--name") { Required = adds }, new Option<string?>("--issuer") { Required = adds, HelpName = "https://sso.example.com" }, new Option<string?>("--client") { Required = adds });
        var secret = new Option<bool>("--secret") { Description = Terminal.Say(new("Asks for another client secret.", "Demande un autre secret du client.")) };
        var (scopes, roleClaim) = (new Option<string?>("--scopes"), new Option<string?>("--role-claim") { Description = Terminal.Say(new("Claim with roles or groups.", "Attribut des rôles ou des groupes.")) });
        var (mailClaim, nameClaim) = (new Option<string?>("--mail-claim"), new Option<string?>("--name-claim"));
        var map = new Option<string[]>("--map") { AllowMultipleArgumentsPerToken = true, HelpName = "role=value", Description = Terminal.Say(new("Which value gives which role: it=depart-it.", "Quelle valeur donne quel rôle : it=depart-it.")) };
        var makes = new Option<bool?>("--makes-users") { Description = ProviderText.MakesUsers.ToString() };
        var domains = new Option<string[]>("--domain") { AllowMultipleArgumentsPerToken = true, Description = ProviderText.Domains.ToString() };
        var command = new Command(verb, Terminal.Say(adds
            ? new("Adds a provider, off until it is enabled; its client secret is asked.", "Ajoute un fournisseur, inactif jusqu’à son activation ; le secret du client est demandé.")
            : new("Changes a provider; what is not said stays.", "Modifie un fournisseur ; ce qui n’est pas dit reste."))) { key, name, issuer, client, secret, scopes, mailClaim, nameClaim, roleClaim, map, makes, domains };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/providers/{Uri.EscapeDataString(parsed.GetValue(key)!)}";
            var before = adds ? null : await api.GetAsync(path, cancellation);
            var (roles, wrong) = RoleLines.Read(string.Join('\n', parsed.GetValue(map) ?? []));
            if (wrong is not null)
            {
                throw new CommandFailed(MapWrong.ToString(), Terminal.ExitUsage);
            }

            var content = new ProviderContent(
                parsed.GetValue(name) ?? Text("name"), parsed.GetValue(issuer) ?? Text("issuer"), parsed.GetValue(client) ?? Text("clientId"),
                adds || parsed.GetValue(secret) ? LoginVerbs.AskSecretly(SecretPrompt) : null, false, parsed.GetValue(scopes) ?? before?["scopes"]?.ToString(),
                parsed.GetValue(mailClaim) ?? before?["mailClaim"]?.ToString(), parsed.GetValue(nameClaim) ?? before?["nameClaim"]?.ToString(), parsed.GetValue(roleClaim) ?? before?["roleClaim"]?.ToString(),
                parsed.GetResult(map) is not null || before is null ? roles : [.. before["roles"]!.AsArray().Select(mapping => new RoleMapping(mapping!["value"]!.ToString(), ApiClient.Read<Foundation.Door.Role>(mapping["role"])))],
                parsed.GetValue(makes) ?? before?["makesUsers"]?.GetValue<bool>() ?? false,
                parsed.GetResult(domains) is not null || before is null ? parsed.GetValue(domains) ?? [] : [.. before["domains"]!.AsArray().Select(domain => domain!.ToString())]);
            await (adds ? api.PostAsync("/api/v1/providers", new AddProvider(parsed.GetValue(key)!, content), cancellation) : api.PutAsync(path, content, cancellation));
            return await ShowAsync(api, parsed, path, cancellation);

            string Text(string field) => before?[field]?.ToString() ?? "";
        });
        return command;
    }

    private static Command Test()
    {
        var key = Key();
        var test = new Command("test", Terminal.Say(new("Reads how a provider describes itself, and says what is wrong.", "Lit la description d’un fournisseur, et dit ce qui ne va pas."))) { key };
        test.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var report = (await api.PostAsync($"/api/v1/providers/{Uri.EscapeDataString(parsed.GetValue(key)!)}/test", null, cancellation))!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? report.ToJsonString() : string.Join('\n', report["said"]!.AsArray().Select(ApiClient.Words)));
            return report["good"]!.GetValue<bool>() ? Terminal.ExitDone : Terminal.ExitFailed;
        });
        return test;
    }

    private static Command Switch(string verb)
    {
        var key = Key();
        var command = new Command(verb, Terminal.Say(verb == "enable"
            ? new("Lets people sign in by a provider.", "Ouvre la connexion par un fournisseur.")
            : new("Lets nobody sign in by a provider any more; sessions begun by it end.", "Ferme la connexion par un fournisseur ; les sessions ouvertes par lui se ferment."))) { key };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/providers/{Uri.EscapeDataString(parsed.GetValue(key)!)}";
            await api.PostAsync($"{path}/{verb}", null, cancellation);
            return await ShowAsync(api, parsed, path, cancellation);
        });
        return command;
    }

    private static Command Remove()
    {
        var key = Key();
        var remove = new Command("remove", Terminal.Say(new("Removes a provider, with the ties to it and the roles that it gave.", "Retire un fournisseur, avec les rattachements et les rôles qu’il a donnés."))) { key };
        remove.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.DeleteAsync($"/api/v1/providers/{Uri.EscapeDataString(parsed.GetValue(key)!)}", cancellation);
            await Console.Error.WriteLineAsync(Removed.With(parsed.GetValue(key)).ToString());
            return Terminal.ExitDone;
        });
        return remove;
    }

    private static Command Untie()
    {
        var (key, mail) = (Key(), new Argument<string>("mail"));
        var untie = new Command("untie", Terminal.Say(new("Unties a user from a provider: their identity there is somebody else's now.", "Détache un utilisateur d’un fournisseur : son identité y est désormais celle d’un autre."))) { key, mail };
        untie.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.DeleteAsync($"/api/v1/users/{await UsersVerbs.UserAsync(api, parsed.GetValue(mail)!, cancellation)}/identities/{Uri.EscapeDataString(parsed.GetValue(key)!)}", cancellation);
            return await UsersVerbs.LineAsync(api, parsed, parsed.GetValue(mail)!, cancellation);
        });
        return untie;
    }

    private static async Task<int> ShowAsync(ApiClient api, ParseResult parsed, string path, CancellationToken cancellation)
    {
        var provider = (await api.GetAsync(path, cancellation))!;
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? provider.ToJsonString() : Line(api, provider));
        return Terminal.ExitDone;
    }

    private static string Line(ApiClient api, JsonNode provider) => string.Join('\n',
    [
        $"{provider["key"],-16}  {(provider["enabled"]!.GetValue<bool>() ? ProviderText.Enabled : ProviderText.Off),-8}  {provider["name"]}  {provider["issuer"]}",
        "  " + YesNo.With(ProviderText.RedirectAddress, api.Address + provider["redirectPath"]), "  " + YesNo.With(ProviderText.LogoutAddress, api.Address + provider["logoutPath"]), "  " + YesNo.With(ProviderText.AfterAddress, api.Address + Session.SignInPath),
        .. provider["roles"]!.AsArray().Select(mapping => $"  {mapping!["role"]} = {mapping["value"]}"),
    ]);
}
