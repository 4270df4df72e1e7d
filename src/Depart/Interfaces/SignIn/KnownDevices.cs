using System.Text.Json;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.DataProtection;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// A cookie that says, closed with the server's keys, who signed in before in this browser. It opens nothing: attempts made with it are counted apart from everybody else's
/// (<see cref="Guesses"/>), so that nobody can keep somebody out of their own device by guessing from elsewhere.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection)
{
    private const string Cookie = "depart-device";

    /// <summary>Several people may share a browser.</summary>
    private const int MostUsers = 5;

    private static readonly TimeSpan Life = TimeSpan.FromDays(180);

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("depart.device").ToTimeLimitedDataProtector();

    /// <summary>What identifies this browser for a user who signed in here before, or null.</summary>
    public Guid? Of(HttpContext? http, UserId user) => http is not null && Read(http).FirstOrDefault(mark => mark.User == user) is { } mark ? mark.Device : null;

    /// <summary>A user has just signed in here.</summary>
    public void Remember(HttpContext http, UserId user)
    {
        var known = Read(http);
        Mark[] marks = [known.FirstOrDefault(mark => mark.User == user) ?? new(user, Guid.NewGuid()), .. known.Where(mark => mark.User != user).Take(MostUsers - 1)];
        http.Response.Cookies.Append(Cookie, Protector.Protect(JsonSerializer.Serialize(marks, ApiJson.Options), Life), new()
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true, MaxAge = Life,
        });
    }

    private Mark[] Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } cookie)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Mark[]>(Protector.Unprotect(cookie), ApiJson.Options) ?? [];
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Too old, or made up: a browser like any other.
            return [];
        }
    }

    private sealed record Mark(UserId User, Guid Device);
}
