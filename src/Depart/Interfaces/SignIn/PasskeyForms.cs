using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>What the buttons of passkeys post to: first for what to ask the device, then with what it gave.</summary>
internal static class PasskeyForms
{
    /// <summary>Where one's passkeys are.</summary>
    public const string PagePath = "/account/passkeys";

    public static void MapPasskeys(this RouteGroupBuilder forms)
    {
        forms.MapPost("/sign-in/passkey/options", async (HttpContext http, PasskeyDoor door) => Json(await door.AskToUseAsync(http))).AllowAnonymous();
        forms.MapPost("/sign-in/passkey", (HttpContext http, PasskeyDoor door) => SignInForms.PostAsync(http, Session.SignInPath, async form =>
        {
            // The device has verified its user: that and its key are two factors, so no code is asked.
            var user = await door.UseAsync(http, form["credential"]);
            return user.Ok ? await Session.OpenAsync(http, user.Value, SignInMethod.Passkey) : user.Problem;
        })).AllowAnonymous();
        forms.MapPost("/account/prove/passkey/options", async (HttpContext http, PasskeyDoor door) => Json(await door.AskToUseAsync(http)));
        forms.MapPost("/account/prove/passkey", (HttpContext http, PasskeyDoor door, Dispatcher dispatcher) => SignInForms.PostAsync(http, Session.AccountPath, async form =>
        {
            var (actor, user) = (Actor.From(http.User), await door.UseAsync(http, form["credential"]));
            if (!user.Ok)
            {
                return user.Problem;
            }

            if (user.Value.Id.Value != actor.User)
            {
                return PasskeyText.OfAnother;
            }

            await dispatcher.SendAsync(new NoteProof(SignInMethod.Passkey), actor, http.RequestAborted);
            await Session.RenewAsync(http, apart: true);
            return null;
        }, backToReturnUrl: true));
        forms.MapPost("/account/passkeys/options", async (HttpContext http, PasskeyDoor door, Dispatcher dispatcher) =>
        {
            var actor = Actor.From(http.User);
            var me = await dispatcher.AskAsync(new WhoAmI(), actor, http.RequestAborted);
            return me.Value?.Mail is { } mail ? Json(await door.AskToMakeAsync(http, actor, mail)) : Results.Forbid();
        });
        forms.MapPost("/account/passkeys/made", (HttpContext http, PasskeyDoor door, Notices notices) => SignInForms.PostAsync(http, PagePath, async form =>
        {
            var kept = await door.KeepAsync(http, Actor.From(http.User), form["credential"], form["name"].ToString(), new() { ProvedAt = Actor.ProvedAtOf(http.User) });
            if (kept.Ok)
            {
                notices.Leave(http, PasskeyText.Added);
            }

            return kept.Problem;
        }, after: PagePath));
    }

    private static IResult Json(string options) => Results.Text(options, "application/json");
}
