using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Depart.Connectors.PostgreSql;

/// <summary>The actions on a role, in the order of the catalogue: password, NOLOGIN, sessions, memberships, ownership, and after the grace period deletion.</summary>
internal sealed class PostgreSqlActions(PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlTalk talk, TransientSecrets secrets, PostgreSqlSettings settings)
{
    public const string Password = "reset-password";
    public const string NoLogin = "nologin";
    public const string Terminate = "terminate-sessions";
    public const string Memberships = "memberships";
    public const string Reassign = "reassign-owned";
    public const string DropOwned = "drop-owned";
    public const string DropRole = "drop-role";

    public static IReadOnlyList<ActionDescriptor> All { get; } =
    [
        new()
        {
            Key = Password,
            Phase = Phase.Contain,
            Title = new("Replace the password", "Remplacer le mot de passe"),
            Effect = new(
                "Sets a random password that nobody knows; after the sign-in test the role has none, and VALID UNTIL notes the instant.",
                "Pose un mot de passe aléatoire que personne ne connaît ; après l’essai de connexion, le rôle n’en a plus et VALID UNTIL note l’instant."),
            NotRestored = new(
                "The old password comes back only where the server lets Depart read its stored form; otherwise the person gets a one-time password.",
                "L’ancien mot de passe ne revient que si le serveur laisse Départ en lire la forme enregistrée ; sinon la personne reçoit un mot de passe à usage unique."),
        },
        new()
        {
            Key = NoLogin,
            Phase = Phase.Contain,
            Title = new("Close the role", "Fermer le rôle"),
            Effect = new(
                "NOLOGIN: the server refuses every new sign-in, whatever the method.",
                "NOLOGIN : le serveur refuse toute nouvelle connexion, quelle que soit la méthode."),
            After = [new(Password, new(
                "The sign-in test needs a password of ours: a wrong password and a closed role are refused alike otherwise.",
                "L’essai de connexion exige un mot de passe posé par Départ : sinon un mauvais mot de passe et un rôle fermé sont refusés de la même façon."))],
        },
        new()
        {
            Key = Terminate,
            Phase = Phase.Cut,
            Title = new("End open sessions", "Fermer les sessions ouvertes"),
            Effect = new("Ends every session of the role, until there is none.", "Met fin à chaque session du rôle, jusqu’à ce qu’il n’en reste aucune."),
            After = [new(NoLogin, new("A session ended before would come back at once.", "Une session fermée plus tôt reviendrait aussitôt."))],
        },
        new()
        {
            Key = Memberships,
            Phase = Phase.Entitlements,
            Title = new("Remove from groups", "Retirer des groupes"),
            Effect = new(
                "Revokes every role granted to the person’s role, and the person’s role from those who hold it.",
                "Retire chaque rôle accordé au rôle de la personne, et le rôle de la personne à ceux qui le détiennent."),
            After = [new(Terminate, new(
                "A session still open could pass its rights on meanwhile.", "Une session encore ouverte pourrait entre-temps transmettre ses droits."))],
        },
        new()
        {
            Key = Reassign,
            Phase = Phase.ReOwn,
            Title = new("Give owned objects to a new owner", "Transmettre les objets possédés à un nouveau propriétaire"),
            Effect = new("REASSIGN OWNED in every database where the role owns something.", "REASSIGN OWNED dans chaque base où le rôle possède quelque chose."),
            After = [new(Terminate, new(
                "A session still open could create objects while they change hands.", "Une session encore ouverte pourrait créer des objets pendant le transfert."))],
            NeedsNewOwner = true,
        },
        new()
        {
            Key = DropOwned,
            Phase = Phase.DeleteLater,
            Title = new("Remove remaining rights", "Retirer les droits restants"),
            Effect = new(
                "DROP OWNED in every database: rights and default privileges of the role go. Refused while it owns objects: data is never destroyed.",
                "DROP OWNED dans chaque base : droits et privilèges par défaut du rôle disparaissent. Refusé tant qu’il possède des objets : aucune donnée n’est détruite."),
            After = [new(Reassign, new("What the role owns would be destroyed.", "Ce que le rôle possède serait détruit.")),
                new(Memberships, new("Memberships are recorded and removed one by one before.", "Les appartenances sont d’abord notées et retirées une à une."))],
            NotRestored = new("Rights given to the role directly.", "Les droits accordés directement au rôle."),
        },
        new()
        {
            Key = DropRole,
            Phase = Phase.DeleteLater,
            Title = new("Delete the role", "Supprimer le rôle"),
            Effect = new("DROP ROLE: the role no longer exists.", "DROP ROLE : le rôle n’existe plus."),
            After = [new(DropOwned, new("The server refuses while anything depends on the role.", "Le serveur refuse tant que quelque chose dépend du rôle."))],
            NotRestored = new("The role itself.", "Le rôle lui-même."),
        },
    ];

