using Depart.Connectors.Lab;
using Depart.Given;
using Depart.Interfaces;
using Depart.Interfaces.CommandLine;
using Depart.Proof;
using Npgsql;

namespace Depart.Foundation.Storage;

/// <summary>What is PostgreSQL's own.</summary>
[OnPostgreSql]
public sealed class PostgreSqlTests
{
    [Fact]
    public async Task The_first_start_makes_the_tables_with_no_more_rights_than_to_own_the_database()
    {
        await using var app = await DepartApp.StartAsync(empty: true);

        await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });
        await app.RestartAsync();

        Assert.Single((await app.GetAsync("/api/v1/people"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        await using (var connection = new NpgsqlConnection(app.Storage.PostgreSql))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Later', '99.0')", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Assert.ThrowsAsync<StartRefused>(app.RestartAsync);

        Assert.Contains("29991231000000_Later", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_file_is_refused_at_the_start()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        File.WriteAllText(app.Storage.KeyFile, Convert.ToBase64String(new byte[32]));

        await Assert.ThrowsAsync<StartRefused>(app.RestartAsync);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_at_the_start_and_by_the_doctor_without_the_password()
    {
        var folder = Directory.CreateTempSubdirectory("depart-test-").FullName;
        try
        {
            var storage = new StorageOptions { DataFolder = folder, PostgreSql = "Host=127.0.0.1;Port=1;Database=depart;Username=depart;Password=a-secret-of-the-database;Timeout=5" };

            var refused = await Assert.ThrowsAsync<StartRefused>(() => Server.BuildAsync(new() { Urls = "http://127.0.0.1:0", Storage = storage }, TestContext.Current.CancellationToken));
            var doctor = await DoctorVerb.ExamineAsync(storage, TimeProvider.System, TestContext.Current.CancellationToken);

            Assert.Contains("127.0.0.1", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("a-secret-of-the-database", refused.ToString(), StringComparison.Ordinal);
            Assert.Contains(doctor, line => line is { Check.En: "Database", Finding: Finding.Bad } && !line.What.En.Contains("a-secret", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_doctor_finds_a_database_in_order()
    {
        await using var app = await DepartApp.StartAsync();

        var doctor = await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Contains(doctor, line => line is { Check.En: "Database", Finding: Finding.Good } && line.What.En.StartsWith("PostgreSQL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_server_on_one_database_is_refused_and_a_later_one_is_not()
    {
        await using var app = await DepartApp.StartAsync();
        var folder = Directory.CreateTempSubdirectory("depart-test-").FullName;
        File.Copy(app.Storage.KeyFile, Path.Combine(folder, "key"));
        try
        {
            await Assert.ThrowsAsync<StartRefused>(() => Server.BuildAsync(
                new() { Urls = "http://127.0.0.1:0", Storage = app.Storage with { DataFolder = folder } }, TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await app.RestartAsync();
    }

    [Fact]
    public async Task A_dump_of_a_running_server_is_put_back_by_the_two_commands_of_the_guide()
    {
        await using var app = await DepartApp.StartAsync();
        var parts = new NpgsqlConnectionStringBuilder(app.Storage.PostgreSql);
        string[] there = ["-h", parts.Host!, "-p", $"{parts.Port}", "-U", parts.Username!];
        var file = Path.Combine(app.DataFolder, "depart.dump");
        await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });
        (await LabRun.RunAsync(LabRun.Program("pg_dump"), ["-Fc", .. there, "-f", file, parts.Database!])).Well("pg_dump");
        await app.PostAsync("/api/v1/people", new { givenName = "Après", familyName = "Coup" });
        await app.StopAsync();

        (await LabRun.RunAsync(LabRun.Program("pg_restore"), ["--clean", "--if-exists", "--no-owner", .. there, "-d", parts.Database!, file])).Well("pg_restore");
        await app.RestartAsync();

        Assert.Equal("Agnès Dupré", Assert.Single((await app.GetAsync("/api/v1/people"))["items"]!.AsArray())!["name"]!.ToString());
        Assert.Empty((await app.AskAsync(new CheckJournal())).Broken);
    }

    [Fact]
    public async Task A_backup_names_the_tools_of_PostgreSQL()
    {
        await using var app = await DepartApp.StartAsync();

        var answer = await app.Http.PostAsync("/api/v1/backup", null, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("pg_dump", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
