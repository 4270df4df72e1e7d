using Npgsql;
using NpgsqlTypes;

namespace Depart.Connectors.PostgreSql;

/// <summary>Passes on what a role owns, and after the grace period removes the rights that name it.</summary>
internal sealed class PostgreSqlOwnership(PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlTalk talk)
{
    public async Task<ActionReport> ReassignAsync(PostgreSqlRole role, ActionCall call, CancellationToken cancellation)
    {
        var counts = await OwnedObjects.CountAsync(connection, role.Oid, cancellation);
        if (counts.Count == 0)
        {
            return new(CallOutcome.AlreadySo);
        }

        if (call.NewOwner is not { Length: > 0 } name)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.NewOwnerNeeded(role.Name, counts));
        }

        if (await OidAsync(name, cancellation) is not { } owner || owner == role.Oid)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.NewOwnerUnknown(link.Name, name));
        }

        var changes = counts.Select(pair => new Change($"owner of {pair.Value} objects in {(pair.Key.Length == 0 ? "all databases" : pair.Key)}", role.Name, name)).ToList();
        if (!call.DryRun)
        {
            await EverywhereAsync(role, [(role.Oid, role.Name), (owner, name)], $"REASSIGN OWNED BY {role.Quoted} TO {PostgreSqlRole.Quote(name)}", cancellation);
            counts = await OwnedObjects.CountAsync(connection, role.Oid, cancellation);
            if (counts.Count > 0)
            {
                return ActionReport.Failed(CallOutcome.Refused, PostgreSqlText.StillOwns(role.Name, counts)) with { Changes = changes };
            }
        }

        return new(CallOutcome.Done) { Changes = changes };
    }

    public async Task<ActionReport> DropOwnedAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        if (role.CanLogin)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.CloseFirst(role.Name));
        }

        // DROP OWNED would destroy what is still owned: tables go with their data. It runs only when nothing but rights is left.
        var counts = await OwnedObjects.CountAsync(connection, role.Oid, cancellation);
        if (counts.Count > 0)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.StillOwns(role.Name, counts));
        }

        var databases = await OwnedObjects.DatabasesAsync(connection, role.Oid, cancellation);
        if (databases.Count == 0)
        {
            return new(CallOutcome.AlreadySo);
        }

        var changes = databases.Select(database => new Change($"rights in {database}", role.Name, null)).ToList();
        if (!dryRun)
        {
            await EverywhereAsync(role, [(role.Oid, role.Name)], $"DROP OWNED BY {role.Quoted} RESTRICT", cancellation);

            // Without a word, the server leaves the rights that others gave where we are not a superuser: what is left is looked for.
            if (await OwnedObjects.DatabasesAsync(connection, role.Oid, cancellation) is { Count: > 0 } left)
            {
                return ActionReport.Failed(CallOutcome.Refused, PostgreSqlText.RightsStay(link.Name, role, left)) with { Changes = changes };
            }
        }

        return new(CallOutcome.Done) { Changes = changes };
    }

    /// <summary>
    /// Takes part, within a transaction, in roles whose objects are to be changed: the server asks it of everybody but a superuser. What was
    /// taken is given back by <see cref="ReturnAsync"/> in the same transaction, so that nothing is left if either fails.
    /// </summary>
    public static async Task<IReadOnlyList<string>> BorrowAsync(
        NpgsqlConnection connection, PostgreSqlTalk talk, IEnumerable<(uint Oid, string Name)> roles, CancellationToken cancellation)
    {
        var borrowed = new List<string>();
        foreach (var (oid, name) in roles.Distinct())
        {
            await using var question = new NpgsqlCommand(
                """
                SELECT pg_has_role($1, 'USAGE') OR EXISTS (
                    SELECT FROM pg_auth_members WHERE roleid = $1 AND member = (SELECT oid FROM pg_roles WHERE rolname = current_user))
                """, connection) { Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } } };
            if (await question.ExecuteScalarAsync(cancellation) is not true)
            {
                await talk.WriteAsync(connection, $"GRANT {PostgreSqlRole.Quote(name)} TO CURRENT_USER", null, cancellation);
                borrowed.Add(name);
            }
        }

        return borrowed;
    }

    public static async Task ReturnAsync(NpgsqlConnection connection, PostgreSqlTalk talk, IEnumerable<string> borrowed, CancellationToken cancellation)
    {
        foreach (var name in borrowed)
        {
            await talk.WriteAsync(connection, $"REVOKE {PostgreSqlRole.Quote(name)} FROM CURRENT_USER", null, cancellation);
        }
    }

    private async Task EverywhereAsync(PostgreSqlRole role, IReadOnlyList<(uint Oid, string Name)> parts, string statement, CancellationToken cancellation)
    {
        // Every database is entered before anything is changed: one that is closed to us stops the whole, not half of it.
        var open = new List<NpgsqlConnection>();
        try
        {
            foreach (var database in await OwnedObjects.DatabasesAsync(connection, role.Oid, cancellation))
            {
                open.Add(await link.OpenAsync(database, cancellation));
            }

            foreach (var other in open)
            {
                talk.Note($"\\connect {other.Database}", "ok");
                await using var transaction = await other.BeginTransactionAsync(cancellation);
                var borrowed = await BorrowAsync(other, talk, parts, cancellation);
                await talk.WriteAsync(other, statement, null, cancellation);
                await ReturnAsync(other, talk, borrowed, cancellation);
                await transaction.CommitAsync(cancellation);
            }
        }
        finally
        {
            foreach (var other in open)
            {
                await other.DisposeAsync();
            }
        }
    }

    private async Task<uint?> OidAsync(string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT oid FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is uint oid ? oid : null;
    }
}
