using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Settings;

/// <summary>The settings of the house, in the version that was read.</summary>
public sealed record SettingsView(SettingValues Values, long Version) : IVersioned;

/// <summary>The settings of the house.</summary>
internal sealed record GetSettings : IQuery<SettingsView>, IRouted
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/settings", (ApiDoor door) => door.AskAsync(new GetSettings())).WithTags("Settings").Produces<SettingsView>();

    internal sealed class Handler(HouseRules house) : IHandler<GetSettings, SettingsView>
    {
        public async Task<Outcome<SettingsView>> HandleAsync(GetSettings query, CancellationToken cancellation)
        {
            var settings = await house.GetAsync(cancellation);
            return new SettingsView(settings.Values, settings.Version);
        }
    }
}

/// <summary>Replaces the settings of the house. Departures that are open keep their zone, hour and calendar; quiet hours count at once.</summary>
internal sealed record ChangeSettings(SettingValues Values) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/settings", (SettingValues values, ApiDoor door) => door.SendAsync(new ChangeSettings(values))).WithTags("Settings");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Values.Zone))
        {
            yield return Problem.Required(nameof(Values.Zone), DeparturesText.ZoneLabel);
        }
        else if (LocalInstant.FindZone(Values.Zone) is null)
        {
            yield return Problem.Invalid(nameof(Values.Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Values.Zone));
        }

        if (Values.Language is not ("fr" or "en"))
        {
            yield return Problem.Invalid(nameof(Values.Language), "language-unknown", SettingsText.LanguageUnknown);
        }
    }

    internal sealed class Handler(DepartDb db, HouseRules house, HouseZone zone, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<ChangeSettings, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangeSettings command, CancellationToken cancellation)
        {
            var settings = await db.Set<HouseSettings>().SingleOrDefaultAsync(cancellation);
            var first = settings is null;
            settings ??= new();
            if (!settings.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (await house.DefinitionAsync(command.Values.Calendar ?? "", cancellation) is null)
            {
                return Problem.Invalid(nameof(SettingValues.Calendar), "calendar-unknown", SettingsText.CalendarUnknown.With(command.Values.Calendar));
            }

            var before = settings.Values;
            if (before == command.Values)
            {
                return Done.Value;
            }

            settings.Change(command.Values);
            if (first)
            {
                db.Add(settings);
            }

            db.OnceCommitted(zone.Forget);
            if (before.Zone != command.Values.Zone && LocalInstant.FindZone(command.Values.Zone) is { } moved)
            {
                await Renewals.RenewalClock.AppointAnewAsync(db, await Renewals.RenewalSettings.OfAsync(db, cancellation), moved, clock.GetUtcNow(), cancellation);
            }

            journal.Record(SettingsFacts.Changed("settings.changed", SettingsFacts.Of(before), SettingsFacts.Of(command.Values)));
            return Done.Value;
        }
    }
}

/// <summary>What the journal says of settings: each value before and after.</summary>
internal static class SettingsFacts
{
    /// <summary>The values by name.</summary>
    public static IReadOnlyDictionary<string, string> Of(SettingValues values) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["zone"] = values.Zone, ["cutTime"] = Hour(values.CutTime), ["calendar"] = values.Calendar, ["quietFrom"] = Hour(values.QuietFrom), ["quietTo"] = Hour(values.QuietTo),
        ["quietWeekends"] = values.QuietWeekends ? "yes" : "no", ["quietHolidays"] = values.QuietHolidays ? "yes" : "no", ["language"] = values.Language,
    };

    /// <summary>A calendar by its parts; names of days are left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(CustomCalendar? calendar) => calendar is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new(StringComparer.Ordinal)
    {
        ["name"] = calendar.Name.En, ["extends"] = calendar.Extends ?? "", ["weekend"] = string.Join(' ', calendar.Weekend), ["worked"] = string.Join(' ', calendar.Worked),
        ["days"] = string.Join(' ', calendar.Days.Select(day => day.Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))),
    };

    /// <summary>A change: the values that differ, with old and new.</summary>
    public static Fact Changed(string kind, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, string? about = null)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (about is not null)
        {
            values["about"] = about;
        }

        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)))
        {
            (values[$"{name}Before"], values[$"{name}After"]) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
        }

        return new(Fact.House, kind) { Values = values };
    }

    private static string Hour(TimeOnly hour) => hour.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
