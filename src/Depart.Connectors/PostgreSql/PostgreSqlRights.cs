using Npgsql;

namespace Depart.Connectors.PostgreSql;

/// <summary>Which rights our own role holds, told without writing.</summary>
internal static class PostgreSqlRights
{
    private const int AdminOptionNeeded = 16;

    public static async Task<ConnectionReport> CheckAsync(NpgsqlConnection connection, string user, CancellationToken cancellation)
    {
        var quoted = PostgreSqlRole.Quote(user);
        await using var command = new NpgsqlCommand(
            """
            SELECT r.rolsuper, r.rolcreaterole, pg_has_role('pg_signal_backend', 'USAGE'),
                has_column_privilege('pg_catalog.pg_authid', 'oid', 'SELECT') AND has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT'),
                ARRAY(SELECT datname::text FROM pg_database WHERE datallowconn AND NOT has_database_privilege(oid, 'CONNECT') ORDER BY 1),
                ARRAY(SELECT o.rolname::text FROM pg_roles o WHERE o.rolcanlogin AND NOT o.rolsuper AND o.oid >= 16384 AND o.oid <> r.oid
                    AND NOT pg_has_role(o.oid, 'USAGE WITH ADMIN OPTION') ORDER BY 1 LIMIT 6),
                ARRAY(SELECT datname::text FROM pg_database WHERE datallowconn AND NOT datistemplate AND NOT has_database_privilege(oid, 'CREATE') ORDER BY 1)
            FROM pg_roles r WHERE r.rolname = current_user
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var superuser = row.GetBoolean(0);
        var closed = row.GetFieldValue<string[]>(4);
        var beyond = row.GetFieldValue<string[]>(5);
        var barren = row.GetFieldValue<string[]>(6);
        var rights = new List<RightCheck>
        {
            new(PostgreSqlText.RightReadRoles, RightState.Held),
            new(PostgreSqlText.RightChangeRoles, superuser || row.GetBoolean(1) ? RightState.Held : RightState.Missing,
                PostgreSqlText.Run($"ALTER ROLE {quoted} CREATEROLE;")),
            new(PostgreSqlText.RightEndSessions, superuser || row.GetBoolean(2) ? RightState.Held : RightState.Missing,
                PostgreSqlText.Run($"GRANT pg_signal_backend TO {quoted};")),
            new(PostgreSqlText.RightEnterDatabases(closed), closed.Length == 0 ? RightState.Held : RightState.Missing,
                PostgreSqlText.Run(string.Join(' ', closed.Select(name => $"GRANT CONNECT ON DATABASE {PostgreSqlRole.Quote(name)} TO {quoted};")))),
            new(PostgreSqlText.RightReadPasswords, row.GetBoolean(3) ? RightState.Held : RightState.NotChecked,
                PostgreSqlText.Run($"GRANT SELECT (oid, rolpassword) ON pg_catalog.pg_authid TO {quoted};")),
            new(PostgreSqlText.RightCreate, barren.Length == 0 ? RightState.Held : RightState.NotChecked,
                PostgreSqlText.Run(string.Join(' ', barren.Select(name => $"GRANT CREATE ON DATABASE {PostgreSqlRole.Quote(name)} TO {quoted};")))),
            new(PostgreSqlText.RightSuperusers, superuser ? RightState.Held : RightState.NotChecked),
        };
        if (connection.PostgreSqlVersion.Major >= AdminOptionNeeded && !superuser)
        {
            rights.Add(new(PostgreSqlText.RightAdminOption(beyond), beyond.Length == 0 ? RightState.Held : RightState.Missing,
                PostgreSqlText.Run(string.Join(' ', beyond.Select(name => $"GRANT {PostgreSqlRole.Quote(name)} TO {quoted} WITH ADMIN OPTION;")))));
        }

        return new(true) { Server = $"PostgreSQL {connection.PostgreSqlVersion} ({connection.Host})", Rights = rights };
    }
}
