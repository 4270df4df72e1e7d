using System.Text.Json;
using Microsoft.Playwright;

namespace Depart.Browser.Given;

/// <summary>An authenticator that the browser plays: always at hand, with a user whom it has verified.</summary>
internal sealed class Authenticator
{
    private readonly ICDPSession devtools;
    private readonly string id;

    private Authenticator(ICDPSession devtools, string id) => (this.devtools, this.id) = (devtools, id);

    /// <summary>Gives a page one, which holds <paramref name="held"/>: the same device in another browser.</summary>
    public static async Task<Authenticator> OnAsync(IPage page, IReadOnlyList<JsonElement>? held = null)
    {
        // Always at hand, it would answer what the browser only offers to fill in with.
        await page.AddInitScriptAsync("if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);");
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        var added = await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        var made = new Authenticator(devtools, added!.Value.GetProperty("authenticatorId").GetString()!);
        foreach (var credential in held ?? [])
        {
            await devtools.SendAsync("WebAuthn.addCredential", new() { ["authenticatorId"] = made.id, ["credential"] = credential });
        }

        return made;
    }

    /// <summary>What it holds.</summary>
    public async Task<IReadOnlyList<JsonElement>> HeldAsync() =>
        [.. (await devtools.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = id }))!.Value.GetProperty("credentials").EnumerateArray()];

    /// <summary>Whether it verifies its user from now on.</summary>
    public Task VerifiesAsync(bool verifies) => devtools.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = verifies });
}
