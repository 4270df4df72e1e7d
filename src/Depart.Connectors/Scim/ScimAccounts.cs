using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>What a service says of one account; without a user there is none, or nothing is known.</summary>
internal sealed record UserRead(AccountState State, ScimUser? User, Failure? Failure, IReadOnlyList<Exchange> Exchanges);

/// <summary>Reads accounts: all of them, a person's, or those whose id is known.</summary>
internal sealed class ScimAccounts(ScimSettings settings, ScimClient client, ScimGroups groups)
{
    private const int PageSize = 200;
    private const int ReadsAtOnce = 4;

    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var users = client.ListAsync("Users", null, PageSize, cancellation).GetAsyncEnumerator(cancellation);
        while (await MoveAsync(users))
        {
            yield return new ScimUser(users.Current).ToRecord(IsPrivileged);
        }
    }

    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        var filters = Spellings(person.Mails).Select(mail => $"emails.value eq {ScimClient.Quote(mail)}")
            .Concat(Spellings(person.Mails.Concat(person.Logins)).Select(login => $"userName eq {ScimClient.Quote(login)}"))
            .Concat(person.Spellings().Select(name => $"name.familyName eq {ScimClient.Quote(name.Family)}"));
        var found = new Dictionary<string, AccountRecord>(StringComparer.Ordinal);
        try
        {
            foreach (var filter in filters.Distinct(StringComparer.Ordinal))
            {
                await CollectAsync(filter);
            }
        }
        catch (ScimListException refused) when (refused.Unsupported)
        {
            // Services exist that know no filters, or stumble over a quotation mark: then everybody is read.
            try
            {
                await CollectAsync(null);
            }
            catch (ScimListException broken)
            {
                throw new ConnectorException(broken.Failure, broken);
            }
        }
        catch (ScimListException broken)
        {
            throw new ConnectorException(broken.Failure, broken);
        }

        return [.. found.Values];

        async Task CollectAsync(string? filter)
        {
            await foreach (var user in client.ListAsync("Users", filter, PageSize, cancellation))
            {
                // A service that overlooks the filter answers with everybody.
                var record = new ScimUser(user).ToRecord(IsPrivileged);
                if (MayBe(person, record))
                {
                    found[record.Id] = record;
                }
            }
        }
    }

    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        var readings = new AccountReading[accounts.Count];
        await Parallel.ForAsync(0, accounts.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = CancellationToken.None },
            async (index, _) => readings[index] = await ReadOneAsync(accounts[index], depth, cancellation));
        return readings;
    }

    /// <summary>Reads one account by its id.</summary>
    public async Task<UserRead> GetAsync(string id, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Get, PathOf(id), null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return await GoneAsync(answer, cancellation);
        }

        if (answer.Failure is { } failure)
        {
            return new(AccountState.Unknown, null, failure, [answer.Exchange]);
        }

        var user = new ScimUser(answer.Body ?? []);
        return user switch
        {
            _ when user.Id != id => new(AccountState.Unknown, null, client.Garbage(), [answer.Exchange]),
            { Active: null } => new(AccountState.Unknown, null, new(FailureKind.Invalid, new(
                $"{client.Host} does not say whether the account is active.", $"{client.Host} ne dit pas si le compte est actif.")), [answer.Exchange]),
            _ => new(user.State, user, null, [answer.Exchange]),
        };
    }

    /// <summary>Where an account is.</summary>
    public static string PathOf(string id) => $"Users/{Uri.EscapeDataString(id)}";

    private async Task<AccountReading> ReadOneAsync(string id, ReadDepth depth, CancellationToken cancellation)
    {
        var read = await GetAsync(id, cancellation);
        if (read.User is not { } user || depth == ReadDepth.State)
        {
            return new(id, read.State, read.User?.ToRecord(IsPrivileged), Failure: read.Failure);
        }

        try
        {
            var held = await groups.OfAsync(user, cancellation);
            var record = user.ToRecord(IsPrivileged);
            return new(id, read.State, record with { Entitlements = [.. held.Values, .. user.Roles], Privileged = record.Privileged || held.Values.Any(IsPrivileged) },
                new ScimSnapshot(user.Active ?? false, held).Write());
        }
        catch (ScimListException broken)
        {
            // Without its groups the account could not be given back: that is no snapshot.
            return new(id, AccountState.Unknown, Failure: broken.Failure);
        }
    }

    /// <summary>A 404 is also what a wrong address answers: the account is absent only where users are listed.</summary>
    private async Task<UserRead> GoneAsync(ScimAnswer missing, CancellationToken cancellation)
    {
        var list = await client.SendAsync(HttpMethod.Get, "Users?count=1", null, cancellation);
        var isService = list.Body?.Text("totalResults") is not null;
        return new(isService ? AccountState.Absent : AccountState.Unknown, null, isService ? null : list.Failure ?? client.Garbage(), [missing.Exchange, list.Exchange]);
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<JsonObject> users)
    {
        try
        {
            return await users.MoveNextAsync();
        }
        catch (ScimListException broken)
        {
            throw new ConnectorException(broken.Failure, broken);
        }
    }

    /// <summary>Whether anything known of the person agrees.</summary>
    private static bool MayBe(PersonHints person, AccountRecord record) =>
        record.Mails.Append(record.Login).Any(text => person.Mails.Concat(person.Logins).Contains(text, StringComparer.OrdinalIgnoreCase))
        || person.Spellings().Any(name => string.Equals(record.FamilyName, name.Family, StringComparison.OrdinalIgnoreCase))
        || (record.EmployeeNumber is { Length: > 0 } number && number == person.EmployeeNumber);

    /// <summary>As written and in small letters: services exist that mind the case, though mails and logins should not.</summary>
    private static IEnumerable<string> Spellings(IEnumerable<string> texts) => texts.SelectMany(text => new[] { text, text.ToLower(CultureInfo.InvariantCulture) });

    private bool IsPrivileged(string name) => settings.PrivilegedNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));
}
