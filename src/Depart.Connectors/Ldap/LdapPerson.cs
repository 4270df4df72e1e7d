namespace Depart.Connectors.Ldap;

/// <summary>Which attributes of a directory say who a person is.</summary>
internal sealed record LdapPerson
{
    /// <summary>Attributes that hold a login.</summary>
    public required IReadOnlyList<string> Logins { get; init; }

    /// <summary>Attributes that hold an e-mail address as such.</summary>
    public required IReadOnlyList<string> Mails { get; init; }

    /// <summary>Attributes that hold the employee number.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>Asks for every account that may be a person's: by mail and alias, login, number and name.</summary>
    public LdapFilter Filter(PersonHints person) => LdapFilter.Any(ByAddress(person).Concat(ByNumber([person.EmployeeNumber])).Concat(ByName(person)));

    /// <summary>Asks for accounts by number.</summary>
    public IEnumerable<LdapFilter> ByNumber(IEnumerable<string?> numbers) =>
        from number in numbers
        where !string.IsNullOrWhiteSpace(number)
        from attribute in Numbers
        select LdapFilter.Equal(attribute, number);

    /// <summary>Whether an account is surely the person's: the same address, login or number.</summary>
    public bool IsSure(LdapEntry entry, PersonHints person) =>
        Mails.SelectMany(entry.Texts).Any(mail => person.Mails.Contains(Address(mail), StringComparer.OrdinalIgnoreCase))
        || Logins.SelectMany(entry.Texts).Any(login => person.Logins.Contains(login, StringComparer.OrdinalIgnoreCase))
        || Numbers.SelectMany(entry.Texts).Any(number => number == person.EmployeeNumber);

    /// <summary>An e-mail address without the kind that some directories put before it.</summary>
    public static string Address(string value) => value.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? value[5..] : value;

    private IEnumerable<LdapFilter> ByAddress(PersonHints person)
    {
        foreach (var mail in person.Mails.Where(mail => !string.IsNullOrWhiteSpace(mail)))
        {
            foreach (var attribute in Mails)
            {
                yield return LdapFilter.Equal(attribute, attribute == "proxyAddresses" ? $"smtp:{mail}" : mail);
            }
        }

        foreach (var login in person.Logins.Where(login => !string.IsNullOrWhiteSpace(login)))
        {
            foreach (var attribute in Logins)
            {
                yield return LdapFilter.Equal(attribute, login);
            }
        }
    }

    /// <summary>By name, in all its spellings: a homonym is found too, and a name typed without accents is not missed.</summary>
    private static IEnumerable<LdapFilter> ByName(PersonHints person)
    {
        foreach (var (given, family) in person.Spellings().Where(name => name.Given.Length > 0 && name.Family.Length > 0))
        {
            yield return LdapFilter.All(LdapFilter.Equal("givenName", given), LdapFilter.Equal("sn", family));
            yield return LdapFilter.Equal("cn", $"{given} {family}");
            yield return LdapFilter.Equal("cn", $"{family}, {given}");
            yield return LdapFilter.Equal("displayName", $"{given} {family}");
        }
    }
}
