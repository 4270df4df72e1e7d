using System.CommandLine;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Step7OnePlatform.Portal;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures door</c>: the leaver's own door to a departure.</summary>
internal static class DoorVerbs
{
    private static readonly Words Stands = new("{0}. {1} {2}. {3}", "{0}. {1} {2}. {3}");
    private static readonly Words LastUsed = new("Last used {0}.", "Dernier passage : {0}.");
    private static readonly Words Never = new("Nobody came yet.", "Personne n’est encore venu.");

    public static Command Create()
    {
        var show = Verb("show", new("Whether it is open, until when, and who came.", "Indique s’il est ouvert, jusqu’à quand, et qui est venu."));
        show.Command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            return await ShowAsync(api, parsed, parsed.GetValue(show.Id)!, cancellation);
        });
        var to = Choices.Required<DoorRecipient>("--to");
        var send = Verb("send", new("Sends the leaver a link: to the private address, or to the supplier’s contact, who passes it on.", "Envoie un lien au consultant : à l’adresse privée, ou au contact du prestataire, qui le transmet."));
        send.Command.Options.Add(to);
        send.Command.SetAction((parsed, cancellation) => ActAsync(parsed, (api, path) => api.PostAsync(path + "/links", new SendDoorLink.Body(parsed.GetValue(to)), cancellation), parsed.GetValue(send.Id)!, DoorText.Sent, cancellation));
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
        keep.Command.SetAction((parsed, cancellation) => ActAsync(parsed, (api, path) => api.PutAsync(path, new KeepOwnDoor.Body(parsed.GetValue(until)), cancellation), parsed.GetValue(keep.Id)!, DoorText.Kept, cancellation));
        var close = Verb("close", new("Closes it at once; links, codes, passkeys and sessions end.", "Le ferme tout de suite ; liens, codes, clés d’accès et sessions prennent fin."));
        close.Command.SetAction((parsed, cancellation) => ActAsync(parsed, (api, path) => api.DeleteAsync(path, cancellation), parsed.GetValue(close.Id)!, DoorText.ClosedNow, cancellation));
        return new("door", Terminal.Say(new("The leaver’s own door: an access that outlives the company’s accounts.", "L’espace du consultant : un accès qui survit aux comptes de l’entreprise."))) { show.Command, send.Command, code.Command, keep.Command, close.Command };
    }

    private static (Command Command, Argument<string> Id) Verb(string name, Words help)
    {
        var id = new Argument<string>("id");
        return (new(name, Terminal.Say(help)) { id }, id);
    }

    /// <summary>Does it, says so, and shows where the door stands now.</summary>
    private static async Task<int> ActAsync(ParseResult parsed, Func<ApiClient, string, Task> act, string departure, Words done, CancellationToken cancellation)
    {
        using var api = new ApiClient();
        await act(api, Path(departure));
        await Console.Error.WriteLineAsync(done.ToString());
        return await ShowAsync(api, parsed, departure, cancellation);
    }

    private static async Task<int> ShowAsync(ApiClient api, ParseResult parsed, string departure, CancellationToken cancellation)
    {
        var said = (await api.GetAsync(Path(departure), cancellation))!;
        if (parsed.GetValue(Terminal.Json))
        {
            Console.WriteLine(said.ToJsonString());
            return Terminal.ExitDone;
        }

        var door = said.Deserialize<OwnDoorView>(ApiJson.Options)!;
        var zone = LocalInstant.FindZone(door.Zone) ?? TimeZoneInfo.Utc;
        Console.WriteLine(Stands.With(DoorText.StateOf(door), DoorText.UntilOf(door), Said.OnPaper(door.Until), door.LastUsedAt is { } used ? LastUsed.With(Said.OnPaper(used, zone)) : Never));
        foreach (var way in door.Ways)
        {
            Console.WriteLine($"{At(way.At)}  {DoorText.Of(way.Kind)}  {(way.UsedAt is { } at ? $"{DoorText.Used} {At(at)}" : way.EndedAt is not null ? DoorText.Ended : way.ExpiresAt < TimeProvider.System.GetUtcNow() ? DoorText.Expired : $"{DoorText.Good} {DoorText.GoodUntil} {At(way.ExpiresAt)}")}");
        }

        foreach (var passkey in door.Passkeys)
        {
            Console.WriteLine($"{At(passkey.At)}  {DoorText.PasskeyOfLeaver}  {(passkey.LastUsedAt is { } at ? $"{DoorText.LastUsedAt} {At(at)}" : "–")}");
        }

        return Terminal.ExitDone;

        Words At(DateTimeOffset at) => Said.OnPaper(at, zone);
    }

    private static string Path(string departure) => $"/api/v1/departures/{Uri.EscapeDataString(departure)}/door";
}
