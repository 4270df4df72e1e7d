namespace Depart.Foundation.Door;

/// <summary>The roles of the product (spec, section 0).</summary>
public enum Role
{
    /// <summary>Responsable de mission: bound to own departures.</summary>
    Manager,

    /// <summary>Opérations informatiques: systems, accounts, equipment, the disconnection.</summary>
    It,

    /// <summary>RH and procurement: templates, paperwork, interviews, alumni.</summary>
    Hr,

    /// <summary>RSSI: immediate departures, protected accounts, approvals.</summary>
    Security,

    /// <summary>The leaver: bound to own departure.</summary>
    Consultant,

    /// <summary>Repreneur: bound to the departures handed over to them.</summary>
    Successor,

    /// <summary>Reads everything that proves, changes nothing.</summary>
    Auditor,

    /// <summary>Settings, users, roles, connections.</summary>
    Admin,
}
