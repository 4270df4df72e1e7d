using System.Globalization;
using System.Runtime.CompilerServices;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>An account as it was read.</summary>
internal sealed record ActiveDirectoryAccount(LdapEntry Entry, AccountState State)
{
    public Guid Guid => ActiveDirectoryAccounts.Id(Entry);

    public string Id => Guid.ToString();

    public string Dn => Entry.Dn;

    /// <summary>A name that follows the account wherever it is moved (MS-ADTS, 3.1.1.3.1.2.4).</summary>
    public string ImmutableName => $"<GUID={Guid}>";

    public int Flags => (int)(Entry.Number("userAccountControl") ?? 0);

    /// <summary>Protected by AdminSDHolder: delegated rights do not reach it.</summary>
    public bool IsProtected => Entry.Text("adminCount") == "1";
}

/// <summary>Reads accounts of an Active Directory domain.</summary>
internal sealed class ActiveDirectoryAccounts
{
    /// <summary>ACCOUNTDISABLE of userAccountControl.</summary>
    public const int Disable = 0x2;

    /// <summary>accountExpires that means never, beside 0.</summary>
    public const long Never = long.MaxValue;

    private static readonly string[] Record =
    [
        "objectClass", "objectGUID", "sAMAccountName", "userPrincipalName", "displayName", "cn", "givenName", "sn", "mail", "proxyAddresses", "employeeID",
        "employeeNumber", "userAccountControl", "accountExpires", "memberOf", "adminCount", "manager", "lastLogonTimestamp", "servicePrincipalName", "pwdLastSet",
        "description", .. ActiveDirectoryKeys.Attributes,
    ];

    private static readonly LdapPerson Person = new()
    {
        Logins = ["sAMAccountName", "userPrincipalName"],
        Mails = ["mail", "proxyAddresses", "userPrincipalName"],
        Numbers = ["employeeID", "employeeNumber"],
    };

    private readonly ActiveDirectorySettings settings;
    private readonly LdapDirectory directory;
    private readonly TimeProvider clock;
    private readonly LdapLookups<Guid, LdapEntry> lookups;
    private readonly LdapFilter people;

    public ActiveDirectoryAccounts(ActiveDirectorySettings settings, LdapDirectory directory, TimeProvider clock)
    {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
        people = LdapFilter.Parse(settings.AccountsFilter);
        lookups = new(directory.Failures, ByIdsAsync);
    }

    /// <summary>The immutable identifier of an entry.</summary>
    public static Guid Id(LdapEntry entry) => entry.Bytes("objectGUID") is [{ Length: 16 } bytes] ? new(bytes) : Guid.Empty;

    /// <summary>One account now, or null when there is none.</summary>
    /// <exception cref="LdapCallException">Not known.</exception>
    public async Task<ActiveDirectoryAccount?> FindAsync(string id, CancellationToken cancellation) =>
        Guid.TryParse(id, out var guid) && await lookups.FindAsync(guid, cancellation) is { } entry ? new(entry, State(entry)) : null;

