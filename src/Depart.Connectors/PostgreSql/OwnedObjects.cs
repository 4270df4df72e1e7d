using Npgsql;
using NpgsqlTypes;

namespace Depart.Connectors.PostgreSql;

/// <summary>An object that a role owns.</summary>
/// <param name="Database">The database it is in; empty for what all databases share (a database itself, a tablespace).</param>
/// <param name="Class">Number of the catalogue that holds it.</param>
/// <param name="Oid">Its number there.</param>
/// <param name="Type">Kind in the words of <c>pg_identify_object</c>: table, view, function… Empty when its database could not be entered.</param>
/// <param name="Identity">Its full name, quoted by the server; empty when its database could not be entered.</param>
internal sealed record OwnedObject(string Database, uint Class, uint Oid, string Type, string Identity)
{
    /// <summary>Kinds whose owner one statement changes: <c>ALTER kind name OWNER TO role</c>.</summary>
    private static readonly HashSet<string> Alterable = new(StringComparer.Ordinal)
    {
        "table", "view", "materialized view", "foreign table", "sequence", "function", "procedure", "aggregate", "schema", "type", "domain",
        "collation", "conversion", "operator", "operator class", "operator family", "language", "text search configuration",
        "text search dictionary", "foreign-data wrapper", "server", "event trigger", "publication", "subscription", "statistics object",
        "large object", "database", "tablespace",
    };

    /// <summary>Whether undo can give it back to its former owner.</summary>
    public bool CanBeGivenBack => Alterable.Contains(Type) && Identity.Length > 0;

    /// <summary>For people: <c>table sales.order (app)</c>.</summary>
    public string Shown => $"{(Type.Length == 0 ? "object" : Type)} {(Identity.Length == 0 ? $"{Class}/{Oid}" : Identity)}{(Database.Length == 0 ? "" : $" ({Database})")}";

    public string OwnerTo(string role) => $"ALTER {(Type == "statistics object" ? "STATISTICS" : Type.ToUpperInvariant())} {Identity} OWNER TO {PostgreSqlRole.Quote(role)}";
}

/// <summary>What roles own, in every database, as <c>pg_shdepend</c> tells it from any of them.</summary>
internal static class OwnedObjects
{
    /// <summary>Beyond so many objects their names are not read one by one: ownership then cannot be given back.</summary>
    public const int Most = 5000;

    // Default privileges and user mappings are noted as owned too, but they are rights: they go with DROP OWNED, never to a new owner.
    private const string Owned = """
        FROM pg_shdepend d LEFT JOIN pg_database b ON b.oid = d.dbid
        WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1 AND d.deptype = 'o'
            AND d.classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)
        """;

    /// <summary>How many objects a role owns, by database; the empty name stands for what is shared.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var command = Command(connection, $"SELECT coalesce(b.datname::text, ''), count(*) {Owned} GROUP BY 1 ORDER BY 1", oid);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            counts[row.GetString(0)] = row.GetInt64(1);
        }

        return counts;
    }

    /// <summary>Databases where a role owns something or is given rights: those that REASSIGN and DROP OWNED must be run in.</summary>
    public static async Task<IReadOnlyList<string>> DatabasesAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var command = Command(connection, """
            SELECT DISTINCT coalesce(b.datname::text, current_database()::text)
            FROM pg_shdepend d LEFT JOIN pg_database b ON b.oid = d.dbid
            WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1
            ORDER BY 1
            """, oid);
        var names = new List<string>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    /// <summary>The objects with their names; those of a database that we may not enter stay nameless.</summary>
    public static async Task<IReadOnlyList<OwnedObject>> ReadAsync(PostgreSqlLink link, NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        var all = new List<OwnedObject>();
        await using (var command = Command(connection, $"SELECT coalesce(b.datname::text, ''), d.classid, d.objid {Owned} ORDER BY 1, 2, 3 LIMIT {Most}", oid))
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                all.Add(new(row.GetString(0), row.GetFieldValue<uint>(1), row.GetFieldValue<uint>(2), "", ""));
            }
        }

        var named = new List<OwnedObject>();
        foreach (var group in all.GroupBy(item => item.Database))
        {
            named.AddRange(await NameAsync(link, connection, group.Key, [.. group], cancellation));
        }

        return named;
    }

    /// <summary>The present owner of an object, seen from its own database or, when shared, from any.</summary>
    public static async Task<(uint Oid, string Name)?> OwnerAsync(NpgsqlConnection connection, OwnedObject item, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT r.oid, r.rolname FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
            WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND d.classid = $1 AND d.objid = $2
                AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection)
        {
            Parameters = { new() { Value = item.Class, NpgsqlDbType = NpgsqlDbType.Oid }, new() { Value = item.Oid, NpgsqlDbType = NpgsqlDbType.Oid } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetFieldValue<uint>(0), row.GetString(1)) : null;
    }

    private static async Task<IReadOnlyList<OwnedObject>> NameAsync(
        PostgreSqlLink link, NpgsqlConnection connection, string database, IReadOnlyList<OwnedObject> items, CancellationToken cancellation)
    {
        if (database.Length == 0 || database == connection.Database)
        {
            return await NameAsync(connection, items, cancellation);
        }

        try
        {
            await using var other = await link.OpenAsync(database, cancellation);
            return await NameAsync(other, items, cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InvalidCatalogName)
        {
            return items;
        }
    }

    private static async Task<IReadOnlyList<OwnedObject>> NameAsync(NpgsqlConnection connection, IReadOnlyList<OwnedObject> items, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT o.c, o.o, i.type, i.identity FROM unnest($1, $2) AS o (c, o), LATERAL pg_identify_object(o.c, o.o, 0) AS i
            """, connection)
        {
            Parameters =
            {
                new() { Value = items.Select(item => item.Class).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid },
                new() { Value = items.Select(item => item.Oid).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid },
            },
        };
        var names = new Dictionary<(uint, uint), (string Type, string Identity)>();
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                if (!row.IsDBNull(2) && !row.IsDBNull(3))
                {
                    names[(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1))] = (row.GetString(2), row.GetString(3));
                }
            }
        }

        return [.. items.Select(item => names.TryGetValue((item.Class, item.Oid), out var name) ? item with { Type = name.Type, Identity = name.Identity } : item)];
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, uint oid) =>
        new(text, connection) { Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } } };
}
