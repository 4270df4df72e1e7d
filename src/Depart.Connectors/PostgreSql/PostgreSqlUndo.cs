using Npgsql;
using NpgsqlTypes;

namespace Depart.Connectors.PostgreSql;

/// <summary>Takes the snapshot of a role and gives back what it holds.</summary>
internal sealed class PostgreSqlUndo(PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlTalk talk)
{
    public static async Task<AccountReading> SnapshotAsync(PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlRole role, CancellationToken cancellation)
    {
        var (read, stored) = await StoredPasswordAsync(connection, role.Oid, cancellation);
        var objects = await OwnedObjects.ReadAsync(link, connection, role.Oid, cancellation);
        var snapshot = new PostgreSqlSnapshot
        {
            Name = role.Name,
            CanLogin = role.CanLogin,
            ValidUntil = role.ValidUntil,
            PasswordRead = read,
            StoredPassword = stored,
            Memberships = await RoleMembership.ReadAsync(connection, role.Oid, cancellation),
            Objects = [.. objects.Where(item => item.CanBeGivenBack)],
        };
        var lost = new List<Bilingual>();
        if (!read)
        {
            lost.Add(PostgreSqlText.PasswordLost);
        }

        if (objects.Count >= OwnedObjects.Most)
        {
            lost.Add(PostgreSqlText.TooManyObjects(OwnedObjects.Most));
        }

        lost.AddRange(objects.Where(item => !item.CanBeGivenBack).Select(PostgreSqlText.OwnerLost));
        return new(role.Id, role.State, role.Record(link.Name), snapshot.Write(), lost);
    }

    public async Task<UndoReport> RestoreAsync(PostgreSqlRole role, PostgreSqlSnapshot snapshot, bool dryRun, CancellationToken cancellation)
    {
        var changes = new List<Change>();
        var lost = new List<Bilingual>();
        var (readNow, storedNow) = await StoredPasswordAsync(connection, role.Oid, cancellation);
        var writable = snapshot is { PasswordRead: true } && (snapshot.StoredPassword is null || ScramVerifier.IsStoredPassword(snapshot.StoredPassword));
        var alter = new List<(string Statement, string Shown)>();
        string? oneTime = null;
        if (snapshot.CanLogin && !role.CanLogin)
        {
            changes.Add(new("login", "NOLOGIN", "LOGIN"));
            alter.Add(("LOGIN", "LOGIN"));
        }

        if (Finite(snapshot.ValidUntil) != Finite(role.ValidUntil))
        {
            changes.Add(new("valid until", role.ValidUntil, Finite(snapshot.ValidUntil) ?? "infinity"));
            alter.Add(($"VALID UNTIL '{Finite(snapshot.ValidUntil) ?? "infinity"}'", $"VALID UNTIL '{Finite(snapshot.ValidUntil) ?? "infinity"}'"));
        }

        if (writable && readNow && storedNow != snapshot.StoredPassword)
        {
            changes.Add(new("password", null, "as before"));
            alter.Add(snapshot.StoredPassword is { } stored ? ($"PASSWORD '{stored}'", "PASSWORD '…'") : ("PASSWORD NULL", "PASSWORD NULL"));
        }
        else if (!(writable && readNow))
        {
            lost.Add(PostgreSqlText.PasswordLost);
            if (snapshot.CanLogin && !role.CanLogin)
            {
                oneTime = ScramVerifier.RandomPassword();
                changes.Add(new("password", null, "one-time password"));
                alter.Add(($"PASSWORD '{ScramVerifier.Of(oneTime)}'", "PASSWORD '…'"));
            }
        }

        var missing = await MissingMembershipsAsync(role, snapshot, lost, cancellation);
        changes.AddRange(missing.Select(membership => new Change(
            membership.Member == role.Name ? "member of" : $"member {membership.Member} of", null, membership.Admin ? $"{membership.Group} (admin)" : membership.Group)));
        if (!dryRun && (alter.Count > 0 || missing.Count > 0))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            foreach (var membership in missing)
            {
                await talk.WriteAsync(connection, membership.Grant(connection.PostgreSqlVersion), null, cancellation);
            }

            if (alter.Count > 0)
            {
                await talk.WriteAsync(connection, $"ALTER ROLE {role.Quoted} {string.Join(' ', alter.Select(part => part.Statement))}",
                    $"ALTER ROLE {role.Quoted} {string.Join(' ', alter.Select(part => part.Shown))}", cancellation);
            }

            await transaction.CommitAsync(cancellation);
        }

