using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Depart.Connectors.PostgreSql;

/// <summary>A role as the catalogue shows it (<c>pg_roles</c>).</summary>
internal sealed partial record PostgreSqlRole
{
    /// <summary>Roles below this number were made by the server itself: <c>postgres</c>, <c>pg_monitor</c>…</summary>
    public const uint FirstOwn = 16384;

    private static readonly string[] PowerfulGroups =
        ["pg_execute_server_program", "pg_write_server_files", "pg_read_server_files", "pg_write_all_data", "pg_read_all_data", "pg_signal_backend"];

    public required uint Oid { get; init; }

    public required string Name { get; init; }

    public required bool CanLogin { get; init; }

    /// <summary>End of the validity of the password, ISO 8601; <c>infinity</c> and absent are the same to the server.</summary>
    public string? ValidUntil { get; init; }

    public required bool Superuser { get; init; }

    public required bool Privileged { get; init; }

    public string? Comment { get; init; }

    public required IReadOnlyList<string> MemberOf { get; init; }

    public required bool HasMembers { get; init; }

    public required bool HasGrants { get; init; }

    /// <summary>
    /// A role that gathers rights and is nobody: it cannot sign in, and others are its members or rights are given to it. A role closed by
    /// us keeps the end of its validity, by which it is told from a group.
    /// </summary>
    public bool IsGroup => !CanLogin && (Oid < FirstOwn || (!HasEnd && (HasMembers || HasGrants)));

    /// <summary>The password ends, or has ended, at some instant.</summary>
    public bool HasEnd => ValidUntil is not (null or "infinity");

    public string Id => Oid.ToString(CultureInfo.InvariantCulture);

    public string Quoted => Quote(Name);

    public AccountState State => CanLogin ? AccountState.Enabled : AccountState.Disabled;

    /// <summary>Reads roles: all, or those with these numbers.</summary>
    public static NpgsqlCommand Query(NpgsqlConnection connection, IReadOnlyCollection<uint>? oids)
    {
        var command = new NpgsqlCommand(
            """
            SELECT r.oid, r.rolname, r.rolcanlogin,
                CASE WHEN isfinite(r.rolvaliduntil) THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE r.rolvaliduntil::text END,
                r.rolsuper, r.rolcreaterole OR r.rolreplication OR r.rolbypassrls,
                shobj_description(r.oid, 'pg_authid'),
                ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1),
                EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid),
                EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'a')
            FROM pg_roles r
            WHERE $1 IS NULL OR r.oid = ANY ($1)
            ORDER BY r.oid
            """, connection);
        command.Parameters.Add(new() { Value = oids is null ? DBNull.Value : oids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid });
        return command;
    }

    public static PostgreSqlRole From(NpgsqlDataReader row)
    {
        var groups = row.GetFieldValue<string[]>(7);
        return new()
        {
            Oid = row.GetFieldValue<uint>(0),
            Name = row.GetString(1),
            CanLogin = row.GetBoolean(2),
            ValidUntil = row.IsDBNull(3) ? null : row.GetString(3),
            Superuser = row.GetBoolean(4),
            Privileged = row.GetBoolean(4) || row.GetBoolean(5) || groups.Intersect(PowerfulGroups).Any(),
            Comment = row.IsDBNull(6) ? null : row.GetString(6),
            MemberOf = groups,
            HasMembers = row.GetBoolean(8),
            HasGrants = row.GetBoolean(9),
        };
    }

    /// <summary>The role with a number, or null.</summary>
    public static async Task<PostgreSqlRole?> FindAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var command = Query(connection, [oid]);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? From(row) : null;
    }

    /// <summary>An identifier as this connector writes it: digits without sign, space or leading zero.</summary>
    public static uint? ParseId(string id) =>
        uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var oid) && oid > 0 && oid.ToString(CultureInfo.InvariantCulture) == id ? oid : null;

    /// <summary>A name inside a statement: statements that change roles take no parameters.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public AccountRecord Record(string server) => new()
    {
        Id = Id,
        Login = Name,
        DisplayName = string.IsNullOrWhiteSpace(Comment) ? null : Comment.Trim(),
        Mails = Comment is null ? [] : [.. Mail().Matches(Comment).Select(match => match.Value)],
        Location = server,
        State = State,
        Entitlements = MemberOf,
        Privileged = Privileged,
        Service = Oid < FirstOwn,
    };

    [GeneratedRegex(@"[^\s<>(),;:""]+@[^\s<>(),;:""]+\.[\p{L}0-9-]+", RegexOptions.None, 1000)]
    private static partial Regex Mail();
}

