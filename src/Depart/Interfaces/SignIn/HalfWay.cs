using System.Text.Json;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.DataProtection;

namespace Depart.Interfaces.SignIn;

/// <summary>Somebody whose first proof was right and who still owes a code: a short-lived cookie, closed with the server's keys, that opens nothing by itself.</summary>
internal sealed class HalfWay(IDataProtectionProvider protection)
{
    private const string Cookie = "depart-half";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("depart.half-way").ToTimeLimitedDataProtector();

    /// <summary>Leaves it for the page that asks for the code.</summary>
    public void Leave(HttpContext http, User user) =>
        http.Response.Cookies.Append(Cookie, Protector.Protect(JsonSerializer.Serialize(new Waiting(user.Id, user.Stamp), ApiJson.Options), Life), Options(http));

    /// <summary>Who is half way in, or null: nobody, or too long ago.</summary>
    public Waiting? Of(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Cookie] is { Length: > 0 } left ? JsonSerializer.Deserialize<Waiting>(Protector.Unprotect(left), ApiJson.Options) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    /// <summary>They are in, or begin again.</summary>
    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options(http));

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };

    /// <summary>Who waits; another password or the like since, and it counts no more.</summary>
    internal sealed record Waiting(UserId User, Guid Stamp);
}
