using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Depart.Departures;
using Depart.Departures.Settings;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>settings</c>: what a new departure begins with, quiet hours, calendars, the organisation.</summary>
internal static class SettingsVerbs
{
    private static readonly Words Labelled = new("{0}: {1}", "{0} : {1}");
    private static readonly Words QuietHours = new("Quiet hours", "Heures calmes");
    private static readonly Words None = new("none", "aucune");
    private static readonly Words French = new("French", "français");
    private static readonly Words English = new("English", "anglais");
    private static readonly Words Weekends = new("weekends", "week-ends");
    private static readonly Words Holidays = new("public holidays and closing days", "jours fériés et de fermeture");

    public static Command Create()
    {
        var show = new Command("show", Terminal.Say(new("Shows the settings.", "Montre les réglages.")));
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            return await ShowAsync(api, parsed, cancellation);
        });
        var calendars = new Command("calendars", Terminal.Say(new("Calendars of business days.", "Les calendriers de jours ouvrés.")));
        calendars.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = (await api.GetAsync("/api/v1/settings/calendars", cancellation))!.AsArray();
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? rows.ToJsonString() : string.Join(Environment.NewLine, rows.Select(row => $"{row!["key"],-22}  {ApiClient.Words(row["name"])}")));
            return Terminal.ExitDone;
        });
        return new("settings", Terminal.Say(new("Settings of the company.", "Les réglages de l’entreprise."))) { show, Set(), calendars, OrganisationVerbs.Organisation() };
    }

    private static Command Set()
    {
        var zone = new Option<string?>("--zone") { HelpName = "Europe/Paris" };
        var calendar = new Option<string?>("--calendar") { HelpName = "KEY", Description = Terminal.Say(new("Of business days, as calendars lists them.", "Des jours ouvrés, tel que calendars le liste.")) };
        var (cut, from, to) = (Days.Hour("--cut-time", SettingsText.CutTime), Days.Hour("--quiet-from", new("Nobody is written to from this hour.", "Personne n’est sollicité à partir de cette heure.")), Days.Hour("--quiet-to", new("Until this one.", "Jusqu’à celle-ci.")));
        var weekends = new Option<bool?>("--quiet-weekends") { Description = "true, false" };
        var holidays = new Option<bool?>("--quiet-holidays") { Description = "true, false" };
        var language = new Option<string?>("--language") { HelpName = "fr | en", Description = Terminal.Say(SettingsText.Language) };
        var set = new Command("set", Terminal.Say(new("Changes the settings; what is not said stays.", "Modifie les réglages ; ce qui n’est pas dit reste."))) { zone, cut, calendar, from, to, weekends, holidays, language };
        set.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var known = (await api.GetAsync("/api/v1/settings", cancellation))!["values"].Deserialize<SettingValues>(ApiJson.Options)!;
            await api.PutAsync("/api/v1/settings", new SettingValues(
                parsed.GetValue(zone) ?? known.Zone, parsed.GetValue(cut) ?? known.CutTime, parsed.GetValue(calendar) ?? known.Calendar, parsed.GetValue(from) ?? known.QuietFrom, parsed.GetValue(to) ?? known.QuietTo,
                parsed.GetValue(weekends) ?? known.QuietWeekends, parsed.GetValue(holidays) ?? known.QuietHolidays,
                parsed.GetValue(language) ?? known.Language), cancellation);
            return await ShowAsync(api, parsed, cancellation);
        });
        return set;
    }

    private static async Task<int> ShowAsync(ApiClient api, ParseResult parsed, CancellationToken cancellation)
    {
        var view = (await api.GetAsync("/api/v1/settings", cancellation))!;
        if (parsed.GetValue(Terminal.Json))
        {
            Console.WriteLine(view.ToJsonString());
            return Terminal.ExitDone;
        }

        var values = view["values"].Deserialize<SettingValues>(ApiJson.Options)!;
        var quiet = new[]
        {
            values.QuietFrom == values.QuietTo ? null : string.Create(CultureInfo.InvariantCulture, $"{values.QuietFrom:HH:mm}–{values.QuietTo:HH:mm}"),
            values.QuietWeekends ? Weekends.ToString() : null, values.QuietHolidays ? Holidays.ToString() : null,
        }.OfType<string>().ToList();
        Console.WriteLine(Labelled.With(DeparturesText.ZoneLabel, values.Zone));
        Console.WriteLine(Labelled.With(SettingsText.CutTime, values.CutTime.ToString("HH:mm", CultureInfo.InvariantCulture)));
        var calendar = (await api.GetAsync("/api/v1/settings/calendars", cancellation))!.AsArray().FirstOrDefault(row => row!["key"]!.ToString() == values.Calendar);
        Console.WriteLine(Labelled.With(SettingsText.Calendar, Words.Same(calendar is null ? values.Calendar : $"{ApiClient.Words(calendar["name"])} ({values.Calendar})")));
        Console.WriteLine(Labelled.With(SettingsText.Language, values.Language == "fr" ? French : English));
        Console.WriteLine(Labelled.With(QuietHours, quiet.Count == 0 ? None : Words.Same(string.Join(", ", quiet))));
        return Terminal.ExitDone;
    }
}
