using System.Net;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Registers and recognises passkeys by the handler of ASP.NET Core Identity, without the rest of it (docs/decisions/0019-passkeys-of-identity-alone.md). What was asked of the browser lies in a
/// short-lived cookie, closed with the server's keys; what was asked for one kind of passkey answers nothing of the other.
/// </summary>
internal sealed class PasskeyCeremony(DepartDb db, IDataProtectionProvider protection, ILogger<PasskeyCeremony> log)
{
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

    /// <summary>Whether a browser would offer passkeys here at all: they belong to a name, and ask for https unless it is this very machine.</summary>
    public static bool IsPossible(HttpContext http) => !IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out _)
        && (http.Request.IsHttps || http.Request.Host.Host == "localhost" || http.Request.Host.Host.EndsWith(".localhost", StringComparison.Ordinal));

    /// <summary>What to ask a browser for so that it makes a passkey. <paramref name="called"/>: what the device shows beside the name.</summary>
    public async Task<string> AskToMakeAsync(HttpContext http, PasskeyOpens opens, PasskeyOwner owner, string called)
    {
        var made = await Handler(opens).MakeCreationOptionsAsync(new() { Id = owner.Id.ToString(), Name = owner.Name, DisplayName = called }, http);
        Leave(http, opens, made.AttestationState ?? "");
        return made.CreationOptionsJson;
    }

    /// <summary>What a browser made for that owner, or null when it is not what was asked of it.</summary>
    public async Task<UserPasskeyInfo?> MadeAsync(HttpContext http, PasskeyOpens opens, Guid? owner, string? credential)
    {
        var result = await Handler(opens).PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential ?? "", AttestationState = Take(http, opens) });
        if (!result.Succeeded || owner is null || result.UserEntity.Id != owner.ToString())
        {
            PasskeyLog.Refused(log, result.Failure?.Message);
            return null;
        }

        return result.Passkey;
    }

    /// <summary>What to ask a browser for so that it uses a passkey: any of this site's, so nothing is told of anybody.</summary>
    public async Task<string> AskToUseAsync(HttpContext http, PasskeyOpens opens)
    {
        var made = await Handler(opens).MakeRequestOptionsAsync(null, http);
        Leave(http, opens, made.AssertionState ?? "");
        return made.RequestOptionsJson;
    }

    /// <summary>Whose passkey a browser used, or null.</summary>
    public async Task<(PasskeyOwner Owner, UserPasskeyInfo Passkey)?> UsedAsync(HttpContext http, PasskeyOpens opens, string? credential)
    {
        var result = await Handler(opens).PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential ?? "", AssertionState = Take(http, opens) });
        if (!result.Succeeded)
        {
            PasskeyLog.Refused(log, result.Failure?.Message);
            return null;
        }

        return (result.User, result.Passkey);
    }

    /// <summary>The framework's handler asks its user manager only for what <see cref="PasskeyReader"/> reads.</summary>
    private PasskeyHandler<PasskeyOwner> Handler(PasskeyOpens opens) => new(
        new UserManager<PasskeyOwner>(
            new PasskeyReader(db, opens), Options.Create(new IdentityOptions()), new PasswordHasher<PasskeyOwner>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), null!,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<UserManager<PasskeyOwner>>.Instance),
        Rules);

    private ITimeLimitedDataProtector Protector(PasskeyOpens opens) => protection.CreateProtector("depart.passkey", opens.ToString()).ToTimeLimitedDataProtector();

    private void Leave(HttpContext http, PasskeyOpens opens, string state) => http.Response.Cookies.Append(CookieOf(opens), Protector(opens).Protect(state, Life), Kept(http));

    private string? Take(HttpContext http, PasskeyOpens opens)
    {
        http.Response.Cookies.Delete(CookieOf(opens), Kept(http));
        try
        {
            return http.Request.Cookies[CookieOf(opens)] is { Length: > 0 } left ? Protector(opens).Unprotect(left) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static string CookieOf(PasskeyOpens opens) => opens == PasskeyOpens.Account ? "depart-passkey" : "depart-own-door-passkey";

    private static CookieOptions Kept(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}

/// <summary>The passkeys of accounts.</summary>
internal sealed class PasskeyDoor(PasskeyCeremony ceremony, DepartDb db, Dispatcher dispatcher, Guesses guesses)
{
    /// <summary>What to ask a browser for so that it makes a passkey.</summary>
    public Task<string> AskToMakeAsync(HttpContext http, Actor actor, string mail) => ceremony.AskToMakeAsync(http, PasskeyOpens.Account, new(actor.User!.Value, mail), actor.Name);

    /// <summary>Keeps the passkey that a browser made for whoever acts.</summary>
    public async Task<Outcome<Guid>> KeepAsync(HttpContext http, Actor actor, string? credential, string name, RequestContext context) =>
        await ceremony.MadeAsync(http, PasskeyOpens.Account, actor.User, credential) is { } made ? await dispatcher.SendAsync(new AddPasskey(name, made), actor, context, http.RequestAborted) : PasskeyText.NotMade;

    /// <summary>What to ask a browser for so that it uses a passkey.</summary>
    public Task<string> AskToUseAsync(HttpContext http) => ceremony.AskToUseAsync(http, PasskeyOpens.Account);

    /// <summary>Whose passkey a browser used.</summary>
    public async Task<Outcome<User>> UseAsync(HttpContext http, string? credential)
    {
        // A key cannot be guessed; this only bounds what somebody can have computed.
        if (guesses.BeginPasskey(Source.PlaceOf(http)) is not { } attempt)
        {
            return SignInText.Wait;
        }

        if (await ceremony.UsedAsync(http, PasskeyOpens.Account, credential) is not { } used)
        {
            return PasskeyText.NotRecognised;
        }

        var id = UserId.From(used.Owner.Id);
        if (await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Id == id && known.DisabledAt == null, http.RequestAborted) is not { } user)
        {
            return PasskeyText.NotRecognised;
        }

        guesses.Right(attempt);
        var noted = await dispatcher.SendAsync(new UsePasskey(used.Passkey.CredentialId, used.Passkey.SignCount, used.Passkey.IsBackedUp), Actor.Engine, http.RequestAborted);
        return noted.Ok ? user : noted.Problem;
    }
}

internal static partial class PasskeyLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A passkey was refused: {Why}")]
    public static partial void Refused(ILogger log, string? why);
}
