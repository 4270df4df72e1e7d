using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;
using Depart.Interfaces.Demo;
using Depart.Interfaces.SignIn.Providers;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// What the forms of sign-in post to. Each answers a redirect to <c>returnUrl</c>, or back to its page with <c>?problem=CODE</c>
/// (<see cref="SignInText.OfCode"/>); a caller that accepts JSON gets 204 or problem details instead.
/// </summary>
internal static class SignInForms
{
    /// <summary>Maps them; the demo's only in the demo.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app, bool demo)
    {
        // A form may share the address of its page: the form comes first.
        var forms = app.MapGroup("").ExcludeFromDescription().WithOrder(-1);
        forms.MapPost("/sign-in", (HttpContext context, SignInDoor door) => PostAsync(context, Session.SignInPath, async form =>
            await EnterAsync(context, door, await door.SignInAsync(form["mail"], form["password"], context.RequestAborted), SignInMethod.Password), typed: ["mail"])).AllowAnonymous();
        forms.MapPost(Session.CodePath, (HttpContext context, SignInDoor door, HalfWay half) => PostAsync(context, Session.CodePath, async form =>
        {
            var second = await door.SecondAsync(half.Of(context), form["code"], context.RequestAborted);
            if (!second.Ok)
            {
                return second.Problem;
            }

            HalfWay.Forget(context);
            return await Session.OpenAsync(context, second.Value, SignInMethod.PasswordAndCode);
        })).AllowAnonymous();
        forms.MapPost("/sign-out", async (HttpContext context, Dispatcher dispatcher) =>
        {
            string? provider = null;
            var answer = await PostAsync(context, "/", async _ =>
            {
                if (Actor.From(context.User) is { Session: { } session } actor)
                {
                    provider = await ProviderRoutes.LeaveIdTokenAsync(context, session);
                    await dispatcher.SendAsync(new EndSession(session), actor, context.RequestAborted);
                }

                await context.SignOutAsync(Session.Scheme);
                return null;
            }, after: Session.SignInPath);

            // The session of the provider goes on: the next page offers to end it too.
            return provider is not null && answer is RedirectHttpResult { Url: Session.SignInPath } ? TypedResults.Redirect(Session.SignInPath + QueryString.Create("out", provider)) : answer;
        }).AllowAnonymous();
        forms.MapGet("/form-token", (HttpContext context, IAntiforgery antiforgery) =>
        {
            var tokens = antiforgery.GetAndStoreTokens(context);
            return TypedResults.Ok(new FormToken(tokens.FormFieldName, tokens.RequestToken!));
        }).AllowAnonymous();
        forms.MapPost(Session.SetUpPath, (HttpContext context, Dispatcher dispatcher, SignInDoor door) => PostAsync(context, Session.SetUpPath, async form =>
        {
            var done = form["again"] != form["password"] ? SignInText.PasswordsDiffer : await dispatcher.SendAsync(
                new SetUp(form["code"].ToString(), form["password"].ToString(), form["name"], form["mail"]), Actor.From(context.User), context.RequestAborted);
            return done.Ok ? await EnterAsync(context, door, await door.SignInAsync(done.Value.Mail, form["password"], context.RequestAborted), SignInMethod.Link) : done.Problem;
        }, keep: "code", typed: ["name", "mail"])).AllowAnonymous();
        forms.MapPost("/account/password", (HttpContext context, Dispatcher dispatcher, SignInDoor door) => PostAsync(context, Session.AccountPath, async form =>
        {
            if (form["again"] != form["password"])
            {
                return SignInText.PasswordsDiffer;
            }

            // Whoever has none yet, but a passkey, has proved by it who they are.
            var (actor, provedAt) = (Actor.From(context.User), Actor.ProvedAtOf(context.User));
            if ((await door.WaysAsync(actor.User ?? Guid.Empty, context.RequestAborted)).Password)
            {
                var proved = await door.ProveAsync(actor.User ?? Guid.Empty, form["old"], context.RequestAborted);
                if (!proved.Ok)
                {
                    return proved.Problem;
                }

                provedAt = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            }

            var changed = await dispatcher.SendAsync(new ChangePassword(form["password"].ToString()), actor, new() { ProvedAt = provedAt }, context.RequestAborted);
            if (changed.Ok)
            {
                await Session.RenewAsync(context);
            }

            return changed.Problem;
        }, after: Session.AccountPath));
        forms.MapPost("/account/prove", (HttpContext context, SignInDoor door) => PostAsync(context, Session.AccountPath, async form =>
        {
            var proved = await door.ProveAsync(Actor.From(context.User).User ?? Guid.Empty, form["password"], context.RequestAborted);
            if (!proved.Ok)
            {
                return proved.Problem;
            }

            await Session.RenewAsync(context);
            return null;
        }, backToReturnUrl: true));
        forms.MapPasskeys();
        forms.MapProviders();
        if (demo)
        {
            forms.MapPost("/sign-in/demo", (HttpContext context, SignInDoor door) => PostAsync(context, Session.SignInPath, async form =>
                DemoUsers.MailOf(form["role"]) is { } mail
                    ? await EnterAsync(context, door, await door.SignInAsync(mail, context.RequestAborted), SignInMethod.Demo)
                    : SignInText.NoSuchDemoRole)).AllowAnonymous();
        }
    }

