using Depart.Foundation.Door;

namespace Depart.Given;

/// <summary>A browser that has signed in.</summary>
internal static class SignedIn
{
    /// <summary>The password of everyone made here.</summary>
    public const string Password = "une phrase de passe assez longue 7";

    /// <summary>Adds a user of a role and signs in.</summary>
    public static async Task<Browser> SignInAsync(this DepartApp app, Role role)
    {
        var mail = $"{role.ToString().ToLowerInvariant()}@exemple.fr";
        await app.AddUserAsync(mail, Password, role);
        var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", mail), ("password", Password));
        return browser;
    }
}
