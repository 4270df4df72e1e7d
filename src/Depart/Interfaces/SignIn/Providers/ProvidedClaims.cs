using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>What a provider says of somebody: its ID token, whose signature was checked, then what its userinfo endpoint adds.</summary>
internal sealed class ProvidedClaims
{
    private readonly JsonElement[] sources;

    private ProvidedClaims(JsonElement[] sources) => this.sources = sources;

    /// <summary>Reads them; <paramref name="idToken"/> has been validated.</summary>
    public static ProvidedClaims Of(string idToken, string? userInfo)
    {
        List<JsonElement> said = [Read(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(idToken.Split('.')[1])))];
        if (userInfo is not null)
        {
            said.Add(Read(userInfo));
        }

        return new([.. said]);
    }

    /// <summary>The provider's identifier of the user.</summary>
    public string Subject => sources[0].GetProperty("sub").GetString()!;

    /// <summary>The provider's identifier of its session, or null.</summary>
    public string? Session => Text(sources[0], "sid");

    /// <summary>When the user last proved to the provider who they are, or null: the ID token alone says so.</summary>
    public DateTimeOffset? ProvedAt => Find(sources[0], "auth_time") is { ValueKind: JsonValueKind.Number } at && at.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A text, or null.</summary>
    public string? Text(string claim) => sources.Select(source => Text(source, claim)).FirstOrDefault(text => text is not null);

    /// <summary>The address, where the provider says that it verified this very one; what is said of another does not count.</summary>
    public (string? Mail, bool Verified) Mail(string claim)
    {
        var mail = Text(claim)?.Trim();
        return (mail, mail is not null && sources.Any(source => string.Equals(Text(source, claim)?.Trim(), mail, StringComparison.OrdinalIgnoreCase) && IsTrue(Find(source, "email_verified"))));
    }

    /// <summary>The values of a claim that holds several, or one; empty without it.</summary>
    public IReadOnlyList<string> Values(string claim) => [.. sources.SelectMany(source => Find(source, claim) switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!),
        _ => Enumerable.Empty<string>(),
    }).Distinct(StringComparer.Ordinal)];

    private static JsonElement Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement source, string claim) => Find(source, claim) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // Some providers write it as a text.
    private static bool IsTrue(JsonElement? value) => value is { ValueKind: JsonValueKind.True } || (value is { ValueKind: JsonValueKind.String } text && text.GetString() == "true");

    /// <summary>A claim by its whole name, dots and all; otherwise dots lead into objects.</summary>
    private static JsonElement? Find(JsonElement source, string claim)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (source.TryGetProperty(claim, out var found))
        {
            return found;
        }

        return claim.Split('.', 2) is [var first, var rest] && source.TryGetProperty(first, out var within) ? Find(within, rest) : null;
    }
}
