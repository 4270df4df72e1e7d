using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Searches every system for a person's accounts, now; keeps what is found. Systems are asked in parallel, 15 s at most each.</summary>
internal sealed class AccountSearch(Dispatcher dispatcher, IServiceScopeFactory scopes, Connections connections)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly Words TooSlow = new("It did not answer within {0} seconds.", "Il n’a pas répondu en {0} secondes.");

    /// <summary>Asks every system and keeps the accounts found; names the systems that did not answer.</summary>
    public async Task<IReadOnlyList<UnreachedSystem>> SearchAsync(PersonId person, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        if (await PersonLookup.HintsAsync(db, person, cancellation) is not { } hints)
        {
            return [];
        }

        var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => system.RemovedAt == null).ToListAsync(cancellation);
        var answers = await Task.WhenAll(systems.Select(system => AskAsync(system, hints, cancellation)));
        var found = answers.SelectMany(answer => answer.Found).ToList();
        if (found.Count > 0)
        {
            await dispatcher.SendAsync(new KeepAccounts(person, found), Actor.Engine, cancellation);
        }

        return [.. answers.Select(answer => answer.Unreached).OfType<UnreachedSystem>()];
    }

    private async Task<(IReadOnlyList<FoundAccount> Found, UnreachedSystem? Unreached)> AskAsync(
        TargetSystem system, PersonHints hints, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var records = await connections.Of(system).FindAsync(hints, patience.Token);
            return ([.. records.Select(record => new FoundAccount(system.Id, record, Matching.Of(hints, record)))], null);
        }
        catch (ConnectorException failure)
        {
            return ([], new(system.Id, system.Name, failure.Failure.Told()));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ([], new(system.Id, system.Name, TooSlow.With(Patience.TotalSeconds)));
        }
        catch (InvalidOperationException broken)
        {
            return ([], new(system.Id, system.Name, Words.Same(broken.Message)));
        }
    }
}

/// <summary>An account found, and why it may be the person's.</summary>
internal sealed record FoundAccount(SystemId System, AccountRecord Record, MatchKind Match);

/// <summary>How an account is matched to a person: number, mail, login; a name alone is only a doubt.</summary>
internal static class Matching
{
    /// <summary>The strongest reason.</summary>
    public static MatchKind Of(PersonHints person, AccountRecord account) => account switch
    {
        { EmployeeNumber: { Length: > 0 } number } when number == person.EmployeeNumber => MatchKind.EmployeeNumber,
        _ when account.Mails.Append(account.Login).Any(mail => person.Mails.Contains(mail, StringComparer.OrdinalIgnoreCase)) => MatchKind.Mail,
        _ when person.Logins.Contains(account.Login, StringComparer.OrdinalIgnoreCase) => MatchKind.Login,
        _ when SameName(person, account) => MatchKind.Name,
        _ => MatchKind.None,
    };

    private static bool SameName(PersonHints person, AccountRecord account)
    {
        string[] wanted = [.. Split($"{person.GivenName} {person.FamilyName}")];
        string[] has = [.. Split(account.GivenName is null ? account.DisplayName : $"{account.GivenName} {account.FamilyName}")];
        return wanted.Length > 1 && wanted.Order(StringComparer.Ordinal).SequenceEqual(has.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Split(string? name) => SearchText.Of(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Keeps accounts found for a person. Sent by the product itself after a search.</summary>
internal sealed record KeepAccounts(PersonId Person, IReadOnlyList<FoundAccount> Found) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<KeepAccounts, int>
    {
        public async Task<Outcome<int>> HandleAsync(KeepAccounts command, CancellationToken cancellation)
        {
            var externals = command.Found.Select(found => found.Record.Id).ToList();
            var known = (await db.Set<Account>().Where(account => externals.Contains(account.ExternalId)).ToListAsync(cancellation))
                .ToDictionary(account => (account.System, account.ExternalId));
            var now = clock.GetUtcNow();
            var fresh = 0;
            var ids = known.Values.Select(account => account.Id).ToList();
            var candidates = await db.Set<AccountCandidate>().Where(candidate => candidate.Person == command.Person && ids.Contains(candidate.Account))
                .ToDictionaryAsync(candidate => candidate.Account, cancellation);
            foreach (var found in command.Found.Where(found => found.Match != MatchKind.None))
            {
                if (!known.TryGetValue((found.System, found.Record.Id), out var account))
                {
                    account = new() { System = found.System, ExternalId = found.Record.Id, Login = found.Record.Login };
                    known[(found.System, found.Record.Id)] = account;
                    db.Add(account);
                    fresh++;
                    journal.Record(new(Fact.House, "account.found")
                    {
                        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                        {
                            ["account"] = account.Id.Value, ["system"] = found.System.Value, ["match"] = found.Match.ToString(),
                        },
                        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["login"] = found.Record.Login },
                    });
                }

                account.Take(found.Record, now);
                var candidate = candidates.GetValueOrDefault(account.Id);
                if (candidate?.Refused == true)
                {
                    continue;
                }

                if (account.Service)
                {
                    account.BeService(found.Match > MatchKind.Name ? command.Person : null);
                }
                else if (account.Person is null || account.Person == command.Person)
                {
                    account.MatchTo(command.Person, found.Match);
                }

                if (candidate is null && account.Standing == AccountStanding.Doubtful)
                {
                    db.Add(new AccountCandidate { Account = account.Id, Person = command.Person, Match = found.Match });
                }
            }

            return fresh;
        }
    }
}