    /// <summary>Many accounts now, a hundred at a time.</summary>
    public async Task<IReadOnlyDictionary<string, ActiveDirectoryAccount>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var guids = ids.Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Where(guid => guid != Guid.Empty).Distinct().ToList();
        var found = await Task.WhenAll(guids.Chunk(LdapSearch.Together).Select(chunk => ByIdsAsync(chunk, cancellation)));
        return found.SelectMany(some => some).ToDictionary(
            pair => pair.Key.ToString(), pair => new ActiveDirectoryAccount(pair.Value, State(pair.Value)), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every account, page by page.</summary>
    public async IAsyncEnumerable<AccountRecord> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in directory.PagesAsync(new(await BaseAsync(cancellation), LdapScope.Subtree, people, Record), cancellation))
        {
            foreach (var entry in page)
            {
                yield return await RecordAsync(entry, cancellation);
            }
        }
    }

    /// <summary>
    /// Accounts that may be a person's: by address and alias, login, number and name; then those that share the number of one that surely is
    /// theirs, and the service accounts that name such a one as manager.
    /// </summary>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        var found = await SearchAsync(Person.Filter(person), cancellation);
        var sure = found.Where(entry => Person.IsSure(entry, person)).ToList();
        if (sure.Count > 0)
        {
            var numbers = sure.SelectMany(Numbers).Distinct(StringComparer.Ordinal).ToList();
            var more = await SearchAsync(
                LdapFilter.Any(Person.ByNumber(numbers).Concat(sure.Select(entry => LdapFilter.Equal("manager", entry.Dn)))), cancellation);
            found.AddRange(more.Where(entry => IsService(entry) || Numbers(entry).Intersect(numbers).Any()));
        }

        var records = new List<AccountRecord>();
        foreach (var entry in found.DistinctBy(Id))
        {
            records.Add(await RecordAsync(entry, cancellation));
        }

        return records;

        static IEnumerable<string> Numbers(LdapEntry entry) => Person.Numbers.SelectMany(entry.Texts);
    }

    /// <summary>The record of an entry just read.</summary>
    public async Task<AccountRecord> RecordAsync(LdapEntry entry, CancellationToken cancellation)
    {
        var groups = (await GroupsAsync(entry, cancellation)).Select(group => DistinguishedName.TryParse(group)?.Name ?? group).ToList();
        var service = IsService(entry);
        return new()
        {
            Id = Id(entry).ToString(),
            Login = entry.Text("sAMAccountName") ?? "",
            DisplayName = entry.Text("displayName") ?? entry.Text("cn"),
            GivenName = entry.Text("givenName"),
            FamilyName = entry.Text("sn"),
            Mails = [.. entry.Texts("mail").Concat(entry.Texts("proxyAddresses").Where(IsMail).Select(LdapPerson.Address)).Distinct(StringComparer.OrdinalIgnoreCase)],
            EmployeeNumber = entry.Text("employeeID") ?? entry.Text("employeeNumber"),
            Location = entry.Dn,
            State = State(entry),
            Entitlements = groups,
            Privileged = entry.Text("adminCount") == "1" || groups.Exists(IsPrivileged),
            Service = service,
            OwnedBy = service ? await ManagerAsync(entry, cancellation) : null,
            LastUsed = Instant(entry.Number("lastLogonTimestamp")),
        };
    }

    /// <summary>The groups that hold an account directly; the primary group is none of them.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync(LdapEntry entry, CancellationToken cancellation)
    {
        // More than 1,500 values come in part, under memberOf;range=0-1499: the groups are then asked themselves.
        if (!entry.Attributes.Keys.Any(name => name.StartsWith("memberOf;range=", StringComparison.OrdinalIgnoreCase)))
        {
            return entry.Texts("memberOf");
        }

        var found = await directory.SearchAsync(
            new(await DomainAsync(cancellation), LdapScope.Subtree, LdapFilter.Equal("member", entry.Dn), "cn"), cancellation);
        return [.. found.Select(group => group.Dn)];
    }

    /// <summary>Whether a group gives power.</summary>
    public bool IsPrivileged(string group) => settings.PrivilegedGroups.Contains(group, StringComparer.OrdinalIgnoreCase);

    /// <summary>The domain's own naming context.</summary>
    public async Task<string> DomainAsync(CancellationToken cancellation) =>
        (await directory.RootAsync(cancellation)).Entry.Text("defaultNamingContext") ?? throw new LdapCallException(directory.Failures.Garbage(), sent: false);

    /// <summary>Where accounts are looked for.</summary>
    public async Task<string> BaseAsync(CancellationToken cancellation) =>
        string.IsNullOrWhiteSpace(settings.AccountsBase) ? await DomainAsync(cancellation) : settings.AccountsBase;

    /// <summary>
    /// The state: disabled by flag or by a date past. A lockout by too many failures ends by itself: such an account is not closed.
    /// </summary>
    public AccountState State(LdapEntry entry)
    {
        if (entry.Number("userAccountControl") is not { } flags)
        {
            return AccountState.Unknown;
        }

        return (flags & Disable) != 0 || Instant(entry.Number("accountExpires")) <= clock.GetUtcNow() ? AccountState.Disabled : AccountState.Enabled;
    }

    /// <summary>Why a state is unknown though the entry was read.</summary>
    public Failure NoFlags() => new(FailureKind.RightMissing, new(
        $"{directory.Host} does not let our account read userAccountControl.", $"{directory.Host} ne laisse pas notre compte lire userAccountControl."), new(
        "Give our account the right to read account restrictions on the accounts.", "Donnez à notre compte le droit de lire les restrictions de compte."));

    /// <summary>An instant of a FILETIME, or null for never (0 and the largest number).</summary>
    public static DateTimeOffset? Instant(long? fileTime) =>
        fileTime is > 0 and < Never && fileTime < DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime(fileTime.Value).ToUniversalTime() : null;

    /// <summary>A FILETIME as text.</summary>
    public static string Text(DateTimeOffset instant) => instant.ToFileTime().ToString(CultureInfo.InvariantCulture);

    private static bool IsMail(string address) => address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase);

    private bool IsService(LdapEntry entry) =>
        settings.IsService(entry.Text("sAMAccountName") ?? "") || entry.Has("servicePrincipalName") || entry.Is("msDS-GroupManagedServiceAccount");

    private async Task<List<LdapEntry>> SearchAsync(LdapFilter filter, CancellationToken cancellation) => await directory.SearchAsync(
        new(await BaseAsync(cancellation), LdapScope.Subtree, LdapFilter.All(people, filter), Record), cancellation);

    /// <summary>By identifier in the whole domain: an account moved out of the base is not gone.</summary>
    private async Task<IReadOnlyDictionary<Guid, LdapEntry>> ByIdsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        var found = await directory.SearchAsync(
            new(await DomainAsync(cancellation), LdapScope.Subtree, LdapFilter.Any(ids.Select(id => LdapFilter.Equal("objectGUID", id.ToByteArray()))), Record),
            cancellation);
        return found.Where(entry => Id(entry) != Guid.Empty).ToDictionary(Id);
    }

    private async Task<string?> ManagerAsync(LdapEntry entry, CancellationToken cancellation)
    {
        if (entry.Text("manager") is not { } name)
        {
            return null;
        }

        var found = await directory.SearchAsync(new(name, LdapScope.Entry, LdapFilter.Present("objectClass"), "sAMAccountName"), cancellation);
        return found is [var manager, ..] ? manager.Text("sAMAccountName") : DistinguishedName.TryParse(name)?.Name;
    }
}
