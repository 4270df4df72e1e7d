using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Connectors.ActiveDirectory;
using Depart.Connectors.Lab;
using Depart.Connectors.OpenLdap;
using Depart.Connectors.PostgreSql;
using Depart.Connectors.Ssh;
using Depart.Given;
using Microsoft.Data.Sqlite;

namespace Depart.Bench;

/// <summary>
/// Bench 1: one leaver on five real systems, from the confirmation to the last verification, over the time that the slowest system takes for the same
/// calls by its own client on one open connection. Rounds take turns: Depart on one leaver, then each client on another.
/// </summary>
internal static class OneLeaver
{
    private const int Rounds = 7;
    private const string Salt = "abcdefghijklmnopqrstuvwxyz";

    public static async Task<int> RunAsync(string[] args)
    {
        await using var lab = new LabRun();
        await using var systems = new FiveSystems(lab);
        await systems.InitializeAsync();
        systems.Require();
        await using var app = await DepartApp.StartAsync();
        await systems.ConnectAsync(app);
        var clients = new Clients(systems, lab);
        var ours = new List<double>();
        var theirs = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round <= Rounds; round++)
        {
            var leaver = await systems.AddLeaverAsync(app, "Zoë", $"D'Angélo {Salt[round]}{Salt[round]}{Salt[round]}");
            var begun = TimeProvider.System.GetUtcNow();
            await app.PostAsync($"/api/v1/departures/{leaver.Departure}/disconnect", new { });
            var ended = await app.EndedAsync(leaver.Departure);
            var took = (DateTimeOffset.Parse(ended["endedAt"]!.ToString(), CultureInfo.InvariantCulture) - begun).TotalMilliseconds;
            foreach (var account in ended["accounts"]!.AsArray())
            {
                if (!account!["verdict"]!.ToString().StartsWith("gone", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException(account.ToJsonString());
                }
            }

            // Another leaver, cut by each system's own client with the calls that Depart recorded for the first.
            var commands = SshCommands(app, leaver);
            var other = await systems.AddLeaverAsync(app, "Inès", $"O'Brien {Salt[round]}{Salt[round]}{Salt[round]}");
            var times = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["openldap"] = await clients.OpenLdapAsync(other.Accounts["openldap"]),
                ["active-directory"] = await clients.ActiveDirectoryAsync(other.Accounts["active-directory"]),
                ["scim"] = await clients.ScimAsync(other.Accounts["scim"]),
                ["postgresql"] = await clients.PostgreSqlAsync(other.Accounts["postgresql"]),
                ["ssh"] = await clients.SshAsync(commands, leaver.Accounts["ssh"], other.Accounts["ssh"]),
            };
            Console.WriteLine($"{(round == 0 ? "warm" : $"round {round}")}: Depart {took:F0} ms; {string.Join(", ", times.Select(pair => $"{pair.Key} {pair.Value:F0}"))} ms; load {Machine.Load():F1}");
            if (round > 0)
            {
                ours.Add(took);
                foreach (var (key, time) in times)
                {
                    (theirs.TryGetValue(key, out var list) ? list : theirs[key] = []).Add(time);
                }
            }
        }

        var slowest = theirs.MaxBy(pair => Median(pair.Value));
        Console.WriteLine($"median: Depart {Median(ours):F0} ms, slowest client {slowest.Key} {Median(slowest.Value):F0} ms");
        Console.WriteLine($"ratio: {Median(ours) / Median(slowest.Value):F2} (at most 1.3)");
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The commands that Depart recorded on the host, with what it read before the first action.</summary>
    private static List<string> SshCommands(DepartApp app, Leaver leaver)
    {
        using var sql = new SqliteConnection($"Data Source={Directory.GetFiles(app.DataFolder, "*.db").Single()};Mode=ReadOnly");
        sql.Open();
        using var command = sql.CreateCommand();
        command.CommandText = """
            select r.ReportJson from revocations r join accounts a on a.Id = r.Account where a.Login = $login and r.ReportJson is not null order by r.SettledAt, r.Level
            """;
        command.Parameters.AddWithValue("$login", leaver.Accounts["ssh"].Login);
        using var rows = command.ExecuteReader();
        var calls = new List<string>();
        while (rows.Read())
        {
            calls.AddRange(JsonNode.Parse(rows.GetString(0))!["exchanges"]!.AsArray().Select(call => call!["request"]!.ToString()));
        }

        // The search and the reading before the first action are in no report; both read the same three tables, the reading also the files of the actions.
        string[] tables = [.. calls.Take(3)];
        var files = calls.Where(call => call.Contains("/cat ", StringComparison.Ordinal) || call.Contains("sshd -T", StringComparison.Ordinal) || call.Contains("crontab", StringComparison.Ordinal)).Distinct();
        return [.. tables, .. tables, .. files, .. calls];
    }

