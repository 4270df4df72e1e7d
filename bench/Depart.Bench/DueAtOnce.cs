using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Connectors.OpenLdap;
using Depart.Connectors.Scim;
using Depart.Given;
using Microsoft.Data.Sqlite;

namespace Depart.Bench;

/// <summary>
/// Benches 2 and 3: 1,000 departures due at one instant on one system, from the instant to the last verification, journalled; against the system's own
/// client, which makes the same changes to 1,000 other people and neither reads, nor verifies, nor writes anything down.
/// </summary>
internal static class DueAtOnce
{
    private static readonly int Leavers = int.TryParse(Environment.GetEnvironmentVariable("DEPART_BENCH_LEAVERS"), CultureInfo.InvariantCulture, out var number) ? number : 1000;
    private const int Groups = 50;
    private const string New = "Une-autre-phrase-9-Lab";

    public static Task<int> OpenLdapAsync(string[] args) =>
        RunAsync(args, 0.8, lab => new OpenLdapServer(lab), (server, lab, round) => LdapModifyAsync(server.Slapd, lab, round));

    public static Task<int> ScimAsync(string[] args) => RunAsync(args, 2, lab => new ScimServer(lab), XargsCurlAsync);

    /// <summary>The people whom the system's own client cuts.</summary>
    private static IReadOnlyList<LabPerson> Others { get; } = People("autre");

    /// <summary>Each round begins with a new server: what earlier rounds left in it would slow the next.</summary>
    private static async Task<int> RunAsync<TSystem>(string[] args, double atLeast, Func<LabRun, TSystem> start, Func<TSystem, LabRun, int, Task<double>> theirClient)
        where TSystem : LabSystem
    {
        var rounds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        var staying = Enumerable.Range(0, Groups).Select(number => new LabPerson($"reste{number}", "Rémi", $"Stable {number}") { Groups = GroupsOf(number) }).ToList();
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            await using var lab = new LabRun();
            await using var system = start(lab);
            await system.InitializeAsync();
            system.Require();
            await system.AddAsync(staying);
            var ours = People($"part{round}x");
            await system.AddAsync(ours);
            var (took, first, own) = await DepartAsync(system, ours);
            await system.AddAsync(Others.Select(person => person with { Login = $"{person.Login}r{round}", Mails = [$"{person.Login}r{round}@exemple.fr"] }).ToList());
            var theirs = await theirClient(system, lab, round);
            ratios.Add(theirs / took);
            Console.WriteLine($"round {round}: Depart {Leavers / took:F0} leavers/s (first change {first * 1000:F0} ms after the instant, last verification {took:F2} s, {own:F1} s of processor); own client {Leavers / theirs:F0}/s ({theirs:F2} s); ratio {theirs / took:F2}; load {Machine.Load():F1}");
        }

