using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures.Embargoes;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures embargo</c>: who knows of a departure before its cut.</summary>
internal static class EmbargoVerbs
{
    private static readonly Words NobodyCalled = new("Nobody who may be named is called “{0}”.", "Aucune personne pouvant être nommée ne s’appelle « {0} ».");
    private static readonly Words SeveralCalled = new("Several are called “{0}”: {1}.", "Plusieurs personnes s’appellent « {0} »\u00a0: {1}.");

    public static Command Create()
    {
        var id = new Argument<string>("id");
        var show = new Command("show", Terminal.Say(new("Who knows of it.", "Qui est dans la confidence."))) { id };
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var embargo = (await api.GetAsync(Path(parsed.GetValue(id)!), cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(embargo.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var user in embargo["confidants"]!.AsArray())
            {
                Console.WriteLine(user!["name"]);
            }

            return Terminal.ExitDone;
        });
        var user = new Argument<string>("user") { Description = Terminal.Say(new("A user’s name or identifier.", "Le nom ou l’identifiant d’un utilisateur.")) };
        var name = new Command("name", Terminal.Say(new("Lets one more user know.", "Met une personne de plus dans la confidence."))) { id, user };
        name.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = Path(parsed.GetValue(id)!);
            foreach (var known in await ConfidantsAsync(api, path, "offered", [parsed.GetValue(user)!], cancellation))
            {
                await api.PostAsync(path + "/confidants", new NameConfidant.Body(known), cancellation);
            }

            return Terminal.ExitDone;
        });
        var lift = new Command("lift", Terminal.Say(new("Lets everybody know who sees departures.", "Lève l’embargo\u00a0: le départ est visible de tous ceux qui voient les départs."))) { id };
        lift.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            await api.PostAsync(Path(parsed.GetValue(id)!) + "/lift", null, cancellation);
            return Terminal.ExitDone;
        });
        return new("embargo", Terminal.Say(new("Who knows of a departure before its cut.", "Qui connaît un départ avant sa coupure."))) { show, name, lift };
    }

    /// <summary>The option that names one of the few; may come several times.</summary>
    public static Option<string[]> Option() => new("--confidant")
    {
        HelpName = "USER", Description = Terminal.Say(new("Who else knows: a user’s name or identifier; once for each.", "Qui d’autre est dans la confidence\u00a0: le nom ou l’identifiant d’un utilisateur ; une fois pour chacun.")),
    };

    /// <summary>The users meant, among those that the server offers there.</summary>
    public static async Task<IReadOnlyList<Guid>> ConfidantsAsync(ApiClient api, string path, string? member, string[]? said, CancellationToken cancellation)
    {
        if (said is null or [])
        {
            return [];
        }

        var answer = (await api.GetAsync(path, cancellation))!;
        var offered = (member is null ? answer : answer[member]!).AsArray().OfType<JsonObject>().ToList();
        return [.. said.Select(one =>
        {
            var meant = offered.Where(user => user["user"]!.ToString() == one || SearchText.Of(user["name"]!.ToString()) == SearchText.Of(one)).ToList();
            return meant switch
            {
                [var found] => found["user"]!.GetValue<Guid>(),
                [] => throw new CommandFailed(NobodyCalled.With(one).ToString(), Terminal.ExitFailed),
                _ => throw new CommandFailed(SeveralCalled.With(one, string.Join(", ", meant.Select(user => user["user"]!.ToString()))).ToString(), Terminal.ExitFailed),
            };
        })];
    }

    private static string Path(string departure) => $"/api/v1/departures/{Uri.EscapeDataString(departure)}/embargo";
}
