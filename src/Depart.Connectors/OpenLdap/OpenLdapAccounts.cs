using System.Formats.Asn1;
using System.Globalization;
using System.Runtime.CompilerServices;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>One membership of an account: the group, and the very value that says so.</summary>
internal sealed record Membership(string Group, string Attribute, string Value)
{
    /// <summary>The group's own name.</summary>
    public string Name => DistinguishedName.TryParse(Group)?.Name ?? Group;
}

/// <summary>An account as it was read: the entry and the state that follows from it.</summary>
internal sealed record OpenLdapAccount(LdapEntry Entry, AccountState State)
{
    public string Id => Entry.Text("entryUUID") ?? "";

    public string Dn => Entry.Dn;
}

/// <summary>Reads accounts of an OpenLDAP directory.</summary>
internal sealed class OpenLdapAccounts
{
    /// <summary>pwdAccountLockedTime that no time ends (slapo-ppolicy(5)).</summary>
    public const string LockedForGood = "000001010000Z";

    /// <summary>The server's own verdict on an account (draft-stroeder-ldap-account-usability).</summary>
    public const string Usability = "1.3.6.1.4.1.42.2.27.9.5.8";

    private const string MatchedValues = "1.2.826.0.1.3344810.2.3";

    private static readonly string[] MemberAttributes = ["member", "uniqueMember", "memberUid"];

    private static readonly string[] Record =
    [
        "objectClass", "entryUUID", "uid", "cn", "sn", "givenName", "displayName", "mail", "mailAlternateAddress", "mailLocalAddress", "employeeNumber",
        "manager", "pwdAccountLockedTime", "pwdEndTime", "pwdLastSuccess", "authTimestamp", "loginShell", "shadowExpire",
    ];

    private static readonly string[] Everything =
    [
        .. Record, .. OpenLdapKeys.Attributes, "userPassword", "pwdChangedTime", "pwdReset",
    ];

    private static readonly LdapPerson Person = new()
    {
        Logins = ["uid"],
        Mails = ["mail", "mailAlternateAddress", "mailLocalAddress"],
        Numbers = ["employeeNumber"],
    };

    private readonly OpenLdapSettings settings;
    private readonly LdapDirectory directory;
    private readonly TimeProvider clock;
    private readonly LdapLookups<Guid, LdapEntry> lookups;
    private readonly LdapLookups<LdapEntry, IReadOnlyList<Membership>> memberships;
    private readonly LdapFilter people;

    public OpenLdapAccounts(OpenLdapSettings settings, LdapDirectory directory, TimeProvider clock)
    {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
        people = LdapFilter.Parse(settings.PeopleFilter);
        lookups = new(directory.Failures, ByIdsAsync);
        memberships = new(directory.Failures, async (entries, cancellation) =>
        {
            var groups = await GroupsAsync([.. entries.DistinctBy(entry => entry.Dn)], cancellation);
            return entries.ToDictionary(entry => entry, entry => (IReadOnlyList<Membership>)[.. groups[entry.Dn]]);
        });
    }

    /// <summary>One account now with everything needed to act on it, or null when there is none.</summary>
    /// <exception cref="LdapCallException">Not known.</exception>
    public async Task<OpenLdapAccount?> FindAsync(string id, CancellationToken cancellation) =>
        Guid.TryParse(id, out var uuid) && await lookups.FindAsync(uuid, cancellation) is { } entry ? new(entry, State(entry)) : null;

    /// <summary>Many accounts now, a hundred at a time.</summary>
    public async Task<IReadOnlyDictionary<string, OpenLdapAccount>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var uuids = ids.Select(id => Guid.TryParse(id, out var uuid) ? uuid : Guid.Empty).Where(uuid => uuid != Guid.Empty).Distinct().ToList();
        var found = await Task.WhenAll(uuids.Chunk(LdapSearch.Together).Select(chunk => ByIdsAsync(chunk, cancellation)));
        return found.SelectMany(some => some).ToDictionary(
            pair => pair.Key.ToString(), pair => new OpenLdapAccount(pair.Value, State(pair.Value)), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every account, page by page.</summary>
    public async IAsyncEnumerable<AccountRecord> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var search = new LdapSearch(settings.PeopleBase, LdapScope.Subtree, people, Record) { Controls = await UsabilityAsync(cancellation) };
        await foreach (var page in directory.PagesAsync(search, cancellation))
        {
            foreach (var record in await RecordsAsync(page, cancellation))
            {
                yield return record;
            }
        }
    }

