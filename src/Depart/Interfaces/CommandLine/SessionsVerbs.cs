using System.CommandLine;
using System.Globalization;
using Depart.Foundation;
using Depart.Interfaces.SignIn;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>sessions</c>: the browsers in which one is signed in.</summary>
internal static class SessionsVerbs
{
    private static readonly Words Ended = new("That browser is signed out.", "La session de ce navigateur est fermée.");
    private static readonly Words EndedOne = new("{0} browser is signed out.", "{0} session fermée.");
    private static readonly Words EndedMany = new("{0} browsers are signed out.", "{0} sessions fermées.");
    private static readonly Words None = new("You are signed in in no browser.", "Vous n’êtes connecté dans aucun navigateur.");
    private static readonly Words Which = new("Name one session, or give --all.", "Nommez une session, ou donnez --all.");

    public static Command Create() => new("sessions", Terminal.Say(new("The browsers in which you are signed in.", "Les navigateurs où vous êtes connecté."))) { List(), End() };

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("Your sessions, the one used last first.", "Vos sessions, la dernière utilisée d’abord.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = (await api.GetAsync("/api/v1/sessions", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var row in rows)
            {
                var browser = row!["browser"]!.ToString() is { Length: > 0 } named ? named : SignInPageText.UnknownBrowser.ToString();
                Console.WriteLine($"{row["id"]}  {row["lastSeenAt"]!.GetValue<DateTimeOffset>().ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}  {browser} · {SignInPageText.Of(ApiClient.Read<SignInMethod>(row["method"]))}{(row["address"] is { } address ? $" · {address}" : "")}");
            }

            if (rows.Count == 0)
            {
                await Console.Error.WriteLineAsync(None.ToString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command End()
    {
        var id = new Argument<Guid?>("id") { Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = Terminal.Say(new("All of them.", "Toutes.")) };
        var end = new Command("end", Terminal.Say(new("Signs a browser out at its next request.", "Ferme la session d’un navigateur dès sa prochaine requête."))) { id, all };
        end.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(id) is null == !parsed.GetValue(all))
            {
                throw new CommandFailed(Which.ToString(), Terminal.ExitUsage);
            }

            using var api = new ApiClient();
            var answer = await api.DeleteAsync(parsed.GetValue(id) is { } session ? $"/api/v1/sessions/{session}" : "/api/v1/sessions", cancellation);
            await Console.Error.WriteLineAsync((answer?.GetValue<int>() is { } count ? Words.Count(count, EndedOne, EndedMany) : Ended).ToString());
            return Terminal.ExitDone;
        });
        return end;
    }
}
