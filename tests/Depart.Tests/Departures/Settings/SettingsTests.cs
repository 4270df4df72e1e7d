using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Proof;

namespace Depart.Departures.Settings;

/// <summary>The settings of the house: what a departure begins with, its calendar, and when nobody is disturbed.</summary>
public sealed class SettingsTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_house_sets_counts_for_departures_opened_from_then_on_and_every_change_is_journalled_with_old_and_new()
    {
        await using var app = await DepartApp.StartAsync();
        var shipped = await app.GetAsync("/api/v1/settings");
        Assert.Equal(("Europe/Paris", "18:00:00", "france", "20:00:00"), (shipped["values"]!["zone"]!.ToString(), shipped["values"]!["cutTime"]!.ToString(), shipped["values"]!["calendar"]!.ToString(), shipped["values"]!["quietFrom"]!.ToString()));
        var (_, before) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");

        // A calendar with a closing day on the day before the last: what is due so many business days before moves.
        var calendar = new
        {
            name = new { en = "Alteo", fr = "Altéo" }, extends = "france-alsace-moselle", worked = new[] { "whit-monday" },
            days = new[] { new { date = "2030-12-19", name = new { en = "Closed", fr = "Fermeture" } } },
        };
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync("/api/v1/settings/calendars/alteo", calendar, Now)).StatusCode);
        var wrong = await app.Http.PutAsJsonAsync("/api/v1/settings/calendars/Altéo", calendar, Now);
        Assert.Equal((HttpStatusCode.BadRequest, "Key"), (wrong.StatusCode, (await wrong.Content.ReadFromJsonAsync<JsonObject>(Now))!["field"]!.ToString()));

        var values = new { zone = "Indian/Reunion", cutTime = "17:00", calendar = "alteo", quietFrom = "19:00", quietTo = "08:00", quietWeekends = false, quietHolidays = true, language = "en" };
        using (var change = new HttpRequestMessage(HttpMethod.Put, "/api/v1/settings") { Content = JsonContent.Create(values) })
        {
            change.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            Assert.Equal(HttpStatusCode.NoContent, (await app.Http.SendAsync(change, Now)).StatusCode);
        }

        using (var late = new HttpRequestMessage(HttpMethod.Put, "/api/v1/settings") { Content = JsonContent.Create(values with { cutTime = "16:00" }) })
        {
            late.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.Http.SendAsync(late, Now)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.DeleteAsync("/api/v1/settings/calendars/alteo", Now)).StatusCode);
        var nowhere = await app.Http.PutAsJsonAsync("/api/v1/settings", values with { zone = "Mars/Olympus" }, Now);
        Assert.Equal("zone-unknown", (await nowhere.Content.ReadFromJsonAsync<JsonObject>(Now))!["code"]!.ToString());

        var (_, after) = await app.OpenDepartureAsync("Paul", "Sow", "paul@exemple.fr");
        var (old, young) = (await app.GetAsync($"/api/v1/departures/{before}"), await app.GetAsync($"/api/v1/departures/{after}"));
        Assert.Equal(("Europe/Paris", "Indian/Reunion"), (old["zone"]!.ToString(), young["zone"]!.ToString()));
        Assert.Equal("2030-12-20T13:00:00+00:00", young["cutAt"]!.ToString());
        await app.WithDataAsync(db =>
        {
            var rows = db.Set<Departure>().ToDictionary(row => row.Id.ToString());
            Assert.True(rows[before].BusinessCalendar.IsBusinessDay(new(2030, 12, 19)));
            Assert.False(rows[after].BusinessCalendar.IsBusinessDay(new(2030, 12, 19)));
            Assert.False(rows[after].BusinessCalendar.IsBusinessDay(new(2031, 4, 11)));
            Assert.True(rows[after].BusinessCalendar.IsBusinessDay(new(2030, 6, 10)));
            return Task.CompletedTask;
        });

        // Somebody without an account, of whom no language is known, is written to in the company's.
        var task = (await app.GetAsync($"/api/v1/departures/{after}/tasks")).AsArray().First(row => row!["state"]!.ToString() == "open" && row["evidence"]!.GetValue<bool>() && row["kind"]!.ToString() != "disconnection")!;
        await app.PostAsync($"/api/v1/departures/{after}/tasks/{task["id"]}/hand", new { name = "Nadia Ferrand", mail = "nadia@ailleurs.example" });
        Assert.Contains((await app.GetAsync($"/api/v1/mails?group={after}"))["items"]!.AsArray(), mail => (mail!["template"]!.ToString(), mail["language"]!.ToString()) == ("task-by-link", "en"));
        var unknown = await app.Http.PutAsJsonAsync("/api/v1/settings", values with { language = "de" }, Now);
        Assert.Equal("language-unknown", (await unknown.Content.ReadFromJsonAsync<JsonObject>(Now))!["code"]!.ToString());

        var entry = Assert.Single((await app.AskAsync(new ReadJournal(Kind: "settings."))).Items);
        Assert.Equal("settings.changed", entry.Kind);
        Assert.Single((await app.AskAsync(new ReadJournal(Kind: "calendar.added"))).Items);
    }

    [Fact]
    public async Task The_pages_of_the_settings_are_for_administrators_and_say_what_is_wrong_at_the_field()
    {
        await using var app = await DepartApp.StartAsync();
        using var hr = await app.SignInAsync(Role.Hr);
        Assert.Equal(HttpStatusCode.Forbidden, (await hr.Http.GetAsync("/settings", Now)).StatusCode);
        using var admin = await app.SignInAsync(Role.Admin);
        var path = new[] { "/settings", "/settings/organisation", "/settings/departures", "/settings/calendars", "/settings/calendars/new", "/settings/mail" };
        foreach (var page in path)
        {
            Assert.Contains("aria-current=\"page\"", await admin.Http.GetStringAsync(new Uri(page, UriKind.Relative), Now), StringComparison.Ordinal);
        }

        var refused = await admin.PostFormAsync("/settings/departures", ("_handler", "settings"), ("zone", "Nowhere"), ("cutTime", "18:00"), ("calendar", "france"), ("quietFrom", "20:00"), ("quietTo", "07:30"), ("language", "fr"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("field-zone-error", await refused.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        var saved = await admin.PostFormAsync(
            "/settings/calendars/new", ("_handler", "calendar"), ("key", "alteo"), ("name", "Altéo"), ("nameEn", "Alteo"), ("extends", "france"), ("weekend", "Saturday"), ("weekend", "Sunday"),
            ("from", "2026-12-24"), ("to", "2026-12-31"), ("fr", "Fermeture"), ("en", "Closed"));
        Assert.Equal("/settings/calendars/alteo", saved.Headers.Location?.PathAndQuery);
        Assert.Equal(8, (await app.GetAsync("/api/v1/settings/calendars")).AsArray().Single(row => row!["key"]!.ToString() == "alteo")!["days"]!.AsArray().Count);
        Assert.Contains("value=\"2026-12-31\"", await admin.Http.GetStringAsync(new Uri("/settings/calendars/alteo", UriKind.Relative), Now), StringComparison.Ordinal);

        (string, string)[] mail = [("_handler", "mail"), ("host", "127.0.0.1"), ("port", "1"), ("security", "None"), ("fromAddress", "depart@exemple.fr"), ("fromName", "Départ"), ("publicAddress", "https://depart.exemple.fr")];
        var unproved = await admin.PostFormAsync("/settings/mail", [.. mail, ("ownPassword", "wrong")]);
        Assert.Contains("field-ownpassword-error", await unproved.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync("/settings/mail", [.. mail, ("ownPassword", SignedIn.Password)])).StatusCode);
        var tried = await admin.PostFormAsync("/settings/mail", ("_handler", "try"), ("to", "claire@exemple.fr"));
        Assert.Contains("was not sent", await tried.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Contains("field-removepassword-error", await (await admin.PostFormAsync("/settings/mail", ("_handler", "remove"), ("removePassword", "wrong"))).Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync("/settings/mail", ("_handler", "remove"), ("removePassword", SignedIn.Password))).StatusCode);
        Assert.Null((await app.GetAsync("/api/v1/mail/settings"))["server"]);

        // When renewals are asked about stands there too; a zone that is changed is that of every page at once.
        Assert.Contains("field-askdays-renewals-error", await (await admin.PostFormAsync(
            "/settings/departures", ("_handler", "renewals"), ("asks", "yes"), ("askDays", "0"), ("prepareDays", "0"), ("lookAt", "07:45"))).Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync("/settings/departures", ("_handler", "renewals"), ("asks", "yes"), ("askDays", "45"), ("prepareDays", "10"), ("lookAt", "07:45"))).StatusCode);
        Assert.Equal("07:45:00", (await app.GetAsync("/api/v1/renewals/settings"))["lookAt"]!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync(
            "/settings/departures", ("_handler", "settings"), ("zone", "Indian/Reunion"), ("cutTime", "18:00"), ("calendar", "france"), ("quietFrom", "20:00"), ("quietTo", "07:30"), ("language", "fr"))).StatusCode);
        Assert.Contains("The hour of Indian/Reunion", await admin.Http.GetStringAsync(new Uri("/settings/departures", UriKind.Relative), Now), StringComparison.Ordinal);
    }
}