    /// <summary>
    /// Accounts that may be a person's: by address, login, number and name; then those that share the number of one that surely is theirs, and the
    /// service accounts that name such a one as manager.
    /// </summary>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        var found = await SearchAsync(Person.Filter(person), cancellation);
        var sure = found.Where(entry => Person.IsSure(entry, person)).ToList();
        if (sure.Count > 0)
        {
            var numbers = sure.SelectMany(entry => entry.Texts("employeeNumber")).Distinct(StringComparer.Ordinal);
            var owned = sure.Select(entry => LdapFilter.Equal("manager", entry.Dn));
            found.AddRange((await SearchAsync(LdapFilter.Any(Person.ByNumber(numbers).Concat(owned)), cancellation))
                .Where(entry => IsService(entry) || !sure.Any(one => DistinguishedName.Same(entry.Text("manager"), one.Dn))
                    || entry.Texts("employeeNumber").Intersect(sure.SelectMany(one => one.Texts("employeeNumber"))).Any()));
        }

        return await RecordsAsync([.. found.DistinctBy(entry => entry.Text("entryUUID"))], cancellation);
    }

    /// <summary>Records of entries just read, with their groups.</summary>
    public async Task<IReadOnlyList<AccountRecord>> RecordsAsync(IReadOnlyList<LdapEntry> entries, CancellationToken cancellation) =>
        await RecordsAsync(entries, await GroupsAsync(entries, cancellation), cancellation);

    /// <summary>Records of entries and groups just read.</summary>
    public async Task<IReadOnlyList<AccountRecord>> RecordsAsync(
        IReadOnlyList<LdapEntry> entries, ILookup<string, Membership> groups, CancellationToken cancellation)
    {
        var records = new List<AccountRecord>(entries.Count);
        foreach (var entry in entries)
        {
            var names = groups[entry.Dn].Select(group => group.Name).Distinct(StringComparer.Ordinal).ToList();
            var service = IsService(entry);
            records.Add(new()
            {
                Id = entry.Text("entryUUID") ?? "",
                Login = Login(entry),
                DisplayName = entry.Text("displayName") ?? entry.Text("cn"),
                GivenName = entry.Text("givenName"),
                FamilyName = entry.Text("sn"),
                Mails = [.. Person.Mails.SelectMany(entry.Texts).Distinct(StringComparer.OrdinalIgnoreCase)],
                EmployeeNumber = entry.Text("employeeNumber"),
                Location = entry.Dn,
                State = State(entry),
                Entitlements = names,
                Privileged = names.Exists(name => settings.PrivilegedGroups.Contains(name, StringComparer.OrdinalIgnoreCase)),
                Service = service,
                OwnedBy = service ? await ManagerAsync(entry, cancellation) : null,
                LastUsed = Instant(entry.Text("pwdLastSuccess")) ?? Instant(entry.Text("authTimestamp")),
            });
        }

        return records;
    }

    /// <summary>Groups of one account now; those of accounts asked for at the same time are read together.</summary>
    /// <exception cref="LdapCallException">Not known.</exception>
    public async Task<IReadOnlyList<Membership>> GroupsOfAsync(LdapEntry entry, CancellationToken cancellation) =>
        await memberships.FindAsync(entry, cancellation) ?? [];

    /// <summary>Groups of some accounts, by the account's name (DN): members by name and by login. A server that can, sends only the values asked for.</summary>
    public async Task<ILookup<string, Membership>> GroupsAsync(IReadOnlyList<LdapEntry> entries, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(entries.Chunk(LdapSearch.Together).Select(chunk => GroupsOfAsync(chunk, cancellation)));
        return found.SelectMany(some => some).ToLookup(pair => pair.Account, pair => pair.Group, StringComparer.Ordinal);
    }

    /// <summary>The state, by the server's own verdict where it gives one.</summary>
    public AccountState State(LdapEntry entry)
    {
        var closed = entry.Text("pwdAccountLockedTime") == LockedForGood || Instant(entry.Text("pwdEndTime")) <= clock.GetUtcNow();
        return entry.Control(Usability) switch
        {
            // [0] means available; a lock that the applicable policy ignores is no lock.
            [0x80, ..] => AccountState.Enabled,

            // [1] means not available now; what ends by itself (too many failures, a password too old) is not closed.
            not null => closed ? AccountState.Disabled : AccountState.Enabled,

            // No verdict: no policy applies, or we may not see it.
            null => closed ? AccountState.Unknown : AccountState.Enabled,
        };
    }

    /// <summary>Why a state is unknown though the entry was read.</summary>
    public Failure NoVerdict() => new(FailureKind.RightMissing, new(
        $"{directory.Host} does not say whether the lock of this account counts.", $"{directory.Host} ne dit pas si le verrou de ce compte est effectif."), new(
        "Load the ppolicy overlay with a default policy that holds pwdLockout TRUE, and let our account compare userPassword.",
        "Chargez l’overlay ppolicy avec une politique par défaut où pwdLockout vaut TRUE, et laissez notre compte comparer userPassword."));

    /// <summary>GeneralizedTime (RFC 4517, 3.3.13) as the directory writes it, or null.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        text is { Length: >= 15 } && DateTimeOffset.TryParseExact(
            text[..14], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    /// <summary>GeneralizedTime of an instant.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Login(LdapEntry entry) => entry.Text("uid") ?? entry.Text("cn") ?? DistinguishedName.TryParse(entry.Dn)?.Name ?? entry.Dn;

    private bool IsService(LdapEntry entry) => settings.IsService(Login(entry)) || entry.Is("applicationProcess");

    private async Task<IReadOnlyList<LdapControl>> UsabilityAsync(CancellationToken cancellation) =>
        (await directory.RootAsync(cancellation)).Knows(Usability) ? [new(Usability)] : [];

    private async Task<List<LdapEntry>> SearchAsync(LdapFilter filter, CancellationToken cancellation) => await directory.SearchAsync(
        new(settings.PeopleBase, LdapScope.Subtree, LdapFilter.All(people, filter), Record) { Controls = await UsabilityAsync(cancellation) }, cancellation);

    private async Task<IReadOnlyDictionary<Guid, LdapEntry>> ByIdsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        var root = await directory.RootAsync(cancellation);
        var filter = LdapFilter.Any(ids.Select(id => LdapFilter.Equal("entryUUID", id.ToString())));
        var found = await directory.SearchAsync(
            new(root.ContextOf(settings.PeopleBase), LdapScope.Subtree, filter, Everything) { Controls = await UsabilityAsync(cancellation) }, cancellation);
        return found.Where(entry => Guid.TryParse(entry.Text("entryUUID"), out _)).ToDictionary(entry => Guid.Parse(entry.Text("entryUUID")!));
    }

    private async Task<IEnumerable<(string Account, Membership Group)>> GroupsOfAsync(IReadOnlyList<LdapEntry> entries, CancellationToken cancellation)
    {
        var root = await directory.RootAsync(cancellation);
        List<LdapFilter> values =
        [
            .. entries.SelectMany(entry => new[] { LdapFilter.Equal("member", entry.Dn), LdapFilter.Equal("uniqueMember", entry.Dn) }),
            .. entries.SelectMany(entry => entry.Texts("uid")).Select(uid => LdapFilter.Equal("memberUid", uid)),
        ];
        var groups = await directory.SearchAsync(
            new(settings.Groups, LdapScope.Subtree, LdapFilter.Any(values), MemberAttributes)
            {
                Controls = root.Knows(MatchedValues) ? [new(MatchedValues, Value: Matching(values))] : [],
            },
            cancellation);
        var byName = entries.Where(entry => DistinguishedName.TryParse(entry.Dn) is not null).ToDictionary(entry => DistinguishedName.Parse(entry.Dn));
        var byLogin = entries.SelectMany(entry => entry.Texts("uid").Select(uid => (uid, entry))).ToLookup(pair => pair.uid, pair => pair.entry, StringComparer.Ordinal);
        return
            from found in groups
            from attribute in MemberAttributes
            from value in found.Texts(attribute)
            from entry in attribute == "memberUid" ? byLogin[value]
                : DistinguishedName.TryParse(value) is { } name && byName.TryGetValue(name, out var member) ? [member] : Enumerable.Empty<LdapEntry>()
            select (entry.Dn, new Membership(found.Dn, attribute, value));
    }

    private async Task<string?> ManagerAsync(LdapEntry entry, CancellationToken cancellation)
    {
        if (entry.Text("manager") is not { } name || DistinguishedName.TryParse(name) is not { } manager)
        {
            return null;
        }

        if (string.Equals(manager.Parts[0][0].Type, "uid", StringComparison.OrdinalIgnoreCase))
        {
            return manager.Name;
        }

        var found = await directory.SearchAsync(new(name, LdapScope.Entry, LdapFilter.Present("objectClass"), "uid", "cn"), cancellation);
        return found is [var one, ..] ? Login(one) : manager.Name;
    }

    private static byte[] Matching(IEnumerable<LdapFilter> values)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            foreach (var value in values)
            {
                value.Write(writer);
            }
        }

        return writer.Encode();
    }
}
