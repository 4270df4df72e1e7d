using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.CommandLine;

namespace Depart.Foundation.Storage;

[OnSqlite]
public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_of_a_running_server_gives_everything_back_and_leaves_the_key_file_out()
    {
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });
        var file = Path.Combine(app.Storage.DataFolder, "copy.db");
        await app.DownloadAsync("/api/v1/backup", file);
        await app.PostAsync("/api/v1/people", new { givenName = "Après", familyName = "Coup" });
        await app.StopAsync();

        Assert.Equal(Terminal.ExitDone, await Terminal.RunAsync(["restore", file, "--replace", "--data", app.Storage.DataFolder]));
        await app.RestartAsync();

        Assert.Equal("Agnès Dupré", Assert.Single((await app.GetAsync("/api/v1/people"))["items"]!.AsArray())!["name"]!.ToString());
        Assert.DoesNotContain(File.ReadAllText(app.Storage.KeyFile).Trim(), System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_not_restored_over_a_database_unasked_nor_under_a_running_server()
    {
        await using var app = await DepartApp.StartAsync();
        var file = Path.Combine(app.Storage.DataFolder, "copy.db");
        Assert.Equal(Terminal.ExitDone, await Terminal.RunAsync(["backup", file, "--data", app.Storage.DataFolder]));

        Assert.Equal(Terminal.ExitFailed, await Terminal.RunAsync(["restore", file, "--data", app.Storage.DataFolder]));
        using (DataFolder.Lock(app.Storage.DataFolder))
        {
            Assert.Equal(Terminal.ExitFailed, await Terminal.RunAsync(["restore", file, "--replace", "--data", app.Storage.DataFolder]));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_refused_and_nothing_is_replaced()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        var file = Path.Combine(app.Storage.DataFolder, "no.db");
        await File.WriteAllTextAsync(file, "this is no database, whatever its name says", TestContext.Current.CancellationToken);
        var before = await File.ReadAllBytesAsync(app.Storage.SqliteFile, TestContext.Current.CancellationToken);

        Assert.Equal(Terminal.ExitFailed, await Terminal.RunAsync(["restore", file, "--replace", "--data", app.Storage.DataFolder]));
        Assert.Equal(before, await File.ReadAllBytesAsync(app.Storage.SqliteFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_doctor_asks_to_move_the_key_file_and_names_a_missing_one()
    {
        await using var app = await DepartApp.StartAsync();
        var beside = await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken);
        await app.StopAsync();
        File.Delete(app.Storage.KeyFile);
        var missing = await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Contains(beside, line => line.Finding == Finding.Advice && line.What.En.Contains("move it", StringComparison.Ordinal));
        Assert.Contains(missing, line => line.Finding == Finding.Bad && line.What.En.Contains("put it back", StringComparison.Ordinal));
        Assert.Contains(beside, line => line.Check.En == "Database" && line.Finding == Finding.Good);
    }

    [Fact]
    public async Task Only_an_administrator_makes_a_backup()
    {
        await using var app = await DepartApp.StartAsync();
        using var it = await app.AsAsync(Role.It);

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await it.PostAsync("/api/v1/backup", null, TestContext.Current.CancellationToken)).StatusCode);
    }
}