        await GiveBackAsync(role, snapshot, dryRun, changes, lost, cancellation);
        return new(changes.Count == 0 ? CallOutcome.AlreadySo : CallOutcome.Done)
        {
            Changes = changes,
            NotRestored = lost,
            OneTimePassword = dryRun ? null : oneTime,
        };
    }

    /// <summary>The stored password and whether it may be read: by a superuser, or by whom SELECT on these two columns was granted.</summary>
    private static async Task<(bool Read, string? Stored)> StoredPasswordAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var right = new NpgsqlCommand(
            "SELECT has_column_privilege('pg_catalog.pg_authid', 'oid', 'SELECT') AND has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')", connection);
        if (await right.ExecuteScalarAsync(cancellation) is not true)
        {
            return (false, null);
        }

        await using var command = new NpgsqlCommand("SELECT rolpassword FROM pg_authid WHERE oid = $1", connection)
        {
            Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } },
        };
        return (true, await command.ExecuteScalarAsync(cancellation) as string);
    }

    /// <summary>To the server no end and an endless one are the same; an end cannot be taken away again, only set to infinity.</summary>
    private static string? Finite(string? until) => until is "infinity" ? null : until;

    private async Task<IReadOnlyList<RoleMembership>> MissingMembershipsAsync(
        PostgreSqlRole role, PostgreSqlSnapshot snapshot, List<Bilingual> lost, CancellationToken cancellation)
    {
        var present = await RoleMembership.ReadAsync(connection, role.Oid, cancellation);
        var missing = new List<RoleMembership>();
        foreach (var membership in snapshot.Memberships)
        {
            // The role may have another name by now; the others are looked up by theirs.
            var now = membership with
            {
                Group = membership.Group == snapshot.Name ? role.Name : membership.Group,
                Member = membership.Member == snapshot.Name ? role.Name : membership.Member,
            };
            if (present.Any(other => other.SameAs(now, connection.PostgreSqlVersion)))
            {
                continue;
            }

            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_roles WHERE rolname = ANY ($1)", connection)
            {
                Parameters = { new() { Value = new[] { now.Group, now.Member } } },
            };
            if ((long)(await command.ExecuteScalarAsync(cancellation))! == 2)
            {
                missing.Add(now);
            }
            else
            {
                lost.Add(PostgreSqlText.GroupGone(now.Member == role.Name ? now.Group : now.Member));
            }
        }

        return missing;
    }

    private async Task GiveBackAsync(
        PostgreSqlRole role, PostgreSqlSnapshot snapshot, bool dryRun, List<Change> changes, List<Bilingual> lost, CancellationToken cancellation)
    {
        foreach (var group in snapshot.Objects.GroupBy(item => item.Database))
        {
            await using var other = group.Key.Length == 0 || group.Key == connection.Database ? null : await link.OpenAsync(group.Key, cancellation);
            var here = other ?? connection;
            await using var transaction = await here.BeginTransactionAsync(cancellation);

            // Schemas first: their owner may then have objects in them. Then tables: their sequences follow them.
            foreach (var item in group.OrderBy(item => item.Type switch { "schema" => 0, "table" => 1, _ => 2 }))
            {
                if (await OwnedObjects.OwnerAsync(here, item, cancellation) is not { } owner)
                {
                    lost.Add(PostgreSqlText.OwnerLost(item));
                    continue;
                }

                if (owner.Oid == role.Oid)
                {
                    continue;
                }

                if (dryRun || await GiveBackAsync(here, transaction, item, owner, role, cancellation))
                {
                    changes.Add(new($"owner of {item.Shown}", owner.Name, role.Name));
                }
                else
                {
                    lost.Add(PostgreSqlText.OwnerLost(item));
                }
            }

            await transaction.CommitAsync(cancellation);
        }
    }

    /// <summary>Gives one object back; false when the server refuses it (its former owner may no longer create in that schema).</summary>
    private async Task<bool> GiveBackAsync(
        NpgsqlConnection here, NpgsqlTransaction transaction, OwnedObject item, (uint Oid, string Name) owner, PostgreSqlRole role, CancellationToken cancellation)
    {
        const string Before = "before_object";
        await transaction.SaveAsync(Before, cancellation);
        try
        {
            var borrowed = await PostgreSqlOwnership.BorrowAsync(here, talk, [owner, (role.Oid, role.Name)], cancellation);
            await talk.WriteAsync(here, item.OwnerTo(role.Name), null, cancellation);
            await PostgreSqlOwnership.ReturnAsync(here, talk, borrowed, cancellation);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await transaction.RollbackAsync(Before, cancellation);
            return false;
        }
    }
}
