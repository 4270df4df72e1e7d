using System.Security.Cryptography;
using System.Text;
using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.CommandLine;

namespace Depart.Proof;

/// <summary>Checkpoints, keys and exports, on both databases.</summary>
public class SealTests
{
    [Fact]
    public async Task An_untouched_database_holds()
    {
        await using var app = await DepartApp.StartAsync();
        var (departure, _) = await Sealed.DepartureAsync(app);
        await app.PostAsync("/api/v1/people", new { givenName = "Après", familyName = "Coup" });
        await app.StopAsync();

        var line = Assert.Single(await Sealed.JournalLinesAsync(app));
        Assert.Equal(Interfaces.CommandLine.Finding.Good, line.Finding);
        Assert.NotNull(departure);
    }

    [Fact]
    public async Task A_check_beside_writers_raises_no_false_alarm()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Agnès", "Dupré", "agnes@exemple.fr");
        using var enough = new CancellationTokenSource();
        var written = 0;
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; !enough.IsCancellationRequested; number++)
            {
                // One appends to the chain of the house, one begins chains, one makes checkpoints.
                await (writer switch
                {
                    0 => app.PostAsync("/api/v1/people", new { givenName = "Ève", familyName = $"Écrit{number}" }),
                    1 => app.OpenDepartureAsync("Noé", $"Écrit{number}", $"noe{number}@exemple.fr"),
                    _ => app.DownloadAsync($"/api/v1/departures/{departure}/evidence", Path.Combine(app.DataFolder, "evidence.zip")),
                });
                Interlocked.Increment(ref written);
            }
        })).ToList();
        var alarms = new List<string>();
        for (var checks = 0; checks < 25 || (Volatile.Read(ref written) < 60 && !writers.Exists(writer => writer.IsCompleted)); checks++)
        {
            alarms.AddRange((await app.AskAsync(new CheckJournal())).Broken.Select(broken => broken.En));
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Empty(alarms);
    }

    [Fact]
    public async Task A_disconnection_that_has_ended_is_sealed_at_once()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("adupre", "Agnès", "Dupré", "agnes@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Agnès", "Dupré", "agnes@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        var seal = await app.GetAsync($"/api/v1/evidence/checkpoints/last?departure={departure}");
        for (var tries = 0; !seal["covers"]!.GetValue<bool>() && tries < 100; tries++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            seal = await app.GetAsync($"/api/v1/evidence/checkpoints/last?departure={departure}");
        }

        Assert.True(seal["covers"]!.GetValue<bool>());
        Assert.Equal(seal["root"]!.ToString(), (await app.GetAsync($"/api/v1/evidence/checkpoints/{seal["number"]}"))["root"]!.ToString());
    }

    [Fact]
    public async Task Every_archive_of_a_growing_log_is_genuine()
    {
        await using var app = await DepartApp.StartAsync();
        for (var number = 0; number < 9; number++)
        {
            var (_, archive) = await Sealed.DepartureAsync(app, $"Agnès{number}");
            var report = Sealed.Verify(archive, null);
            Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings));
        }
    }

    [Fact]
    public async Task The_key_of_an_earlier_version_is_taken_over_from_its_file()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var app = await DepartApp.StartAsync(before: folder => File.WriteAllText(Path.Combine(folder, "signing-key.pem"), key.ExportPkcs8PrivateKeyPem()));

        Assert.Equal(Fingerprint.Of(key.ExportSubjectPublicKeyInfo()), (await app.GetAsync("/api/v1/evidence/keys"))[0]!["fingerprint"]!.ToString());
        Assert.False(File.Exists(Path.Combine(app.DataFolder, "signing-key.pem")));
    }

    [Fact]
    public async Task A_key_replaced_signs_nothing_more_and_what_it_signed_still_verifies()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, before) = await Sealed.DepartureAsync(app);
        var old = (await app.GetAsync("/api/v1/evidence/keys"))[0]!["fingerprint"]!.ToString();
        var fresh = (await app.PostAsync("/api/v1/evidence/keys", null))!.ToString();
        var (_, after) = await Sealed.DepartureAsync(app, "Basile");
        var keys = (await app.GetAsync("/api/v1/evidence/keys")).AsArray();
        await app.StopAsync();

        Assert.Equal((EvidenceVerdict.Genuine, EvidenceVerdict.Genuine), (Sealed.Verify(before, old).Verdict, Sealed.Verify(after, fresh).Verdict));
        Assert.Equal([fresh, old], keys.Select(key => key!["fingerprint"]!.ToString()));
        Assert.NotNull(keys[1]!["retiredAt"]);
        Assert.Empty(await Sealed.BrokenAsync(app));
    }

    [Fact]
    public async Task An_export_without_personal_values_names_nobody_and_is_genuine()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "D’Angélo-Lefèvre", "zoe@exemple.fr");
        var answer = await app.Http.PostAsync($"/api/v1/departures/{departure}/evidence?withoutPersonal=true", null, TestContext.Current.CancellationToken);
        var archive = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(EvidenceVerdict.Genuine, Sealed.Verify(archive, answer.Headers.GetValues("Depart-Key-Fingerprint").Single()).Verdict);
        Assert.DoesNotContain("Angélo", Encoding.UTF8.GetString(archive), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_security_and_administrators_replace_the_key()
    {
        await using var app = await DepartApp.StartAsync();
        foreach (var role in new[] { Role.Hr, Role.It, Role.Auditor })
        {
            using var http = await app.AsAsync(role);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await http.PostAsync("/api/v1/evidence/keys", null, TestContext.Current.CancellationToken)).StatusCode);
        }
    }
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql]
public sealed class SealOnPostgreSqlTests : SealTests;

/// <summary>What these tests share: a departure that a checkpoint covers, and what the doctor says of the journal.</summary>
internal static class Sealed
{
    /// <summary>A departure with two entries, exported: a checkpoint covers it.</summary>
    public static async Task<(string Chain, byte[] Archive)> DepartureAsync(DepartApp app, string given = "Agnès")
    {
        var (_, departure) = await app.OpenDepartureAsync(given, "Dupré", $"{given}@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/cancel", new { });
        var answer = await app.Http.PostAsync($"/api/v1/departures/{departure}/evidence", null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return (Guid.Parse(departure).ToString("N"), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static VerificationReport Verify(byte[] archive, string? fingerprint)
    {
        using var stream = new MemoryStream(archive);
        return EvidenceVerifier.Verify(stream, fingerprint);
    }

    public static async Task<List<DoctorVerb.Line>> JournalLinesAsync(DepartApp app) =>
        [.. (await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken)).Where(line => line.Check.En == "Journal")];

    public static async Task<List<string>> BrokenAsync(DepartApp app) =>
        [.. (await JournalLinesAsync(app)).Where(line => line.Finding == Interfaces.CommandLine.Finding.Bad).Select(line => line.What.En)];
}
