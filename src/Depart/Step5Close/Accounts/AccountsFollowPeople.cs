using Depart.Connectors;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Accounts that were read while they were nobody's become somebody's as soon as the record knows their address or login; no other read is needed. When they
/// could be several people's, they stay as they are: the next read shows the doubt.
/// </summary>
internal sealed class AccountsFollowPeople(DepartDb db, IJournal journal) : IMissionWatch
{
    public async Task PeopleNamedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation)
    {
        var mails = people.SelectMany(person => person.Mails).Select(Lower).Distinct(StringComparer.Ordinal).ToList();
        var logins = people.SelectMany(person => person.Logins).Select(Lower).Concat(mails).Distinct(StringComparer.Ordinal).ToList();
        if (logins.Count == 0)
        {
            return;
        }

        // The database compares without case by its own lower(): what it misses beyond ASCII is found by the next read.
#pragma warning disable CA1304, CA1311, CA1862
        var accounts = await AccountQuery.Connected(db)
            .Where(account => account.Standing == AccountStanding.Orphan || account.Standing == AccountStanding.PrivilegedUnknown)
            .Where(account => logins.Contains(account.Login.ToLower()) || (account.Mail != null && mails.Contains(account.Mail.ToLower())))
            .ToListAsync(cancellation);
#pragma warning restore CA1304, CA1311, CA1862
        var ids = accounts.ConvertAll(account => account.Id);
        var refused = ids.Count == 0 ? [] : await db.Set<AccountCandidate>().Where(candidate => candidate.Refused && ids.Contains(candidate.Account))
            .Select(candidate => new { candidate.Account, candidate.Person }).ToListAsync(cancellation);
        foreach (var account in accounts)
        {
            var record = new AccountRecord { Id = account.ExternalId, Login = account.Login, Mails = account.Mail is { } mail ? [mail] : [], State = account.State };
            var found = people.Where(person => !refused.Exists(no => no.Account == account.Id && no.Person == person.Id))
                .Select(person => (person.Id, Match: Matching.Of(Hints(person), record))).Where(sign => sign.Match > MatchKind.Name).ToList();
            if (found is [var (person, match)] && account.Judge(person, match))
            {
                journal.Record(new(Fact.House, "account.matched")
                {
                    Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["account"] = account.Id.Value, ["system"] = account.System.Value, ["person"] = person.Value, ["match"] = match.ToString(),
                    },
                    Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["login"] = account.Login },
                });
            }
        }
    }

    private static PersonHints Hints(Person person) => new() { GivenName = person.GivenName, FamilyName = person.FamilyName, Mails = person.Mails, Logins = person.Logins };

    private static string Lower(string text) => text.ToLowerInvariant();
}
