using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>set-up</c>, <c>login</c> and <c>logout</c>: the token lies in the user's configuration folder, readable by them alone.</summary>
internal static class LoginVerbs
{
    private static readonly Words MailPrompt = new("E-mail address: ", "Adresse électronique : ");
    private static readonly Words PasswordPrompt = new("Password: ", "Mot de passe : ");
    private static readonly Words CodePrompt = new("Code of your authenticator app, or a recovery code: ", "Code de votre application d’authentification, ou un code de secours : ");
    private static readonly Words NewPasswordPrompt = new("Choose a password: ", "Choisissez un mot de passe : ");
    private static readonly Words AgainPrompt = new("The same again: ", "Le même encore : ");
    private static readonly Words NotALink = new("This is not a whole link: it ends in /set-up?code=…", "Ce n’est pas un lien entier : il se termine par /set-up?code=…");
    private static readonly Words Welcome = new("Signed in to {0} as {1}. The token “{2}” is good until {3}.", "Connecté à {0} en tant que {1}. Le jeton « {2} » est valable jusqu’au {3}.");
    private static readonly Words Bye = new("Signed out of {0}: the token is revoked.", "Déconnecté de {0} : le jeton est révoqué.");
    private static readonly Words Forgotten = new("The token of {0} is forgotten here, but the server did not revoke it: {1}", "Le jeton de {0} est oublié ici, mais le serveur ne l’a pas révoqué : {1}");
    private static readonly Words NotSignedIn = new("You are not signed in.", "Vous n’êtes pas connecté.");
    private static readonly Words NotAnAddress = new("“{0}” is not the address of a server. Example: https://depart.example.com", "« {0} » n’est pas l’adresse d’un serveur. Exemple : https://depart.exemple.fr");

