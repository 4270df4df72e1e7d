using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;
using Microsoft.AspNetCore.Components;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>A page before the leaver's own door: whoever comes is nobody, whatever account they have signed in with.</summary>
public abstract class EntrancePage : DepartPage
{
    private Actor me = Actor.Nobody;

    [Inject]
    private DoorTries Tries { get; set; } = null!;

    [Inject]
    private OwnPasskeys Passkeys { get; set; } = null!;

    private protected override Actor Me => me;

    /// <summary>Counts a link asked for; false when there were too many from here.</summary>
    private protected bool MayAsk() => Tries.Asked(Http);

    /// <summary>Uses a passkey; wrong ones are counted like wrong codes.</summary>
    private protected async Task EnterByPasskeyAsync()
    {
        if (await Passkeys.EnterAsync(Http, Posted("credential")) is { Ok: true } entered)
        {
            await PortalSession.EnterAsync(Http, entered.Value);
            Go(PortalPaths.Home);
            return;
        }

        Fail(Tries.Wrong(Http) ? PortalText.PasskeyRefused : PortalText.TooManyPasskeys);
    }

    /// <summary>Uses a code. What is good always passes; what is not is counted, and answered the same whatever the cause.</summary>
    private protected async Task EnterAsync(string code)
    {
        if (code.Length == 0)
        {
            Fail(Problem.Required("code", PortalText.Code));
            return;
        }

        var owner = await TryAskAsync(new ReadWayIn(code));
        if (!owner.Ok)
        {
            Fail((Tries.Wrong(Http) ? PortalText.WayGone : PortalText.TooMany) with { Field = "code" });
            return;
        }

        me = Actor.ByLink(owner.Value.Person, owner.Value.Name);
        if (await SendAsync(new EnterPortal(code)) is { Ok: true } entered)
        {
            await PortalSession.EnterAsync(Http, entered.Value);
            Go(PortalPaths.Home);
        }
    }
}

/// <summary>A page behind the leaver's own door; without a session it leads to the entrance.</summary>
public abstract class OwnPage : DepartPage
{
    private (Guid Session, Actor Actor)? inside;

    [Inject]
    private OwnPasskeys Passkeys { get; set; } = null!;

    private protected override Actor Me => inside?.Actor ?? Actor.Nobody;

    /// <summary>Whether somebody came through the door. Called first; otherwise the page goes to the entrance and shows nothing.</summary>
    private protected async Task<bool> IsInsideAsync()
    {
        inside = await PortalSession.OfAsync(Http);
        if (inside is null)
        {
            Go(PortalPaths.Entrance);
        }

        return inside is not null;
    }

    /// <summary>Keeps a passkey that this browser has made.</summary>
    private protected async Task KeepPasskeyAsync()
    {
        if (inside is not { } here)
        {
            return;
        }

        var kept = await Passkeys.KeepAsync(Http, here, Posted("credential"));
        if (kept.Ok)
        {
            Go(PortalPaths.Home, PortalText.PasskeyAdded);
        }
        else
        {
            Fail(kept.Problem);
        }
    }

    /// <summary>Removes one of the leaver's passkeys.</summary>
    private protected async Task RemovePasskeyAsync(Guid passkey)
    {
        if (inside is { } here && (await SendAsync(new RemoveOwnPasskey(here.Session, passkey))).Ok)
        {
            Go(PortalPaths.Home, PasskeyText.Removed);
        }
    }

    /// <summary>Ends the session in this browser.</summary>
    private protected async Task LeaveAsync()
    {
        if (inside is { } here)
        {
            await SendAsync(new LeavePortal(here.Session));
            await PortalSession.LeaveAsync(Http);
        }

        Go(PortalPaths.Entrance, PortalText.Left);
    }
}
