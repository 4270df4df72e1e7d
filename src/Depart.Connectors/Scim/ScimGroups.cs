using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>Memberships, by whichever way the service knows: on the user, by a filter on groups, by reading every group.</summary>
internal sealed class ScimGroups(ScimClient client)
{
    // A group may have thousands of members: few at a time.
    private const int PageSize = 50;

    // What the service can do, learnt as it answers; never anything about an account.
    private volatile bool showsOnUsers;
    private volatile bool knowsNoFilter;
    private volatile bool hasNoGroups;

    /// <summary>The groups of a user, names by identifier.</summary>
    /// <exception cref="ScimListException">They could not be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(ScimUser user, CancellationToken cancellation)
    {
        if (user.Groups.Count > 0)
        {
            showsOnUsers = true;
        }

        if (showsOnUsers || hasNoGroups)
        {
            return user.Groups;
        }

        // None on the user: either there are none, or the service does not show them there.
        try
        {
            if (!knowsNoFilter)
            {
                return await ReadAsync(user.Id!, $"members.value eq {ScimClient.Quote(user.Id!)}", cancellation);
            }
        }
        catch (ScimListException refused) when (refused.Unsupported)
        {
            knowsNoFilter = true;
        }

        try
        {
            return await ReadAsync(user.Id!, null, cancellation);
        }
        catch (ScimListException none) when (none.Unsupported)
        {
            hasNoGroups = true;
            return user.Groups;
        }
    }

    /// <summary>Puts a user into a group again.</summary>
    public async Task<ScimAnswer> JoinAsync(string group, string user, CancellationToken cancellation)
    {
        var path = PathOf(group);
        var answer = await client.PatchAsync(path, "add", "members", new JsonArray(new JsonObject { ["value"] = user }), null, cancellation);
        if (!answer.IsUnsupported)
        {
            return answer;
        }

        var read = await client.SendAsync(HttpMethod.Get, path, null, cancellation);
        if (read.Body is not { } whole)
        {
            return read;
        }

        if (whole["members"] is not JsonArray members)
        {
            whole["members"] = members = [];
        }

        members.Add(new JsonObject { ["value"] = user });
        return await client.ChangeAsync(HttpMethod.Put, path, whole, whole.Text("meta", "version") ?? read.ETag, cancellation);
    }

    /// <summary>Reads a group: 404 when it is gone.</summary>
    public Task<ScimAnswer> FindAsync(string group, CancellationToken cancellation) => client.SendAsync(HttpMethod.Get, PathOf(group), null, cancellation);

    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(string user, string? filter, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var onTrust = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var group in client.ListAsync("Groups", filter, PageSize, cancellation))
        {
            var (id, name) = (group.Text("id")!, group.Text("displayName") ?? group.Text("id")!);
            if (group.Items("members").Any(member => member.Text("value") == user))
            {
                found[id] = name;
            }
            else if (filter is not null && !group.Items("members").Any())
            {
                onTrust[id] = name;
            }
        }

        // Members are not shown in lists by every service. Its word is taken when it finds no group for somebody who does not exist: one that
        // overlooks the filter answers with every group.
        if (onTrust.Count > 0 && !await OverlooksFiltersAsync(cancellation))
        {
            foreach (var (id, name) in onTrust)
            {
                found[id] = name;
            }
        }

        return found;
    }

    private async Task<bool> OverlooksFiltersAsync(CancellationToken cancellation)
    {
        await foreach (var _ in client.ListAsync("Groups", $"members.value eq {ScimClient.Quote(Guid.NewGuid().ToString())}", PageSize, cancellation))
        {
            return true;
        }

        return false;
    }

    /// <summary>Where a group is.</summary>
    public static string PathOf(string group) => $"Groups/{Uri.EscapeDataString(group)}";
}