    public static Command Login()
    {
        var url = new Argument<string>("url") { Description = Terminal.Say(new("https://depart.example.com", "https://depart.exemple.fr")) };
        var mail = new Option<string?>("--mail") { Description = Terminal.Say(new("Asked when missing. The password is always asked.", "Demandée si absente. Le mot de passe est toujours demandé.")) };
        var command = new Command("login", Terminal.Say(new("Signs in to a server and keeps a token.", "Se connecte à un serveur et garde un jeton."))) { url, mail };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetValue(url)!;
            if (!Uri.TryCreate(wanted, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new CommandFailed(NotAnAddress.With(wanted).ToString(), Terminal.ExitUsage);
            }

            using var api = new ApiClient(address.GetLeftPart(UriPartial.Authority), token: null);
            return await EnterAsync(api, parsed, parsed.GetValue(mail) ?? Ask(MailPrompt), AskSecretly(PasswordPrompt), cancellation);
        });
        return command;
    }

    /// <summary>Uses the link that the server printed at its first start, or an invitation; then signs in.</summary>
    public static Command SetUp()
    {
        var link = new Argument<string>("link") { Description = Terminal.Say(new("The whole link, as the server or an administrator gave it.", "Le lien entier, tel que le serveur ou un administrateur l’a donné.")) };
        var mail = new Option<string?>("--mail") { Description = Terminal.Say(new("Your address, for the first administrator.", "Votre adresse, pour le premier administrateur.")) };
        var name = new Option<string?>("--name") { Description = Terminal.Say(new("Your name, for the first administrator.", "Votre nom, pour le premier administrateur.")) };
        var command = new Command("set-up", Terminal.Say(new("Begins: makes the first administrator, or takes an invitation; asks for a password.", "Commence : crée le premier administrateur ou accepte une invitation ; demande un mot de passe."))) { link, mail, name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var given = parsed.GetValue(link)!;
            if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
                || Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query)["code"].ToString() is not { Length: > 0 } code)
            {
                throw new CommandFailed(NotALink.ToString(), Terminal.ExitUsage);
            }

            var password = AskSecretly(NewPasswordPrompt);
            if (!Console.IsInputRedirected && AskSecretly(AgainPrompt) != password)
            {
                throw new CommandFailed(SignInText.PasswordsDiffer.Message.ToString(), Terminal.ExitUsage);
            }

            using var api = new ApiClient(address.GetLeftPart(UriPartial.Authority), token: null);
            var begun = (await api.PostAsync("/api/v1/set-up", new SignIn.SetUp(code, password, parsed.GetValue(name), parsed.GetValue(mail)), cancellation))!;
            return await EnterAsync(api, parsed, begun["mail"]!.ToString(), password, cancellation);
        });
        return command;
    }

    private static async Task<int> EnterAsync(ApiClient api, ParseResult parsed, string mail, string password, CancellationToken cancellation)
    {
        var name = $"depart login · {Environment.MachineName}";
        JsonObject created;
        try
        {
            created = (await api.PostAsync("/api/v1/login", new LogIn(mail, password, name), cancellation))!.AsObject();
        }
        catch (CommandFailed failed) when (failed.Problem?["code"]?.ToString() == SecondStepText.CodeNeeded.Code)
        {
            created = (await api.PostAsync("/api/v1/login", new LogIn(mail, password, name, Code: Ask(CodePrompt)), cancellation))!.AsObject();
        }

        var signedIn = new SignedIn(api.Address, created["token"]!.ToString(), created["id"]!.GetValue<Guid>());
        signedIn.Save();
        using var own = new ApiClient(signedIn.Url, signedIn.Token);
        var me = (await own.GetAsync("/api/v1/me", cancellation))!.AsObject();
        if (parsed.GetValue(Terminal.Json))
        {
            Console.WriteLine(me.ToJsonString());
        }

        await Console.Error.WriteLineAsync(Welcome.With(signedIn.Url, me["mail"], name, Said.OnPaper(DateOnly.FromDateTime(created["expiresAt"]!.GetValue<DateTimeOffset>().DateTime))).ToString());
        return Terminal.ExitDone;
    }

    public static Command Logout()
    {
        var command = new Command("logout", Terminal.Say(new("Revokes the token that login keeps.", "Révoque le jeton que garde login.")));
        command.SetAction(async (_, cancellation) =>
        {
            if (SignedIn.Load() is not { } kept)
            {
                throw new CommandFailed(NotSignedIn.ToString(), Terminal.ExitFailed);
            }

            SignedIn.Forget();
            using var api = new ApiClient(kept.Url, kept.Token);
            try
            {
                await api.DeleteAsync($"/api/v1/tokens/{kept.Id}", cancellation);
            }
            catch (CommandFailed failed)
            {
                throw new CommandFailed(Forgotten.With(kept.Url, failed.Message).ToString(), Terminal.ExitPartly);
            }

            await Console.Error.WriteLineAsync(Bye.With(kept.Url).ToString());
            return Terminal.ExitDone;
        });
        return command;
    }

    private static string Ask(Words prompt)
    {
        Console.Error.Write(prompt);
        return Console.ReadLine() ?? "";
    }

    /// <summary>Without echo; from a pipe, one line.</summary>
    internal static string AskSecretly(Words prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.ReadLine() ?? "";
        }

        Console.Error.Write(prompt);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}

/// <summary>What <c>login</c> keeps. <c>DEPART_URL</c> and <c>DEPART_TOKEN</c> win over it.</summary>
internal sealed record SignedIn(string Url, string Token, Guid Id)
{
    private static string File => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set
            ? set
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "depart",
        "login.json");

    public static SignedIn? Load()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonSerializer.Deserialize<SignedIn>(System.IO.File.ReadAllText(File), ApiJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static void Forget() => System.IO.File.Delete(File);

    /// <summary>Written beside and moved: never half a file, never readable by others.</summary>
    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var beside = File + ".new";
        System.IO.File.Delete(beside);
        using (var writer = new StreamWriter(beside, options))
        {
            writer.Write(JsonSerializer.Serialize(this, ApiJson.Options));
        }

        System.IO.File.Move(beside, File, overwrite: true);
    }
}
