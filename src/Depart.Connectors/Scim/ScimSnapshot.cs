using System.Text.Json;

namespace Depart.Connectors.Scim;

/// <summary>What an account was before the cut.</summary>
internal sealed record ScimSnapshot(bool Active, IReadOnlyDictionary<string, string> Groups)
{
    public static ScimSnapshot? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ScimSnapshot>(text) is { Groups: not null } snapshot ? snapshot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this);
}
