namespace Depart.Foundation.Door;

/// <summary>
/// Roles that count for the departures of some units only (PRV4). Elsewhere whoever holds one has no role at all: they are let in where a mission manager is, and see what is theirs.
/// </summary>
internal sealed class RolesWithin
{
    /// <summary>Roles that may be held so. Who manages users and settings does it for the whole house.</summary>
    public static readonly IReadOnlyList<Role> Possible = [Role.It, Role.Hr, Role.Security, Role.Auditor];

    private readonly Dictionary<Role, IReadOnlySet<string>> units;

    private RolesWithin(Dictionary<Role, IReadOnlySet<string>> units) => this.units = units;

    /// <summary>None.</summary>
    public static RolesWithin None { get; } = new([]);

    /// <summary>The roles, whatever their units.</summary>
    public IReadOnlyCollection<Role> Roles => units.Keys;

    /// <summary>Each as <c>Hr:Unit</c>, in a fixed order: as it is stored, and as claims tell it.</summary>
    public IReadOnlyList<string> Said => [.. units.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Order(StringComparer.Ordinal).Select(unit => $"{pair.Key}:{unit}"))];

    /// <summary>Reads what <see cref="Said"/> gives; what is no such role says nothing.</summary>
    public static RolesWithin Read(IEnumerable<string> said)
    {
        var read = said.Select(text => text.Split(':', 2)).Where(parts => parts is [_, { Length: > 0 }])
            .Select(parts => (Known: Enum.TryParse<Role>(parts[0], out var role) && Possible.Contains(role), Role: role, Unit: parts[1])).Where(one => one.Known)
            .GroupBy(one => one.Role, one => one.Unit).ToDictionary(group => group.Key, group => (IReadOnlySet<string>)group.ToHashSet(StringComparer.Ordinal));
        return read.Count == 0 ? None : new(read);
    }

    /// <summary>The same with a role held within these units, in place of those before; without units it is not held.</summary>
    public RolesWithin With(Role role, IReadOnlyCollection<string> within)
    {
        var changed = new Dictionary<Role, IReadOnlySet<string>>(units);
        if (within.Count == 0)
        {
            changed.Remove(role);
        }
        else
        {
            changed[role] = within.ToHashSet(StringComparer.Ordinal);
        }

        return new(changed);
    }

    /// <summary>Only these roles.</summary>
    public RolesWithin Only(IReadOnlyCollection<Role> roles) => new(units.Where(pair => roles.Contains(pair.Key)).ToDictionary());

    /// <summary>Whether a role is held in a unit. A mission without one is in nobody's.</summary>
    public bool Holds(Role role, string? unit) => unit is not null && units.TryGetValue(role, out var within) && within.Contains(unit);

    /// <summary>The roles held in a unit.</summary>
    public IEnumerable<Role> In(string? unit) => units.Keys.Where(role => Holds(role, unit));

    /// <summary>The units of a role, by name; none when it is not held so.</summary>
    public IReadOnlyList<string> Of(Role role) => units.TryGetValue(role, out var within) ? [.. within.Order(StringComparer.CurrentCulture)] : [];

    /// <summary>The units in which one of these roles is held.</summary>
    public IReadOnlyList<string> Of(IEnumerable<Role> roles) => [.. roles.SelectMany(Of).Distinct(StringComparer.Ordinal)];
}
