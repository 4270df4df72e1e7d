using System.Net;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Registers and recognises passkeys by the handler of ASP.NET Core Identity, without the rest of it (docs/decisions/0019-passkeys-of-identity-alone.md). What was asked of the browser lies in a
/// short-lived cookie, closed with the server's keys.
/// </summary>
internal sealed class PasskeyDoor(PasskeyReader reader, IDataProtectionProvider protection, Dispatcher dispatcher, Guesses guesses, ILogger<PasskeyDoor> log)
{
    private const string Cookie = "depart-passkey";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private static readonly IOptions<IdentityPasskeyOptions> Rules = Options.Create(new IdentityPasskeyOptions
    {
        // The device asks for a finger, a face or a PIN: possession and that are both factors.
        UserVerificationRequirement = "required",

        // Found without an address being typed.
        ResidentKeyRequirement = "required",
        AttestationConveyancePreference = "none",
        AuthenticatorTimeout = Life,
    });

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("depart.passkey").ToTimeLimitedDataProtector();

    /// <summary>Whether a browser would offer passkeys here at all: they belong to a name, and ask for https unless it is this very machine.</summary>
    public static bool IsPossible(HttpContext http) => !IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out _)
        && (http.Request.IsHttps || http.Request.Host.Host == "localhost" || http.Request.Host.Host.EndsWith(".localhost", StringComparison.Ordinal));

    /// <summary>What to ask a browser for so that it makes a passkey.</summary>
    public async Task<string> AskToMakeAsync(HttpContext http, Actor actor, string mail)
    {
        var made = await Handler().MakeCreationOptionsAsync(new() { Id = actor.User!.Value.ToString(), Name = mail, DisplayName = actor.Name }, http);
        Leave(http, made.AttestationState ?? "");
        return made.CreationOptionsJson;
    }

    /// <summary>Keeps the passkey that a browser made for whoever acts.</summary>
    public async Task<Outcome<Guid>> KeepAsync(HttpContext http, Actor actor, string? credential, string name, RequestContext context)
    {
        var result = await Handler().PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential ?? "", AttestationState = Take(http) });
        if (!result.Succeeded || result.UserEntity.Id != actor.User?.ToString())
        {
            PasskeyLog.Refused(log, result.Failure?.Message);
            return PasskeyText.NotMade;
        }

        return await dispatcher.SendAsync(new AddPasskey(name, result.Passkey), actor, context, http.RequestAborted);
    }

    /// <summary>What to ask a browser for so that it uses a passkey: any of this site's, so nothing is told of anybody.</summary>
    public async Task<string> AskToUseAsync(HttpContext http)
    {
        var made = await Handler().MakeRequestOptionsAsync(null, http);
        Leave(http, made.AssertionState ?? "");
        return made.RequestOptionsJson;
    }

    /// <summary>Whose passkey a browser used.</summary>
    public async Task<Outcome<User>> UseAsync(HttpContext http, string? credential)
    {
        // A key cannot be guessed; this only bounds what somebody can have computed.
        if (guesses.BeginPasskey(Source.PlaceOf(http)) is not { } attempt)
        {
            return SignInText.Wait;
        }

        var result = await Handler().PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential ?? "", AssertionState = Take(http) });
        if (!result.Succeeded || result.User is not { DisabledAt: null } user)
        {
            PasskeyLog.Refused(log, result.Failure?.Message);
            return PasskeyText.NotRecognised;
        }

        guesses.Right(attempt);
        var used = await dispatcher.SendAsync(new UsePasskey(user.Id, result.Passkey.CredentialId, result.Passkey.SignCount, result.Passkey.IsBackedUp), Actor.Engine, http.RequestAborted);
        return used.Ok ? user : used.Problem;
    }

    /// <summary>The framework's handler asks its user manager only for what <see cref="PasskeyReader"/> reads.</summary>
    private PasskeyHandler<User> Handler() => new(
        new UserManager<User>(reader, Options.Create(new IdentityOptions()), new PasswordHasher<User>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), null!, Microsoft.Extensions.Logging.Abstractions.NullLogger<UserManager<User>>.Instance),
        Rules);

    private void Leave(HttpContext http, string state) => http.Response.Cookies.Append(Cookie, Protector.Protect(state, Life), Kept(http));

    private string? Take(HttpContext http)
    {
        http.Response.Cookies.Delete(Cookie, Kept(http));
        try
        {
            return http.Request.Cookies[Cookie] is { Length: > 0 } left ? Protector.Unprotect(left) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Kept(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}

internal static partial class PasskeyLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A passkey was refused: {Why}")]
    public static partial void Refused(ILogger log, string? why);
}