    /// <summary>Each system's own client, doing by hand what Depart does.</summary>
    private sealed class Clients(FiveSystems systems, LabRun lab)
    {
        private const string New = "Une-autre-phrase-9-Lab";

        public async Task<double> OpenLdapAsync(LabPerson person)
        {
            var slapd = ((OpenLdapServer)systems["openldap"]).Slapd;
            var dn = LabLdif.Line("dn", OpenLdapServer.Name(person.Login));
            var ldif = string.Concat(
                $"{dn}changetype: modify\nreplace: userPassword\nuserPassword: {New}\n\n",
                $"{dn}changetype: modify\nreplace: pwdEndTime\npwdEndTime: 20250101000000Z\n\n",
                $"{dn}changetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n",
                $"{dn}changetype: modify\ndelete: sshPublicKey\n-\nreplace: loginShell\nloginShell: /usr/sbin/nologin\n-\nreplace: shadowExpire\nshadowExpire: 1\n\n",
                $"dn: cn=projet-a,{Slapd.Groups}\nchangetype: modify\ndelete: member\n{LabLdif.Line("member", OpenLdapServer.Name(person.Login))}\n",
                $"dn: cn=projet-b,{Slapd.Groups}\nchangetype: modify\ndelete: memberUid\nmemberUid: {person.Login}\n\n");
            string[] us = ["-D", Slapd.Ours, "-w", Slapd.OurPassword];
            var clock = Stopwatch.StartNew();
            await SearchesAsync(9, file => slapd.ClientAsync("ldapsearch", [.. us, "-LLL", "-b", Slapd.People, "-f", file, "(uid=%s)"]), person.Login);
            (await slapd.ClientAsync("ldapmodify", us, ldif)).Well("ldapmodify");
            await slapd.ClientAsync("ldapwhoami", ["-D", OpenLdapServer.Name(person.Login), "-w", New]);
            await slapd.ClientAsync("ldapwhoami", ["-D", OpenLdapServer.Name(person.Login), "-w", New]);
            return clock.Elapsed.TotalMilliseconds;
        }

        public async Task<double> ActiveDirectoryAsync(LabPerson person)
        {
            var domain = ((ActiveDirectoryServer)systems["active-directory"]).Domain;
            var name = ActiveDirectoryServer.Name(person);
            var dn = LabLdif.Line("dn", name);
            var ldif = string.Concat(
                $"{dn}changetype: modify\ndelete: userAccountControl\nuserAccountControl: 512\n-\nadd: userAccountControl\nuserAccountControl: 514\n\n",
                $"{dn}changetype: modify\nreplace: accountExpires\naccountExpires: 132539328000000000\n\n",
                $"{dn}changetype: modify\nreplace: unicodePwd\n{SambaDomain.Password(New + "1")}\n",
                $"{dn}changetype: modify\nreplace: unicodePwd\n{SambaDomain.Password(New + "2")}\n",
                $"{dn}changetype: modify\nreplace: altSecurityIdentities\n\n",
                $"dn: CN=projet-a,{SambaDomain.Groups}\nchangetype: modify\ndelete: member\n{LabLdif.Line("member", name)}\n",
                $"dn: CN=projet-b,{SambaDomain.Groups}\nchangetype: modify\ndelete: member\n{LabLdif.Line("member", name)}\n",
                $"{dn}changetype: modify\nreplace: description\ndescription: Depart\n\n",
                $"{dn}changetype: modrdn\n{LabLdif.Line("newrdn", name[..name.IndexOf(",OU=", StringComparison.Ordinal)])}deleteoldrdn: 1\nnewsuperior: {SambaDomain.Leavers}\n\n");
            string[] us = ["-D", "depart@lab.example", "-w", SambaDomain.OurPassword];
            var clock = Stopwatch.StartNew();
            await SearchesAsync(9, file => domain.ClientAsync("ldapsearch", [.. us, "-LLL", "-b", SambaDomain.Suffix, "-f", file, "(sAMAccountName=%s)"]), person.Login);
            (await domain.ClientAsync("ldapmodify", us, ldif)).Well("ldapmodify");
            await domain.SignInAsync(person.Login, New + "2");
            return clock.Elapsed.TotalMilliseconds;
        }

