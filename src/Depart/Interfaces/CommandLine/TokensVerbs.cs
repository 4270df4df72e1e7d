using System.CommandLine;
using System.Globalization;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Interfaces.SignIn;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>tokens</c>: for programs that use the API in one's name.</summary>
internal static class TokensVerbs
{
    private static readonly Words Once = new("Token “{0}”, good until {1}; shown only now:", "Jeton « {0} », valable jusqu’au {1} ; montré seulement maintenant :");
    private static readonly Words Revoked = new("The token is revoked.", "Le jeton est révoqué.");
    private static readonly Words ReadOnly = new("read only", "lecture seule");
    private static readonly Words None = new("No token serves.", "Aucun jeton ne sert.");

    public static Command Create() => new("tokens", Terminal.Say(new("Tokens for programs.", "Les jetons pour les programmes."))) { Make(), List(), Revoke() };

    private static Command Make()
    {
        var (name, roles) = (new Argument<string>("name"), Choices.Roles());
        var readOnly = new Option<bool>("--read-only") { Description = Terminal.Say(new("It may change nothing.", "Il ne peut rien modifier.")) };
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 30, Description = Terminal.Say(new("How long it serves: 1 to 365, never longer than the token that makes it.", "Sa durée : 1 à 365, jamais plus que le jeton qui le crée.")) };
        var create = new Command("create", Terminal.Say(new("Makes a token with some of your roles.", "Crée un jeton qui porte certains de vos rôles."))) { name, roles, readOnly, days };
        create.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var made = (await api.PostAsync("/api/v1/tokens", new CreateToken(parsed.GetValue(name)!, parsed.GetValue(roles)!, parsed.GetValue(readOnly), parsed.GetValue(days)), cancellation))!;
            if (!parsed.GetValue(Terminal.Json))
            {
                await Console.Error.WriteLineAsync(Once.With(parsed.GetValue(name), Said.OnPaper(DateOnly.FromDateTime(made["expiresAt"]!.GetValue<DateTimeOffset>().DateTime))).ToString());
            }

            Console.WriteLine(parsed.GetValue(Terminal.Json) ? made.ToJsonString() : made["token"]!.ToString());
            return Terminal.ExitDone;
        });
        return create;
    }

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = Terminal.Say(new("Everybody’s.", "Ceux de tous.")) };
        var list = new Command("list", Terminal.Say(new("Your tokens that serve.", "Vos jetons en service."))) { all };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = (await api.GetAsync($"/api/v1/tokens?all={(parsed.GetValue(all) ? "true" : "false")}", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var row in rows)
            {
                Console.WriteLine($"{row!["id"]}  {row["expiresAt"]!.GetValue<DateTimeOffset>().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}  {row["name"]}{(row["ownerName"] is { } owner ? $" · {owner}" : "")} · {string.Join(", ", row["roles"]!.AsArray())}{((bool)row["readOnly"]! ? $" · {ReadOnly}" : "")}");
            }

            if (rows.Count == 0)
            {
                await Console.Error.WriteLineAsync(None.ToString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Revoke()
    {
        var id = new Argument<Guid>("id");
        var revoke = new Command("revoke", Terminal.Say(new("Ends a token now.", "Met fin à un jeton sur-le-champ."))) { id };
        revoke.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.DeleteAsync($"/api/v1/tokens/{parsed.GetValue(id)}", cancellation);
            await Console.Error.WriteLineAsync(Revoked.ToString());
            return Terminal.ExitDone;
        });
        return revoke;
    }
}
