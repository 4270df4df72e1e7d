using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>A user as the service shows it (RFC 7643, 4.1). Nothing is taken for granted: an odd answer has no values, it does not throw.</summary>
internal sealed class ScimUser(JsonObject body)
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private static readonly string[] RoleAttributes = ["roles", "entitlements"];

    public JsonObject Body { get; } = body;

    public string? Id => Body.Text("id");

    public string? Login => Body.Text("userName");

    /// <summary>The version to name in <c>If-Match</c>, where the service has versions (RFC 7644, 3.14).</summary>
    public string? Version => Body.Text("meta", "version");

    /// <summary>RFC 7643 says boolean; a text is read too; null: the service does not say.</summary>
    public bool? Active => bool.TryParse(Body.Text("active"), out var active) ? active : null;

    public AccountState State => Active switch { false => AccountState.Disabled, true => AccountState.Enabled, null => AccountState.Unknown };

    /// <summary>Groups that the service lists on the user, direct ones, by identifier; many services list none here.</summary>
    public IReadOnlyDictionary<string, string> Groups
    {
        get
        {
            var groups = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var group in Body.Items("groups").Where(group => group.Text("type") != "indirect"))
            {
                if (group.Text("value") is { Length: > 0 } id)
                {
                    groups[id] = group.Text("display") ?? id;
                }
            }

            return groups;
        }
    }

    public IEnumerable<string> Roles => RoleAttributes.SelectMany(attribute => Body.Items(attribute))
        .Select(role => role.Text("display") ?? role.Text("value")).OfType<string>();

    /// <summary>Mails; a login that is a mail counts as one, since services exist that hold no other.</summary>
    public IEnumerable<string> Mails => Body.Items("emails").Select(mail => mail.Text("value")).Append(Login?.Contains('@') == true ? Login : null)
        .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);

    public AccountRecord ToRecord(Func<string, bool> isPrivileged) => new()
    {
        Id = Id ?? "",
        Login = Login ?? Id ?? "",
        DisplayName = Body.Text("displayName") ?? Body.Text("name", "formatted"),
        GivenName = Body.Text("name", "givenName"),
        FamilyName = Body.Text("name", "familyName"),
        Mails = [.. Mails],
        EmployeeNumber = Body.Text(Enterprise, "employeeNumber"),
        State = State,
        Entitlements = [.. Groups.Values, .. Roles],
        Privileged = Groups.Values.Concat(Roles).Any(isPrivileged),
    };
}

/// <summary>Reads attributes of an answer, whatever it holds.</summary>
internal static class ScimAttributes
{
    /// <summary>A value as text, or null when it is not there or is no single value.</summary>
    public static string? Text(this JsonObject body, params ReadOnlySpan<string> path)
    {
        JsonNode? node = body;
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node is JsonValue value ? value.ToString() : null;
    }

    /// <summary>The complex values of a multi-valued attribute.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject body, string name) => (body[name] as JsonArray)?.OfType<JsonObject>() ?? [];
}
