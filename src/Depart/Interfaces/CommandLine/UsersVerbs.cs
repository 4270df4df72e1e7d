using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Interfaces.SignIn;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>users</c>.</summary>
internal static class UsersVerbs
{
    private static readonly Words NoSuch = new("There is no user with the address {0}.", "Aucun utilisateur n’a l’adresse {0}.");
    private static readonly Words LinkFor = new("Link for {0}, good once until {1}:", "Lien pour {0}, valable une fois jusqu’au {1} :");

    public static Command Create() => new("users", Terminal.Say(new("Who may sign in.", "Qui peut se connecter."))) { List(), Invite(), InviteAgain(), Role("grant"), Role("withdraw"), Switch("disable"), Switch("enable"), RemoveSecondStep(), Bind() };

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("Users with their roles.", "Les utilisateurs et leurs rôles.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var users = (await api.GetAsync("/api/v1/users", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(users.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var user in users)
            {
                Console.WriteLine(Line(user!));
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Invite()
    {
        var mail = new Argument<string>("mail");
        var name = new Option<string>("--name") { Required = true };
        var roles = Choices.Roles();
        var invite = new Command("invite", Terminal.Say(new("Invites somebody: prints a link for them.", "Invite quelqu’un : affiche un lien à lui donner."))) { mail, name, roles };
        invite.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var invited = await api.PostAsync("/api/v1/users", new InviteUser(parsed.GetValue(mail)!, parsed.GetValue(name)!, parsed.GetValue(roles)!), cancellation);
            return Show(api, parsed, parsed.GetValue(name)!, invited!);
        });
        return invite;
    }

    private static Command InviteAgain()
    {
        var mail = new Argument<string>("mail");
        var again = new Command("invite-again", Terminal.Say(new("Prints a new link to choose a password: the first was lost, or the password.", "Affiche un nouveau lien pour choisir un mot de passe : le premier est perdu, ou le mot de passe."))) { mail };
        again.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            return Show(api, parsed, parsed.GetValue(mail)!, (await api.PostAsync($"/api/v1/users/{await UserAsync(api, parsed.GetValue(mail)!, cancellation)}/invitation", null, cancellation))!);
        });
        return again;
    }

    private static int Show(ApiClient api, ParseResult parsed, string name, JsonNode invited)
    {
        if (!parsed.GetValue(Terminal.Json))
        {
            Console.Error.WriteLine(LinkFor.With(name, Said.OnPaper(invited["expiresAt"]!.GetValue<DateTimeOffset>(), TimeZoneInfo.Local)).ToString());
        }

        Console.WriteLine(parsed.GetValue(Terminal.Json) ? invited.ToJsonString() : api.Address + invited["path"]);
        return Terminal.ExitDone;
    }

    private static Command Role(string verb)
    {
        var mail = new Argument<string>("mail");
        var role = Choices.OneRole();
        var units = new Option<string[]>("--unit")
        {
            DefaultValueFactory = _ => [], Description = Terminal.Say(new("A unit for whose departures alone the role counts, as missions bear it; may be given several times; everywhere when left out.", "Une entité pour les seuls départs de laquelle le rôle vaut, comme les missions la portent\u00a0; peut être donnée plusieurs fois\u00a0; partout si absente.")),
        };
        var command = new Command(verb, Terminal.Say(verb == "grant" ? new("Grants a role, in place of how it was held before.", "Accorde un rôle, à la place de ce qui en était accordé.") : new("Takes a role away.", "Retire un rôle."))) { mail, role };
        if (verb == "grant")
        {
            command.Add(units);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/users/{await UserAsync(api, parsed.GetValue(mail)!, cancellation)}/roles/{parsed.GetValue(role)}";
            await (verb == "grant" ? api.PutAsync(path, new GrantRole.Body(parsed.GetValue(units)), cancellation) : api.DeleteAsync(path, cancellation));
            return await LineAsync(api, parsed, parsed.GetValue(mail)!, cancellation);
        });
        return command;
    }

    private static Command Switch(string verb)
    {
        var mail = new Argument<string>("mail");
        var command = new Command(verb, Terminal.Say(verb == "disable"
            ? new("Shuts a user out at once.", "Ferme l’accès d’un utilisateur sur-le-champ.")
            : new("Lets a user in again.", "Rouvre l’accès d’un utilisateur."))) { mail };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.PostAsync($"/api/v1/users/{await UserAsync(api, parsed.GetValue(mail)!, cancellation)}/{verb}", null, cancellation);
            return await LineAsync(api, parsed, parsed.GetValue(mail)!, cancellation);
        });
        return command;
    }

    private static Command RemoveSecondStep()
    {
        var mail = new Argument<string>("mail");
        var command = new Command("remove-second-step", Terminal.Say(new(
            "Takes second step and passkeys off somebody who lost the device they were on; their sessions end.",
            "Retire la seconde étape et les clés d’accès d’une personne qui a perdu l’appareil où elles se trouvaient ; ses sessions se ferment."))) { mail };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.DeleteAsync($"/api/v1/users/{await UserAsync(api, parsed.GetValue(mail)!, cancellation)}/second-step", cancellation);
            return await LineAsync(api, parsed, parsed.GetValue(mail)!, cancellation);
        });
        return command;
    }

    private static Command Bind()
    {
        var mail = new Argument<string>("mail");
        var person = new Option<string?>("--person") { Description = Terminal.Say(new("Mail, login or name; nobody when left out.", "Adresse, identifiant ou nom ; personne si absent.")) };
        var command = new Command("bind", Terminal.Say(new("Says who of the record a user is.", "Dit qui est un utilisateur dans le registre."))) { mail, person };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var found = parsed.GetValue(person) is { } who ? (await api.PersonAsync(who, cancellation))["id"]!.ToString() : null;
            await api.PutAsync($"/api/v1/users/{await UserAsync(api, parsed.GetValue(mail)!, cancellation)}/person", new { Person = found }, cancellation);
            return await LineAsync(api, parsed, parsed.GetValue(mail)!, cancellation);
        });
        return command;
    }

    private static string Line(JsonNode user) =>
        $"{user["mail"],-40}  {user["name"],-30}  {SignInText.Of(ApiClient.Read<UserState>(user["state"])).ToString(),-10}  {string.Join(", ", user["roles"]!.AsArray().Select(role => role!.ToString()).Concat(user["within"]!.AsArray().Select(one => $"{one!["role"]} ({string.Join(", ", one["units"]!.AsArray())})")))}{(user["personName"] is { } person ? $" = {person}" : "")}";

    /// <summary>Shows a user as they stand now.</summary>
    public static async Task<int> LineAsync(ApiClient api, ParseResult parsed, string mail, CancellationToken cancellation)
    {
        var user = await FindAsync(api, mail, cancellation);
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? user.ToJsonString() : Line(user));
        return Terminal.ExitDone;
    }

    /// <summary>The identifier of whoever has an address.</summary>
    public static async Task<string> UserAsync(ApiClient api, string mail, CancellationToken cancellation) => (await FindAsync(api, mail, cancellation))["id"]!.ToString();

    private static async Task<JsonObject> FindAsync(ApiClient api, string mail, CancellationToken cancellation) =>
        (await api.GetAsync("/api/v1/users", cancellation))!.AsArray().OfType<JsonObject>()
            .FirstOrDefault(user => string.Equals(user["mail"]!.ToString(), mail.Trim(), StringComparison.OrdinalIgnoreCase))
        ?? throw new CommandFailed(NoSuch.With(mail).ToString(), Terminal.ExitFailed);
}
