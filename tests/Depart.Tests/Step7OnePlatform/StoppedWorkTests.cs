using System.Net;
using Depart.Foundation.Door;
using Depart.Given;
using Microsoft.Data.Sqlite;

namespace Depart.Step7OnePlatform;

[OnSqlite]
public sealed class StoppedWorkTests
{
    [Fact]
    public async Task Work_that_was_given_up_is_listed_with_whom_it_is_about_until_somebody_has_it_tried_again()
    {
        await using var app = await DepartApp.StartAsync();
        await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");
        GiveUp(app, "departure-cut-due");

        var stopped = Assert.Single((await app.GetAsync("/api/v1/work/stopped")).AsArray())!;
        Assert.Equal("Préparer une coupure programmée", stopped["what"]!["fr"]!.ToString());
        Assert.Equal("Inès Benali", stopped["about"]!.ToString());

        await app.PostAsync($"/api/v1/work/{stopped["id"]}/retry", null);
        Assert.Empty((await app.GetAsync("/api/v1/work/stopped")).AsArray());
    }

    [Fact]
    public async Task Work_that_is_not_stopped_cannot_be_tried_again()
    {
        await using var app = await DepartApp.StartAsync();
        await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");

        var answer = await app.Http.PostAsync("/api/v1/work/1/retry", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task An_auditor_sees_stopped_work_and_may_not_have_it_tried_again()
    {
        await using var app = await DepartApp.StartAsync();
        await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");
        GiveUp(app, "departure-cut-due");
        using var auditor = await app.AsAsync(Role.Auditor);

        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/api/v1/work/stopped", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync("/api/v1/work/1/retry", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static void GiveUp(DepartApp app, string kind)
    {
        using var sql = new SqliteConnection($"Data Source={Path.Combine(app.DataFolder, "depart.db")}");
        sql.Open();
        using var command = sql.CreateCommand();
        command.CommandText = "UPDATE work_items SET State = 3, Attempts = 8, LastError = 'no answer' WHERE Kind = $kind";
        command.Parameters.AddWithValue("$kind", kind);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