/// <summary>One membership: <paramref name="Group"/> is granted to <paramref name="Member"/>.</summary>
/// <param name="Group">The role granted.</param>
/// <param name="Member">Who holds it.</param>
/// <param name="Grantor">Who gave it; told apart from version 16 on.</param>
/// <param name="Admin">May pass it on.</param>
/// <param name="Inherit">From version 16 on: its rights are held without SET ROLE.</param>
/// <param name="Set">From version 16 on: may SET ROLE to it.</param>
internal sealed record RoleMembership(string Group, string Member, string Grantor, bool Admin, bool? Inherit, bool? Set)
{
    private const int GrantorsCount = 160000;

    public static async Task<IReadOnlyList<RoleMembership>> ReadAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        // Read through JSON: the columns of version 16 are absent before it.
        await using var command = new NpgsqlCommand(
            """
            SELECT g.rolname, u.rolname, coalesce(b.rolname, ''), m.admin_option, (to_jsonb(m) ->> 'inherit_option')::boolean, (to_jsonb(m) ->> 'set_option')::boolean
            FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member LEFT JOIN pg_roles b ON b.oid = m.grantor
            WHERE m.member = $1
                OR (m.roleid = $1 AND u.rolname <> current_user
                    AND NOT (NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND pg_has_role(m.member, 'MEMBER')))
            ORDER BY 1, 2, 3
            """, connection) { Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } } };
        var found = new List<RoleMembership>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3),
                row.IsDBNull(4) ? null : row.GetBoolean(4), row.IsDBNull(5) ? null : row.GetBoolean(5)));
        }

        return found;
    }

    public string Revoke(Version server) => $"REVOKE {PostgreSqlRole.Quote(Group)} FROM {PostgreSqlRole.Quote(Member)}{By(server)}";

    public string Grant(Version server) =>
        $"GRANT {PostgreSqlRole.Quote(Group)} TO {PostgreSqlRole.Quote(Member)}{Options()}{By(server)}";

    public bool SameAs(RoleMembership other, Version server) => Group == other.Group && Member == other.Member
        && Admin == other.Admin && Inherit == other.Inherit && Set == other.Set && (!ByGrantor(server) || Grantor == other.Grantor);

    private static bool ByGrantor(Version server) => (server.Major * 10000) >= GrantorsCount;

    private string By(Version server) => ByGrantor(server) && Grantor.Length > 0 ? $" GRANTED BY {PostgreSqlRole.Quote(Grantor)}" : "";

    private string Options()
    {
        if (Inherit is { } inherit && Set is { } set)
        {
            return $" WITH ADMIN {Word(Admin)}, INHERIT {Word(inherit)}, SET {Word(set)}";
        }

        return Admin ? " WITH ADMIN OPTION" : "";
    }

    private static string Word(bool value) => value ? "TRUE" : "FALSE";
}

/// <summary>Everything that undo needs. Holds the stored password where the server lets it be read: the caller encrypts it.</summary>
internal sealed record PostgreSqlSnapshot
{
    public int Version { get; init; } = 1;

    public required string Name { get; init; }

    public required bool CanLogin { get; init; }

    public string? ValidUntil { get; init; }

    /// <summary>Whether the stored password could be read; if so and it is null, there was none.</summary>
    public required bool PasswordRead { get; init; }

    public string? StoredPassword { get; init; }

    public required IReadOnlyList<RoleMembership> Memberships { get; init; }

    public required IReadOnlyList<OwnedObject> Objects { get; init; }

    public string Write() => JsonSerializer.Serialize(this);

    public static PostgreSqlSnapshot? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<PostgreSqlSnapshot>(text) is { Version: 1 } snapshot ? snapshot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
