namespace Depart.Connectors.Lab;

/// <summary>A person of the lab. A system that has no place for mails or names leaves them out.</summary>
public sealed record LabPerson(string Login, string GivenName, string FamilyName)
{
    private static int last;

    /// <summary>Mails, the first one principal, the others aliases.</summary>
    public IReadOnlyList<string> Mails { get; init; } = [$"{Login.Replace("'", "", StringComparison.Ordinal)}@exemple.fr"];

    /// <summary>The company's number for the person.</summary>
    public string EmployeeNumber { get; init; } = $"E{Login.GetHashCode(StringComparison.Ordinal) & 0xfffffff}";

    /// <summary>The password given at the start.</summary>
    public string Password { get; init; } = $"Premier-{Guid.NewGuid():N}";

    /// <summary>Cannot sign in from the start.</summary>
    public bool Disabled { get; init; }

    /// <summary>Has power over others, as the system says it (administrator, superuser, sudo).</summary>
    public bool Privileged { get; init; }

    /// <summary>Groups or roles that the person is put into; the system makes those it lacks.</summary>
    public IReadOnlyList<string> Groups { get; init; } = ["projet-a", "projet-b"];

    /// <summary>What a record would know of the person.</summary>
    public PersonHints Hints => new() { Mails = Mails, Logins = [Login], EmployeeNumber = EmployeeNumber, GivenName = GivenName, FamilyName = FamilyName };

    /// <summary>A login nobody has yet, short and plain enough for every system.</summary>
    public static string NewLogin(string start) => $"{start}{Interlocked.Increment(ref last)}";

    /// <summary>A plain person with a login of their own.</summary>
    public static LabPerson New(string login = "mdurand", string given = "Marie", string family = "Durand") => new(NewLogin(login), given, family);

    /// <summary>Zoë D’Angélo-Lefèvre, with all that breaks careless code.</summary>
    public static LabPerson Zoe() => New("zdangelo", "Zoë", "D'Angélo-Lefèvre");
}
