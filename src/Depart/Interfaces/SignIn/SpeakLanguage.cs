using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.Localization;

namespace Depart.Interfaces.SignIn;

/// <summary>Keeps the language that one reads, in which mails are written: <c>fr</c> or <c>en</c>.</summary>
/// <remarks><paramref name="Offered"/>: by the browser and not by a choice; then it is kept only where there is none yet.</remarks>
internal sealed record SpeakLanguage(string Language, bool Offered = false) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/me/language", (Body body, ApiDoor door) => door.SendAsync(new SpeakLanguage(body.Language ?? ""))).WithTags("Users");

    public IEnumerable<Problem> Check()
    {
        if (Language is not ("fr" or "en"))
        {
            yield return Problem.Invalid(nameof(Language), "language-unknown", SettingsText.LanguageUnknown);
        }
    }

    /// <summary>The language in which a request is read, where its browser names one; null otherwise.</summary>
    public static string? Of(HttpContext http) => http.Features.Get<IRequestCultureFeature>() is { Provider: not null, RequestCulture.UICulture: var culture }
        ? culture.TwoLetterISOLanguageName == "fr" ? "fr" : "en"
        : null;

    /// <summary>Keeps the language that is posted with a choice, for whoever is signed in.</summary>
    public static async ValueTask<object?> KeepAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var http = call.HttpContext;
        if (http.User.Identity?.IsAuthenticated == true && http.Request.HasFormContentType && http.Request.Form["language"].ToString() is "fr" or "en")
        {
            await http.RequestServices.GetRequiredService<Dispatcher>()
                .SendAsync(new SpeakLanguage(http.Request.Form["language"].ToString()), Actor.From(http.User), http.RequestAborted);
        }

        return await next(call);
    }

    internal sealed record Body(string? Language);

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<SpeakLanguage, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SpeakLanguage command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            if (user.Language == command.Language || (command.Offered && user.Language is not null))
            {
                return Done.Value;
            }

            user.Speak(command.Language);
            journal.Record(UserFacts.Of(user, "user.language-kept", ("language", command.Language)));
            return Done.Value;
        }
    }
}
