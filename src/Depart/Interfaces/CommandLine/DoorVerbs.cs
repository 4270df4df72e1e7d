using System.CommandLine;
using Depart.Foundation;
using Depart.Step7OnePlatform.Portal;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures door</c>: the leaver's own door to a departure.</summary>
internal static class DoorVerbs
{
    private static readonly Words State = new("{0}; until {1}; last used {2}", "{0} ; jusqu’au {1} ; dernier passage {2}");

    public static Command Create()
    {
        var show = Verb("show", new("Whether it is open, until when, and who came.", "Indique s’il est ouvert, jusqu’à quand, et qui est venu."));
        show.Command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var door = (await api.GetAsync(Path(parsed.GetValue(show.Id)!), cancellation))!;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(door.ToJsonString());
                return Terminal.ExitDone;
            }

            var (open, opened) = (door["open"]!.GetValue<bool>(), door["opened"]!.GetValue<bool>());
            Console.WriteLine(State.With(open ? DoorText.Open : opened ? DoorText.Closed : DoorText.NotOpened, door["until"], door["lastUsedAt"]?.ToString() ?? "-"));
            foreach (var way in door["ways"]!.AsArray())
            {
                Console.WriteLine($"{way!["at"]}  {DoorText.Of(ApiClient.Read<WayInKind>(way["kind"]))}  {way["usedAt"]?.ToString() ?? "-"}");
            }

            foreach (var passkey in door["passkeys"]!.AsArray())
            {
                Console.WriteLine($"{passkey!["at"]}  {DoorText.PasskeyOfLeaver}  {passkey["lastUsedAt"]?.ToString() ?? "-"}");
            }

            return Terminal.ExitDone;
        });
        var to = Choices.Required<DoorRecipient>("--to");
        var send = Verb("send", new("Sends the leaver a link: to the private address, or to the supplier’s contact, who passes it on.", "Envoie un lien au consultant : à l’adresse privée, ou au contact du prestataire, qui le transmet."));
        send.Command.Options.Add(to);
        send.Command.SetAction((parsed, cancellation) => ActAsync((api, path) => api.PostAsync(path + "/links", new SendDoorLink.Body(parsed.GetValue(to)), cancellation), parsed.GetValue(send.Id)!));
        var code = Verb("code", new("Makes a code to be handed over on paper, and shows it once.", "Crée un code à remettre sur papier, et l’affiche une fois."));
        code.Command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var made = (await api.PostAsync(Path(parsed.GetValue(code.Id)!) + "/code", null, cancellation))!;
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? made.ToJsonString() : made["code"]!.ToString());
            return Terminal.ExitDone;
        });
        var until = Days.Required("--until");
        var keep = Verb("keep", new("Keeps it open until the end of a day; opens it again when it was closed.", "Le garde ouvert jusqu’à la fin d’un jour ; le rouvre s’il était fermé."));
        keep.Command.Options.Add(until);
        keep.Command.SetAction((parsed, cancellation) => ActAsync((api, path) => api.PutAsync(path, new KeepOwnDoor.Body(parsed.GetValue(until)), cancellation), parsed.GetValue(keep.Id)!));
        var close = Verb("close", new("Closes it at once; links, codes, passkeys and sessions end.", "Le ferme tout de suite ; liens, codes, clés d’accès et sessions prennent fin."));
        close.Command.SetAction((parsed, cancellation) => ActAsync((api, path) => api.DeleteAsync(path, cancellation), parsed.GetValue(close.Id)!));
        return new("door", Terminal.Say(new("The leaver’s own door: an access that outlives the company’s accounts.", "L’espace du consultant : un accès qui survit aux comptes de l’entreprise."))) { show.Command, send.Command, code.Command, keep.Command, close.Command };
    }

    private static (Command Command, Argument<string> Id) Verb(string name, Words help)
    {
        var id = new Argument<string>("id");
        return (new(name, Terminal.Say(help)) { id }, id);
    }

    private static async Task<int> ActAsync(Func<ApiClient, string, Task> act, string departure)
    {
        using var api = new ApiClient();
        await act(api, Path(departure));
        return Terminal.ExitDone;
    }

    private static string Path(string departure) => $"/api/v1/departures/{Uri.EscapeDataString(departure)}/door";
}
