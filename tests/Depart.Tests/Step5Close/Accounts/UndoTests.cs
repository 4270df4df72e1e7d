using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

/// <summary>Giving access back, when other things happen meanwhile.</summary>
public sealed class UndoTests
{
    private static readonly object Renewed = new { reason = "Mission renouvelée" };

    [Fact]
    public async Task After_a_second_disconnection_an_undo_gives_back_what_was_open_before_the_first()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        await app.ConnectAsync("Panne", "http://127.0.0.1:1", ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await CutAsync(app, departure);
        await CutAsync(app, departure);

        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);
        var undo = await OverAsync(app, departure);

        Assert.Equal("given-back", undo["accounts"]![0]!["state"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("lea"));
    }

    [Fact]
    public async Task A_departure_cancelled_while_access_is_given_back_still_gets_it_back()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("hugo", "Hugo", "Perrin", "hugo@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Hugo", "Perrin", "hugo@exemple.fr");
        await CutAsync(app, departure);
        await PauseAsync(app, "pause");
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);

        await app.PostAsync($"/api/v1/departures/{departure}/cancel", new { });
        await PauseAsync(app, "resume");
        await OverAsync(app, departure);

        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("hugo"));
    }

    [Fact]
    public async Task An_undo_that_comes_after_a_new_disconnection_opens_nothing()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("ines", "Inès", "Benali", "ines@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");
        await CutAsync(app, departure);
        await PauseAsync(app, "pause");
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });

        await PauseAsync(app, "resume");
        var undo = await OverAsync(app, departure);
        await app.EndedAsync(departure);

        Assert.Equal("failed", undo["accounts"]![0]!["state"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("ines"));
    }

    [Fact]
    [OnSqlite]
    public async Task A_one_time_password_whose_showing_could_not_be_recorded_is_not_lost()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await CutAsync(app, departure);
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);
        var account = (await OverAsync(app, departure))["accounts"]![0]!["account"]!.ToString();
        app.LeaveOneTimePassword(account, "Provisoire-123");
        var path = $"/api/v1/departures/{departure}/undo/{account}/password";
        Do(app, "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.Kind = 'one-time-password.shown' BEGIN SELECT RAISE(ABORT, 'full'); END");
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.PostAsync(path, null, TestContext.Current.CancellationToken)).StatusCode);
        Do(app, "DROP TRIGGER full");

        Assert.Equal("Provisoire-123", (await app.PostAsync(path, null))!["password"]!.ToString());
        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.PostAsync(path, null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task After_an_undo_the_planned_hour_stands_while_it_is_to_come_and_the_cut_comes_back_at_it()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        var planned = await RescheduleAsync(app, departure, TimeSpan.FromSeconds(8));
        await CutAsync(app, departure);
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);

        var row = await app.GetAsync($"/api/v1/departures/{departure}");
        Assert.Equal(("open", planned), (row["state"]!.ToString(), row["cutAt"]!.GetValue<DateTimeOffset>()));
        await OverAsync(app, departure);
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("lea"));

        await StateAsync(app, departure, "cut");
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("lea"));
    }

    [Fact]
    public async Task After_an_undo_that_comes_after_the_planned_hour_no_cut_is_planned_until_somebody_plans_one()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("hugo", "Hugo", "Perrin", "hugo@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (person, departure) = await app.OpenDepartureAsync("Hugo", "Perrin", "hugo@exemple.fr");
        var cut = await RescheduleAsync(app, departure, TimeSpan.FromMinutes(-5));
        await StateAsync(app, departure, "cut");
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", Renewed);
        await OverAsync(app, departure);

        var row = await app.GetAsync($"/api/v1/departures/{departure}");
        Assert.Equal(("given-back", cut), (row["state"]!.ToString(), row["cutAt"]!.GetValue<DateTimeOffset>()));
        Assert.Equal(departure, (await app.GetAsync("/api/v1/departures?state=given-back"))["items"]![0]!["id"]!.ToString());
        await app.AddUserAsync("it@exemple.fr", "une phrase de passe assez longue 7", Foundation.Door.Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "it@exemple.fr"), ("password", "une phrase de passe assez longue 7"));
        foreach (var page in new[] { $"/departures/{departure}", $"/departures/{departure}/undo" })
        {
            Assert.Contains("No cut is planned any more", await browser.Http.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Contains($"/departures/{departure}", await browser.Http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var plan = await browser.Http.GetStringAsync($"/departures/{departure}/disconnection", TestContext.Current.CancellationToken);
        Assert.Contains("Given back", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("@if", plan, StringComparison.Ordinal);
        Assert.NotEmpty((await app.GetAsync($"/api/v1/people/{person}/plan"))["steps"]!.AsArray());
        await app.PostAsync($"/api/v1/departures/{departure}/reschedule", new { lastDay = "2030-12-20" });
        Assert.Equal("open", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
    }

    [Fact]
    public async Task A_departure_that_was_cancelled_after_its_cut_stays_cancelled_when_access_is_given_back()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("ines", "Inès", "Benali", "ines@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");
        await CutAsync(app, departure);
        await app.AddUserAsync("it@exemple.fr", "une phrase de passe assez longue 7", Foundation.Door.Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "it@exemple.fr"), ("password", "une phrase de passe assez longue 7"));

        // Cancelling offers at once to give access back, with what would not come back; the departure goes on saying that access is cut.
        var cancelled = await browser.PostFormAsync($"/departures/{departure}", ("_handler", "cancel"));
        Assert.EndsWith($"/departures/{departure}/give-back", cancelled.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Contains("ines", await browser.Http.GetStringAsync(new Uri($"/departures/{departure}/give-back", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains($"/departures/{departure}/give-back", await browser.Http.GetStringAsync(new Uri($"/departures/{departure}", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostFormAsync($"/departures/{departure}/give-back", ("_handler", "give-back"), ("reason", ""))).StatusCode);
        await browser.PostFormAsync($"/departures/{departure}/give-back", ("_handler", "give-back"), ("reason", "Mission renouvelée"));
        await OverAsync(app, departure);
        Assert.DoesNotContain($"/departures/{departure}/give-back", await browser.Http.GetStringAsync(new Uri($"/departures/{departure}", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal("cancelled", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("ines"));
    }

    /// <summary>Moves the cut to an instant that is so far from now; gives it.</summary>
    private static async Task<DateTimeOffset> RescheduleAsync(DepartApp app, string departure, TimeSpan from)
    {
        var at = TimeProvider.System.GetUtcNow() + from;
        await app.PostAsync($"/api/v1/departures/{departure}/reschedule", new
        {
            lastDay = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), cutTime = at.ToString("HH:mm:ss", CultureInfo.InvariantCulture), zone = "UTC",
        });
        return (await app.GetAsync($"/api/v1/departures/{departure}"))["cutAt"]!.GetValue<DateTimeOffset>();
    }

    private static async Task StateAsync(DepartApp app, string departure, string state)
    {
        for (var tries = 0; (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString() != state; tries++)
        {
            Assert.True(tries < 300);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static void Do(DepartApp app, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={app.Storage.SqliteFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task CutAsync(DepartApp app, string departure)
    {
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);
    }

    private static async Task PauseAsync(DepartApp app, string what)
    {
        var system = (await app.GetAsync("/api/v1/systems")) is JsonArray list ? list[0]! : (await app.GetAsync("/api/v1/systems"))["items"]![0]!;
        await app.PostAsync($"/api/v1/systems/{system["id"]}/{what}", new { reason = "Maintenance" });
    }

    private static async Task<JsonNode> OverAsync(DepartApp app, string departure)
    {
        for (var tries = 0; ; tries++)
        {
            var undo = await app.GetAsync($"/api/v1/departures/{departure}/undo");
            if (undo["over"]!.GetValue<bool>())
            {
                return undo;
            }

            Assert.True(tries < 300, undo.ToJsonString());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
