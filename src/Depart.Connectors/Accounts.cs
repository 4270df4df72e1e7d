using System.Globalization;
using System.Text;

namespace Depart.Connectors;

/// <summary>What is known of an account's ability to sign in.</summary>
public enum AccountState
{
    /// <summary>Not known: unreachable, timed out, odd answer, or never read. Never to be taken for closed.</summary>
    Unknown,

    /// <summary>The account can sign in.</summary>
    Enabled,

    /// <summary>The account exists and cannot sign in.</summary>
    Disabled,

    /// <summary>The system answered that there is no such account.</summary>
    Absent,
}

/// <summary>How much a read brings back.</summary>
public enum ReadDepth
{
    /// <summary>State and record only.</summary>
    State,

    /// <summary>Also the snapshot: everything needed to undo.</summary>
    Snapshot,
}

/// <summary>What is known of a person, to look for accounts.</summary>
public sealed record PersonHints
{
    /// <summary>Every e-mail address known, any case.</summary>
    public IReadOnlyList<string> Mails { get; init; } = [];

    /// <summary>Every login known.</summary>
    public IReadOnlyList<string> Logins { get; init; } = [];

    /// <summary>The number by which the company knows the person, if any.</summary>
    public string? EmployeeNumber { get; init; }

    /// <summary>Given name, as recorded, accents kept.</summary>
    public required string GivenName { get; init; }

    /// <summary>Family name, as recorded, accents kept.</summary>
    public required string FamilyName { get; init; }

    /// <summary>
    /// The ways in which a system may spell the name: as written, with the typewriter's apostrophe (') or the printer's (’), with and without accents.
    /// Directories compare case away, but none of these.
    /// </summary>
    public IEnumerable<(string Given, string Family)> Spellings() =>
        new[] { (GivenName, FamilyName), (WithoutAccents(GivenName), WithoutAccents(FamilyName)) }
            .SelectMany(name => new[] { name, Apostrophe(name, '\''), Apostrophe(name, '’') }).Distinct();

    private static (string Given, string Family) Apostrophe((string Given, string Family) name, char sign)
    {
        var other = sign == '’' ? '\'' : '’';
        return (name.Given.Replace(other, sign), name.Family.Replace(other, sign));
    }

    private static string WithoutAccents(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark))
            .Normalize(NormalizationForm.FormC);
}

/// <summary>An account as its system shows it.</summary>
public sealed record AccountRecord
{
    /// <summary>The system's immutable identifier; the key everywhere.</summary>
    public required string Id { get; init; }

    /// <summary>The name used to sign in; may change.</summary>
    public required string Login { get; init; }

    /// <summary>The name shown, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Given name where the system has one.</summary>
    public string? GivenName { get; init; }

    /// <summary>Family name where the system has one.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Mail addresses, aliases included.</summary>
    public IReadOnlyList<string> Mails { get; init; } = [];

    /// <summary>The employee number where the system has one.</summary>
    public string? EmployeeNumber { get; init; }

    /// <summary>Where the account stands for a reader: DN, host, realm. Shown, never parsed.</summary>
    public string? Location { get; init; }

    /// <summary>The state when it was read.</summary>
    public required AccountState State { get; init; }

    /// <summary>Names of groups, roles and licences held (direct ones).</summary>
    public IReadOnlyList<string> Entitlements { get; init; } = [];

    /// <summary>Holds power over the system or over others (administrator, superuser, sudo).</summary>
    public bool Privileged { get; init; }

    /// <summary>Looks like a service account (no person signs in with it).</summary>
    public bool Service { get; init; }

    /// <summary>The account said to be responsible for this one (a service account's manager): its login or identifier.</summary>
    public string? OwnedBy { get; init; }

    /// <summary>Last successful sign-in, where the system knows. May lag: see the connector's README.</summary>
    public DateTimeOffset? LastUsed { get; init; }
}

/// <summary>One account read now.</summary>
/// <param name="Account">The identifier asked for.</param>
/// <param name="State">Its state; <see cref="AccountState.Unknown"/> goes with a failure.</param>
/// <param name="Record">The account, unless absent or unknown.</param>
/// <param name="Snapshot">
/// With <see cref="ReadDepth.Snapshot"/>: an opaque text that only the same connector reads; may hold a password hash, so the caller
/// encrypts it and never journals it.
/// </param>
/// <param name="NotRestorable">What undo could not give back for this very account, named before confirmation.</param>
/// <param name="Failure">Why the state is unknown.</param>
public sealed record AccountReading(
    string Account,
    AccountState State,
    AccountRecord? Record = null,
    string? Snapshot = null,
    IReadOnlyList<Bilingual>? NotRestorable = null,
    Failure? Failure = null);