    /// <summary>Whether an address stays on this server: an open redirect would lend our name to another site.</summary>
    public static bool IsLocal(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl);

    /// <summary>The hidden field that a form made by a script must send along; other sites cannot read it.</summary>
    internal sealed record FormToken(string Field, string Value);

    /// <summary>Lets in whoever was recognised; with a second step they go to the page of the code first. One click of the demo needs none.</summary>
    private static async Task<Problem?> EnterAsync(HttpContext context, SignInDoor door, Outcome<User> outcome, SignInMethod method)
    {
        if (!outcome.Ok)
        {
            return outcome.Problem;
        }

        if (method != SignInMethod.Demo && await door.NeedsCodeAsync(outcome.Value.Id, context.RequestAborted))
        {
            context.RequestServices.GetRequiredService<HalfWay>().Leave(context, outcome.Value);
            return SecondStepText.CodeNeeded;
        }

        return await Session.OpenAsync(context, outcome.Value, method);
    }

    /// <summary>Reads a form and answers as all of them do; <paramref name="act"/> says what is wrong, or null.</summary>
    internal static async Task<IResult> PostAsync(HttpContext context, string page, Func<IFormCollection, Task<Problem?>> act, string after = "/", string? keep = null, string[]? typed = null, bool backToReturnUrl = false)
    {
        string? wanted = null;
        string? kept = null;
        Problem? problem;
        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            wanted = IsLocal(form[Session.ReturnUrl]) ? form[Session.ReturnUrl].ToString() : null;
            kept = keep is not null && form[keep] is [{ Length: > 0 } value] ? value : null;
            problem = await act(form);
            if (problem is not null && typed is not null)
            {
                context.RequestServices.GetRequiredService<Notices>().LeaveTyped(context, typed.ToDictionary(name => name, name => form[name].ToString(), StringComparer.Ordinal));
            }
        }
        catch (AntiforgeryValidationException)
        {
            problem = SignInText.FormExpired;
        }

        if (context.Request.GetTypedHeaders().Accept.Any(type => type.MatchesMediaType("application/json") && !type.MatchesAllTypes))
        {
            return problem is null ? TypedResults.NoContent() : ApiDoor.Failed(problem);
        }

        return TypedResults.Redirect(problem is null ? wanted ?? after : Back());

        string Back()
        {
            if (problem.Code == SecondStepText.CodeNeeded.Code)
            {
                return Session.CodePath + (wanted is null ? "" : QueryString.Create(Session.ReturnUrl, wanted));
            }

            if (backToReturnUrl && wanted is not null)
            {
                return $"{wanted}{(wanted.Contains('?', StringComparison.Ordinal) ? '&' : '?')}problem={problem.Code}";
            }

            var query = QueryString.Create("problem", problem.Code);
            query = kept is null ? query : query.Add(keep!, kept);
            return page + (wanted is null ? query : query.Add(Session.ReturnUrl, wanted));
        }
    }
}

/// <summary>
/// Changes made with the cookie must come from our own pages: the browser says where a request comes from. A token is sent on
/// purpose and needs no such check.
/// </summary>
internal static class SameSite
{
    public static IApplicationBuilder UseSameSite(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || request.Headers.Authorization.Count > 0
            || ComesFromHere(request))
        {
            await next(context);
            return;
        }

        await ApiDoor.Failed(SignInText.CrossSite).ExecuteAsync(context);
    });

    private static bool ComesFromHere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none";
        }

        return request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }
}