    public Task<ActionReport> ApplyAsync(PostgreSqlRole role, ActionCall call, CancellationToken cancellation) => call.Action switch
    {
        Password => ReplacePasswordAsync(role, call.DryRun, cancellation),
        NoLogin => CloseAsync(role, call.DryRun, cancellation),
        Terminate => TerminateAsync(role, call.DryRun, cancellation),
        Memberships => LeaveGroupsAsync(role, call.DryRun, cancellation),
        Reassign => new PostgreSqlOwnership(link, connection, talk).ReassignAsync(role, call, cancellation),
        DropOwned => new PostgreSqlOwnership(link, connection, talk).DropOwnedAsync(role, call.DryRun, cancellation),
        DropRole => DropRoleAsync(role, call.DryRun, cancellation),
        _ => Task.FromResult(ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")))),
    };

    /// <summary>How many sessions of a role are open.</summary>
    public static async Task<int> SessionsAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT count(*)::integer FROM pg_stat_activity WHERE usesysid = $1 AND pid <> pg_backend_pid()", connection)
        {
            Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } },
        };
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Sets a random password and keeps it for the sign-in test. It never expires: an expired password is refused like a wrong one, before the
    /// server looks at NOLOGIN, and would prove nothing.
    /// </summary>
    public static async Task SetPasswordAsync(
        PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlTalk talk, TransientSecrets secrets, PostgreSqlRole role, CancellationToken cancellation)
    {
        var password = ScramVerifier.RandomPassword();
        await talk.WriteAsync(connection, $"ALTER ROLE {role.Quoted} PASSWORD '{ScramVerifier.Of(password)}' VALID UNTIL 'infinity'",
            $"ALTER ROLE {role.Quoted} PASSWORD '…' VALID UNTIL 'infinity'", cancellation);
        secrets.Keep(PostgreSqlText.SecretKey(link.Name, role.Oid), password);
    }

    private async Task<ActionReport> ReplacePasswordAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        var change = new Change("password", null, "random");
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = [change] };
        }

        if (!role.CanLogin && !role.HasEnd && secrets.Find(PostgreSqlText.SecretKey(link.Name, role.Oid)) is not null)
        {
            // Set by us minutes ago on a role that is closed by now: the sign-in test tells whether it still holds.
            return new(CallOutcome.AlreadySo);
        }

        await SetPasswordAsync(link, connection, talk, secrets, role, cancellation);
        return new(CallOutcome.Done) { Changes = [change] };
    }

    private async Task<ActionReport> CloseAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        if (!role.CanLogin)
        {
            return new(CallOutcome.AlreadySo);
        }

        if (!dryRun)
        {
            await talk.WriteAsync(connection, $"ALTER ROLE {role.Quoted} NOLOGIN", null, cancellation);
            if (await PostgreSqlRole.FindAsync(connection, role.Oid, cancellation) is { CanLogin: true })
            {
                return ActionReport.Failed(CallOutcome.Refused, PostgreSqlText.Renamed(role.Name));
            }
        }

        return new(CallOutcome.Done) { Changes = [new("login", "LOGIN", "NOLOGIN")] };
    }

    private async Task<ActionReport> TerminateAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        var open = await SessionsAsync(connection, role.Oid, cancellation);
        if (open == 0)
        {
            return new(CallOutcome.AlreadySo);
        }

        var changes = new List<Change> { new("sessions", open.ToString(CultureInfo.InvariantCulture), "0") };
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes };
        }

        for (var round = 0; open > 0; round++)
        {
            if (round > settings.TimeoutSeconds * 10)
            {
                return ActionReport.Failed(CallOutcome.Unknown, PostgreSqlText.SessionsStay(link.Name, role.Name, open)) with { Changes = changes };
            }

            await talk.WriteAsync(connection,
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = {role.Id} AND pid <> pg_backend_pid()", null, cancellation);

            // The server waits, not this machine: a session ends when its process has seen the signal.
            await using var wait = new NpgsqlCommand("SELECT pg_sleep(0.1)", connection);
            await wait.ExecuteNonQueryAsync(cancellation);
            open = await SessionsAsync(connection, role.Oid, cancellation);
        }

        if (!role.CanLogin && await PostgreSqlRole.FindAsync(connection, role.Oid, cancellation) is { CanLogin: true })
        {
            // A session of somebody who may create roles can give itself LOGIN again before it ends.
            await talk.WriteAsync(connection, $"ALTER ROLE {role.Quoted} NOLOGIN", null, cancellation);
            changes.Add(new("login", "LOGIN", "NOLOGIN"));
        }

        return new(CallOutcome.Done) { Changes = changes };
    }

    private async Task<ActionReport> LeaveGroupsAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        var memberships = await RoleMembership.ReadAsync(connection, role.Oid, cancellation);
        if (memberships.Count == 0)
        {
            return new(CallOutcome.AlreadySo);
        }

        var changes = memberships.Select(membership => new Change(
            membership.Member == role.Name ? "member of" : $"member {membership.Member} of", membership.Admin ? $"{membership.Group} (admin)" : membership.Group, null)).ToList();
        if (!dryRun)
        {
            // All or nothing: a refusal leaves every membership as it was recorded.
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            foreach (var membership in memberships)
            {
                await talk.WriteAsync(connection, membership.Revoke(connection.PostgreSqlVersion), null, cancellation);
            }

            await transaction.CommitAsync(cancellation);
            var left = await RoleMembership.ReadAsync(connection, role.Oid, cancellation);
            if (left.Count > 0)
            {
                return ActionReport.Failed(CallOutcome.Refused, PostgreSqlText.MembershipsStay(link.Name, role.Name, left)) with { Changes = changes };
            }
        }

        return new(CallOutcome.Done) { Changes = changes };
    }

    private async Task<ActionReport> DropRoleAsync(PostgreSqlRole role, bool dryRun, CancellationToken cancellation)
    {
        if (role.CanLogin)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.CloseFirst(role.Name));
        }

        if (!dryRun)
        {
            await talk.WriteAsync(connection, $"DROP ROLE {role.Quoted}", null, cancellation);
        }

        return new(CallOutcome.Done) { Changes = [new("role", role.Name, null)] };
    }
}