        Console.WriteLine($"ratio, median of {rounds}: {ratios.Order().ElementAt(rounds / 2):F2} (at least {atLeast})");
        return 0;
    }

    private static string[] GroupsOf(int number) => [$"equipe{number % Groups}-a", $"equipe{number % Groups}-b"];

    private static List<LabPerson> People(string start) =>
        [.. Enumerable.Range(0, Leavers).Select(number => new LabPerson($"{start}{number}", "Prénom", $"Nom{start}{number}") { Groups = GroupsOf(number) })];

    /// <summary>Opens a departure for each, all due at one minute; gives the seconds from the instant to the last verification and to the first change.</summary>
    private static async Task<(double Took, double First, double Processor)> DepartAsync(LabSystem system, List<LabPerson> leavers)
    {
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/systems", new { name = system.Key, connector = system.Key, settings = system.Settings() });
        var missions = new List<string>();
        foreach (var person in leavers)
        {
            missions.Add((await app.PostAsync("/api/v1/people", new { givenName = person.GivenName, familyName = person.FamilyName, mails = person.Mails, employeeNumber = person.EmployeeNumber, missionTitle = "Mission" }))!["mission"]!.ToString());
        }

        // Far enough for every account to be found and every plan to be written before.
        var due = TimeProvider.System.GetUtcNow().AddSeconds(Patience);
        due = new DateTimeOffset(due.Year, due.Month, due.Day, due.Hour, due.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        Console.WriteLine($"due at {due:HH:mm} UTC");
        foreach (var mission in missions)
        {
            await app.PostAsync("/api/v1/departures", new { mission, lastDay = due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), cutTime = due.ToString("HH:mm", CultureInfo.InvariantCulture), zone = "UTC" });
        }

        using var sql = new SqliteConnection($"Data Source={Directory.GetFiles(app.DataFolder, "*.db").Single()};Mode=ReadOnly");
        sql.Open();
        long Count(string query)
        {
            using var command = sql.CreateCommand();
            command.CommandText = query;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        if (due - TimeProvider.System.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait);
        }

        if (Count("select count(*) from disconnections") is var prepared && prepared != Leavers)
        {
            throw new InvalidOperationException($"Only {prepared} disconnections were planned before the instant: wait longer (DEPART_BENCH_PATIENCE, in seconds).");
        }

        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        while (Count("select count(*) from disconnections where EndedAt is null") > 0)
        {
            await Task.Delay(50);
        }

        self.Refresh();
        var own = (self.TotalProcessorTime - before).TotalSeconds;
        var cut = Count("select count(*) from disconnection_accounts where Verdict in ('GoneVerified', 'GoneResidual')");
        if (cut != Leavers)
        {
            throw new InvalidOperationException($"{cut} accounts of {Leavers} are cut.");
        }

        return (Since(Count("select max(EndedAt) from disconnections"), due), Since(Count("select min(SettledAt) from revocations where Action <> 'snapshot'"), due), own);
    }

    private static int Patience => int.TryParse(Environment.GetEnvironmentVariable("DEPART_BENCH_PATIENCE"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 90;

    private static double Since(long stored, DateTimeOffset due) => (stored - due.ToUnixTimeMilliseconds()) / 1000.0;

    /// <summary>The same changes as one LDIF, by one ldapmodify.</summary>
    private static async Task<double> LdapModifyAsync(Slapd slapd, LabRun lab, int round)
    {
        Directory.CreateDirectory(lab.Folder);
        var file = Path.Combine(lab.Folder, $"batch-{round}.ldif");
        await File.WriteAllTextAsync(file, string.Concat(Others.Select((person, number) =>
        {
            var login = $"{person.Login}r{round}";
            var dn = LabLdif.Line("dn", OpenLdapServer.Name(login));
            var (byName, byLogin) = (GroupsOf(number)[0], GroupsOf(number)[1]);
            return string.Concat(
                $"{dn}changetype: modify\nreplace: userPassword\nuserPassword: {New}\n\n",
                $"{dn}changetype: modify\nreplace: pwdEndTime\npwdEndTime: 20250101000000Z\n\n",
                $"{dn}changetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n",
                $"{dn}changetype: modify\nreplace: sshPublicKey\n-\nreplace: loginShell\nloginShell: /usr/sbin/nologin\n-\nreplace: shadowExpire\nshadowExpire: 1\n\n",
                $"dn: cn={byName},{Slapd.Groups}\nchangetype: modify\ndelete: member\n{LabLdif.Line("member", OpenLdapServer.Name(login))}\n",
                $"dn: cn={byLogin},{Slapd.Groups}\nchangetype: modify\ndelete: memberUid\nmemberUid: {login}\n\n");
        })));
        var clock = Stopwatch.StartNew();
        (await slapd.ClientAsync("ldapmodify", ["-D", Slapd.Ours, "-w", Slapd.OurPassword, "-f", file])).Well("ldapmodify");
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>The same changes by curl, one process per change, eight at a time.</summary>
    private static async Task<double> XargsCurlAsync(ScimServer server, LabRun lab, int round)
    {
        var settings = server.Settings();
        var dump = await server.DumpAsync();
        var lines = new List<string>();
        var all = (await LabRun.RunAsync("/usr/bin/curl",
            ["-sS", "-f", "--cacert", lab.Certificates.AuthorityFile, "-H", $"Authorization: Bearer {settings["Token"]}", $"{settings["BaseUrl"]}/Groups?startIndex=1&count=1000&excludedAttributes=members"])).Well("curl");
        var groups = JsonNode.Parse(all)!["Resources"]!.AsArray().ToDictionary(group => group!["displayName"]!.ToString(), group => group!["id"]!.ToString(), StringComparer.Ordinal);
        foreach (var person in Others)
        {
            var account = JsonNode.Parse(dump[$"{person.Login}r{round}"])!;
            var id = account["id"]!.ToString();
            lines.Add($$"""Users/{{id}} {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}""");
            foreach (var group in account["groups"]?.AsArray() ?? [])
            {
                lines.Add($$"""Groups/{{groups[group!.ToString()]}} {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"{{id}}\"]"}]}""");
            }
        }

        var file = Path.Combine(lab.Folder, $"calls-{round}");
        await File.WriteAllTextAsync(file, string.Concat(lines.SelectMany(line => line.Split(' ', 2)).Select(part => $"{part}\0")));
        var clock = Stopwatch.StartNew();
        (await LabRun.RunAsync("/bin/bash",
        [
            "-c", """
            xargs -0 -n 2 -P 8 sh -c 'exec curl -sS -f -o /dev/null --cacert "$CA" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/scim+json" -X PATCH -d "$2" "$BASE/$1"' curl < "$1"
            """, "bench", file,
        ], environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["CA"] = lab.Certificates.AuthorityFile, ["TOKEN"] = settings["Token"], ["BASE"] = settings["BaseUrl"] })).Well("xargs");
        return clock.Elapsed.TotalSeconds;
    }
}
