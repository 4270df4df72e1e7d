using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>What a service said of a membership that was to end.</summary>
/// <param name="Answer">Its answer.</param>
/// <param name="Members">Whom it shows in the group afterwards, or null when it shows nobody.</param>
internal sealed record GroupLeft(ScimAnswer Answer, IReadOnlySet<string>? Members = null)
{
    /// <summary>Whether this is the answer for one of several who left in one request: done, or nothing that asking alone would change.</summary>
    public bool Holds(string user) => Answer.Failure is null
        ? Members?.Contains(user) != true
        : Answer.Failure.Kind is FailureKind.TimedOut or FailureKind.Unreachable or FailureKind.Throttled or FailureKind.IdentityRefused or FailureKind.SignInRefused;
}

/// <summary>
/// Takes users out of groups. A service writes a whole group for each change, and many who leave at once are in the same groups: who leaves a group while the
/// request for another waits for its turn leaves in that request, whose operations are done for all or for none (RFC 7644, 3.5.2). What is refused for several is
/// asked again for each.
/// </summary>
internal sealed class ScimLeaving(ScimClient client)
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, Together> last = new(StringComparer.Ordinal);

    /// <summary>Takes a user out of a group. Absence of the group or of the membership is no failure.</summary>
    public async Task<GroupLeft> LeaveAsync(string group, string user, CancellationToken cancellation)
    {
        Together together;
        lock (guard)
        {
            if (!last.TryGetValue(group, out together!) || together.IsSent)
            {
                last[group] = together = new(together, leaving => AskAsync(group, leaving));
            }

            together.Users.Add(user);
        }

        try
        {
            var left = await together.Left.Value.WaitAsync(cancellation);
            return together.Users.Count == 1 || left.Holds(user) ? left : await AskAsync(group, [user], cancellation);
        }
        catch (OperationCanceledException)
        {
            return new(client.Stopped($"PATCH {ScimGroups.PathOf(group)}"));
        }
    }

    /// <summary>One request for all who wait when its turn has come, after the one before it: writing one group twice at once is a conflict. Nobody's patience ends it for the others.</summary>
    private async Task<GroupLeft> AskAsync(string group, Together together)
    {
        await (together.Before?.Left.Value ?? Task.CompletedTask);
        try
        {
            return await AskAsync(group, together.Users, CancellationToken.None, () => Close(together));
        }
        finally
        {
            Close(together);
            lock (guard)
            {
                together.Before = null;
                if (last[group] == together)
                {
                    last.Remove(group);
                }
            }
        }
    }

    private void Close(Together together)
    {
        lock (guard)
        {
            together.IsSent = true;
        }
    }

    private async Task<GroupLeft> AskAsync(string group, IReadOnlyCollection<string> users, CancellationToken cancellation, Action? sent = null)
    {
        var answer = await client.PatchLastAsync(ScimGroups.PathOf(group), () =>
        {
            sent?.Invoke();
            return users.Select(user => ScimClient.Operation("remove", $"members[value eq {ScimClient.Quote(user)}]", null));
        }, cancellation);
        return answer.IsUnsupported ? new(await WriteWithoutAsync(group, users, answer, cancellation)) : Read(answer);
    }

    /// <summary>
    /// Never « remove members » with a value: services exist that then remove everybody. The whole group is written without the users instead, provided that the
    /// service showed its members.
    /// </summary>
    private async Task<ScimAnswer> WriteWithoutAsync(string group, IReadOnlyCollection<string> users, ScimAnswer refused, CancellationToken cancellation)
    {
        var path = ScimGroups.PathOf(group);
        var read = await client.SendAsync(HttpMethod.Get, path, null, cancellation);
        if (read.Body is not { } whole || whole.Items("members").Where(member => users.Contains(member.Text("value"), StringComparer.Ordinal)).ToList() is not { Count: > 0 } leaving)
        {
            return read.Failure is null ? refused : read;
        }

        leaving.ForEach(member => ((JsonArray)whole["members"]!).Remove(member));
        return await client.ChangeAsync(HttpMethod.Put, path, whole, whole.Text("meta", "version") ?? read.ETag, cancellation);
    }

    private static GroupLeft Read(ScimAnswer answer) => new(answer,
        answer.Body?["members"] is JsonArray ? answer.Body.Items("members").Select(member => member.Text("value") ?? "").ToHashSet(StringComparer.Ordinal) : null);

    /// <summary>Those who leave one group in one request; no more join once it is sent.</summary>
    private sealed class Together
    {
        public Together(Together? before, Func<Together, Task<GroupLeft>> ask) => (Before, Left) = (before, new(() => ask(this)));

        /// <summary>The request before it; its people are away.</summary>
        public Together? Before { get; set; }

        public bool IsSent { get; set; }

        public List<string> Users { get; } = [];

        public Lazy<Task<GroupLeft>> Left { get; }
    }
}
