using System.Globalization;
using System.Net;
using Depart.Departures;
using Depart.Evidence;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Missions;
using Depart.Proof;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Step5Close.Accounts;

/// <summary>The server is killed (SIGKILL) at random instants of a run over two services. DEPART_TEST_SEED repeats a run, DEPART_TEST_LONG kills more often.</summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1";
    private static readonly int Leavers = 500;

    [Fact]
    public async Task A_server_killed_at_any_instant_loses_no_account_and_says_cut_of_none_that_is_not()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DEPART_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"DEPART_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var first = await ScimService.StartAsync();
        await using var second = await ScimService.StartAsync();
        await using var depart = new DepartProcess(postgreSql: null);
        await depart.WithDataAsync(services => GivenLeaversAsync(services, first, second));

        var instants = Enumerable.Range(0, Long ? 20 : 3).Select(_ => random.Next(1, (2 * Leavers) - 20)).Order().ToList();
        foreach (var instant in instants)
        {
            await depart.StartAsync();
            await UntilAsync(() => first.Closed + second.Closed >= instant, depart);
            await depart.KillAsync();
            output.WriteLine($"killed when {first.Closed + second.Closed} accounts were closed on the services");
        }

        await depart.StartAsync();
        await UntilAsync(() => first.Closed + second.Closed == 2 * Leavers, depart);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await UntilEndedAsync(depart, first, second);
    }

    /// <summary>Stops the server and looks; starts it again while something runs: every stop is one more instant.</summary>
    private async Task UntilEndedAsync(DepartProcess depart, ScimService first, ScimService second)
    {
        for (var tries = 0; ; tries++)
        {
            await depart.KillAsync();
            var left = 0;
            await depart.WithDataAsync(async services => left = await LeftAsync(services));
            if (left == 0)
            {
                break;
            }

            Assert.True(tries < 20, $"{left} accounts have no verdict:\n{depart.Said}");
            await depart.StartAsync();
            await Task.Delay(TimeSpan.FromSeconds(2 + tries), TestContext.Current.CancellationToken);
        }

        await depart.WithDataAsync(services => CheckAsync(services, first, second));
    }

    private static async Task GivenLeaversAsync(IServiceProvider services, ScimService first, ScimService second)
    {
        for (var index = 0; index < Leavers; index++)
        {
            var mail = string.Create(CultureInfo.InvariantCulture, $"personne{index}@exemple.fr");
            first.Add(string.Create(CultureInfo.InvariantCulture, $"a{index}"), "Prénom", $"Nom {Letters(index)}", mail);
            second.Add(string.Create(CultureInfo.InvariantCulture, $"b{index}"), "Prénom", $"Nom {Letters(index)}", mail);
            var added = await DepartProcess.SendAsync(services, new AddPerson("Prénom", $"Nom {Letters(index)}", [mail], MissionTitle: "Mission"));
            await DepartProcess.SendAsync(services, new OpenDeparture(added.Mission!.Value, new DateOnly(2026, 1, 30)));
        }

        foreach (var (name, scim) in new[] { ("Premier", first), ("Second", second) })
        {
            await DepartProcess.SendAsync(services, new AddSystem(name, "scim", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BaseUrl"] = scim.Address + "/scim/v2", ["Token"] = ScimService.Token, ["AllowPlainHttp"] = "true",
            }));
        }
    }

    private static async Task<int> LeftAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        return (2 * Leavers) - await db.Set<DisconnectionAccount>().CountAsync(account => account.Verdict != Verdict.Pending, TestContext.Current.CancellationToken);
    }

    private static async Task CheckAsync(IServiceProvider services, ScimService first, ScimService second)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var cancellation = TestContext.Current.CancellationToken;

        var accounts = await db.Set<DisconnectionAccount>().ToListAsync(cancellation);
        Assert.Equal(2 * Leavers, accounts.Count);
        Assert.Equal(2 * Leavers, accounts.Select(account => account.Account).Distinct().Count());
        var logins = await db.Set<Account>().ToDictionaryAsync(account => account.Id, account => account.Login, cancellation);
        foreach (var account in accounts.Where(account => Verdicts.IsCut(account.Verdict)))
        {
            var login = logins[account.Account];
            Assert.Equal(HttpStatusCode.Forbidden, await (login[0] == 'a' ? first : second).SignInAsync(login));
        }

        Assert.All(accounts, account => Assert.True(account.Verdict is Verdict.GoneVerified or Verdict.AlreadyGone, account.Verdict.ToString()));
        Assert.All(await db.Set<Departure>().ToListAsync(cancellation), departure => Assert.Equal(DepartureState.Cut, departure.State));

        var recorded = (await db.Set<WorkAttempt>().ToListAsync(cancellation)).GroupBy(attempt => attempt.WorkItem).ToDictionary(group => group.Key, group => group.Select(attempt => attempt.Attempt).Order().ToList());
        Assert.All(await db.Set<WorkItem>().Where(item => item.Kind == Revocation.WorkKind && item.State == WorkState.Done).ToListAsync(cancellation),
            item => Assert.Equal(Enumerable.Range(1, item.Attempts), recorded[item.Id].Distinct()));

        foreach (var chain in await db.Set<JournalHead>().Select(head => head.Chain).ToListAsync(cancellation))
        {
            var file = await DepartProcess.SendAsync(services, new ExportEvidence(chain));
            using var archive = new MemoryStream(file.Content);
            var report = EvidenceVerifier.Verify(archive, file.Fingerprint);
            Assert.True(report.Verdict == EvidenceVerdict.Genuine, string.Join('\n', report.Findings.Select(finding => finding.En)));
        }
    }

    private static async Task UntilAsync(Func<bool> holds, DepartProcess depart)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(4), $"It did not come about within 4 minutes:\n{depart.Said}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A name of its own: homonyms would have to be confirmed.</summary>
    private static string Letters(int index) => string.Concat($"{index:D3}".Select(digit => (char)('A' + (digit - '0'))));
}