        public async Task<double> ScimAsync(LabPerson person)
        {
            var settings = systems["scim"].Settings();
            var users = $"{settings["BaseUrl"]}/Users";
            string[] common = ["-s", "-S", "--cacert", lab.Certificates.AuthorityFile, "-H", $"Authorization: Bearer {settings["Token"]}", "-H", "Content-Type: application/scim+json"];
            string[] Get(string url) => [.. common, "-G", "--data-urlencode", $"filter=userName eq \"{person.Login}\"", url];
            var found = JsonNode.Parse((await LabRun.RunAsync("/usr/bin/curl", Get(users))).Well("curl"))!["Resources"]![0]!;
            var id = found["id"]!.ToString();
            string[] Patch(string url, string operations) => [.. common, "-X", "PATCH", "-d", $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""", url];
            var groups = found["groups"]?.AsArray().Select(group => group!["value"]!.ToString()).ToList() ?? [];
            string[][] calls =
            [
                Get(users), [.. common, $"{users}/{id}"], [.. common, $"{users}/{id}"],
                Patch($"{users}/{id}", """{"op":"replace","path":"active","value":false}"""), [.. common, $"{users}/{id}"],
                .. groups.Select(group => Patch($"{settings["BaseUrl"]}/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{id}}\"]"}""")),
                [.. common, $"{users}/{id}"], [.. common, $"{users}/{id}"],
            ];
            var clock = Stopwatch.StartNew();
            (await LabRun.RunAsync("/usr/bin/curl", calls.SelectMany((call, index) => index == 0 ? call : [.. new[] { "--next" }, .. call]))).Well("curl");
            return clock.Elapsed.TotalMilliseconds;
        }

        public async Task<double> PostgreSqlAsync(LabPerson person)
        {
            var settings = systems["postgresql"].Settings();
            var role = PostgreSqlServer.Quote(person.Login);
            var read = $"SELECT rolcanlogin FROM pg_roles WHERE rolname = {PostgreSqlServer.Text(person.Login)};\n";
            var script = string.Concat(
                read, read, $"ALTER ROLE {role} PASSWORD '{New}' VALID UNTIL 'infinity';\n", read, $"ALTER ROLE {role} NOLOGIN;\n", read, "SELECT pid FROM pg_stat_activity;\n",
                read, $"REVOKE \"projet-a\" FROM {role};\nREVOKE \"projet-b\" FROM {role};\n", read, $"ALTER ROLE {role} PASSWORD NULL VALID UNTIL '2025-01-01';\n");
            Task<LabAnswer> Psql(string user, string password, string input) => LabRun.RunAsync(
                LabRun.Program("psql"), ["-h", settings["Host"], "-p", settings["Port"], "-U", user, "-d", "postgres", "-AtqX", "-v", "ON_ERROR_STOP=1"], input,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["PGPASSWORD"] = password, ["PGSSLMODE"] = "verify-full", ["PGSSLROOTCERT"] = lab.Certificates.AuthorityFile });
            var clock = Stopwatch.StartNew();
            (await Psql(settings["User"], settings["Password"], script)).Well("psql");
            await Psql(person.Login, New, "SELECT 1;");
            return clock.Elapsed.TotalMilliseconds;
        }

        public async Task<double> SshAsync(List<string> commands, LabPerson was, LabPerson person)
        {
            var host = (SshServer)systems["ssh"];
            var settings = host.Settings();
            var folder = lab.NewFolder($"ssh-client-{Guid.NewGuid():N}"[..16]);
            var key = Path.Combine(folder, "key");
            await File.WriteAllTextAsync(key, settings["PrivateKey"]);
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var control = Path.Combine(folder, "c");
            string[] common = ["-F", "none", "-p", settings["Port"], "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes"];
            var server = $"{settings["User"]}@{settings["Host"]}";
            var ssh = LabRun.Program("ssh");
            (await LabRun.RunAsync(ssh, [.. common, "-i", key, "-M", "-S", control, "-f", "-N", "-o", "ControlPersist=yes", server])).Well("ssh -M");
            var (oldUid, uid) = (await host.UidAsync(was.Login), await host.UidAsync(person.Login));
            var clock = Stopwatch.StartNew();
            foreach (var command in commands.Select(command => command.Replace(was.Login, person.Login, StringComparison.Ordinal).Replace(oldUid, uid, StringComparison.Ordinal)))
            {
                if (command.StartsWith("ssh ", StringComparison.Ordinal))
                {
                    // A sign-in as the person: refused.
                    await LabRun.RunAsync(ssh, [.. common, "-i", key, "-o", "IdentitiesOnly=yes", $"{person.Login}@{settings["Host"]}", "true"]);
                }
                else
                {
                    await LabRun.RunAsync(ssh, ["-S", control, server, command], "");
                }
            }

            var took = clock.Elapsed.TotalMilliseconds;
            await LabRun.RunAsync(ssh, ["-S", control, "-O", "exit", server]);
            return took;
        }

        private async Task SearchesAsync(int count, Func<string, Task<LabAnswer>> search, string login)
        {
            var file = Path.Combine(lab.Folder, $"logins-{Guid.NewGuid():N}");
            await File.WriteAllLinesAsync(file, Enumerable.Repeat(login, count));
            (await search(file)).Well("ldapsearch");
        }
    }
}
