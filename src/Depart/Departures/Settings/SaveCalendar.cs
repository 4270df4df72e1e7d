using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Settings;

/// <summary>A closing day of a company.</summary>
public sealed record ClosingDay(DateOnly Date, Words Name);

/// <summary>A calendar of business days.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="BuiltIn">It comes with the product and does not change.</param>
/// <param name="Extends">The built-in one whose holidays it begins with, or null.</param>
/// <param name="Weekend">Days of the week that are not worked.</param>
/// <param name="Worked">Keys of holidays on which one works all the same.</param>
/// <param name="Days">Its own closing days.</param>
/// <param name="Definition">As departures keep it.</param>
/// <param name="Chosen">New departures count by it.</param>
/// <param name="Version">For If-Match.</param>
public sealed record CalendarView(
    string Key, Words Name, bool BuiltIn, string? Extends, IReadOnlyList<DayOfWeek> Weekend, IReadOnlyList<string> Worked, IReadOnlyList<ClosingDay> Days, string Definition, bool Chosen, long Version) : IVersioned;

/// <summary>The calendars: those that come with the product, then the company's own by name.</summary>
internal sealed record ListCalendars : IQuery<IReadOnlyList<CalendarView>>, IRouted
{
    public static Access Access => GetSettings.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/settings/calendars", (ApiDoor door) => door.AskAsync(new ListCalendars())).WithTags("Settings").Produces<IReadOnlyList<CalendarView>>();

    internal sealed class Handler(DepartDb db, HouseRules house) : IHandler<ListCalendars, IReadOnlyList<CalendarView>>
    {
        public async Task<Outcome<IReadOnlyList<CalendarView>>> HandleAsync(ListCalendars query, CancellationToken cancellation)
        {
            var chosen = (await house.GetAsync(cancellation)).Calendar;
            var own = await db.Set<HouseCalendar>().ToListAsync(cancellation);
            return new List<CalendarView>(
            [
                .. BusinessCalendar.BuiltIn.Select(calendar => new CalendarView(
                    calendar.Key, calendar.Name, true, null, [.. calendar.Weekend], [], [], calendar.Key, calendar.Key == chosen, 0)),
                .. own.Select(row => Of(row, chosen)).OrderBy(calendar => calendar.Name.ToString(), StringComparer.CurrentCulture),
            ]);
        }
    }

    internal static CalendarView Of(HouseCalendar row, string chosen)
    {
        var custom = row.Custom;
        return new(
            custom.Key, custom.Name, false, custom.Extends, custom.Weekend, custom.Worked, [.. custom.Days.Select(day => new ClosingDay(day.Date, day.Name))], CalendarDefinition.Of(custom), custom.Key == chosen,
            row.Version);
    }
}

/// <summary>Writes a calendar of the company, new or in place of the one of that key. Departures opened before keep the days that they were opened with.</summary>
internal sealed record SaveCalendar(string Key, Words Name, string? Extends, IReadOnlyList<DayOfWeek>? Weekend, IReadOnlyList<string>? Worked, IReadOnlyList<ClosingDay>? Days) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/settings/calendars/{key}", (string key, Body body, ApiDoor door) =>
        door.SendAsync(new SaveCalendar(key, body.Name, body.Extends, body.Weekend, body.Worked, body.Days))).WithTags("Settings");

    internal sealed record Body(Words Name, string? Extends, IReadOnlyList<DayOfWeek>? Weekend, IReadOnlyList<string>? Worked, IReadOnlyList<ClosingDay>? Days);

    /// <summary>Refused when the calendar is to be new and its key is taken.</summary>
    public bool New { get; init; }

    private CustomCalendar Custom => new()
    {
        Key = Key, Name = Name, Extends = Extends, Weekend = Weekend ?? [DayOfWeek.Saturday, DayOfWeek.Sunday], Worked = Worked ?? [],
        Days = [.. (Days ?? []).OrderBy(day => day.Date).Select(day => new NamedDay(day.Date, day.Name))],
    };

    public IEnumerable<Problem> Check()
    {
        if (Name is null || string.IsNullOrWhiteSpace(Name.En) || string.IsNullOrWhiteSpace(Name.Fr))
        {
            yield return Problem.Required(nameof(Name), SettingsText.CalendarName);
        }
        else if (Name.En.Length > 100 || Name.Fr.Length > 100)
        {
            yield return Problem.Invalid(nameof(Name), "too-long", SettingsText.NameTooLong);
        }

        foreach (var problem in Custom.Check())
        {
            yield return problem;
        }
    }

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<SaveCalendar, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SaveCalendar command, CancellationToken cancellation)
        {
            var row = await db.FindAsync<HouseCalendar>([command.Key], cancellation);
            if (row is not null && command.New)
            {
                return Problem.Invalid(nameof(Key), "taken", SettingsText.KeyTaken.With(command.Key));
            }

            if (row is not null && !row.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var before = row?.Custom;
            if (row is null)
            {
                db.Add(HouseCalendar.Of(command.Custom));
            }
            else
            {
                row.Change(command.Custom);
            }

            journal.Record(SettingsFacts.Changed(before is null ? "calendar.added" : "calendar.changed", SettingsFacts.Of(before), SettingsFacts.Of(command.Custom), command.Key));
            return Done.Value;
        }
    }
}

/// <summary>Removes a calendar of the company; refused while new departures count by it.</summary>
internal sealed record RemoveCalendar(string Key) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/settings/calendars/{key}", (string key, ApiDoor door) => door.SendAsync(new RemoveCalendar(key))).WithTags("Settings");

    internal sealed class Handler(DepartDb db, HouseRules house, RequestSlot request, IJournal journal) : IHandler<RemoveCalendar, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveCalendar command, CancellationToken cancellation)
        {
            if (await db.FindAsync<HouseCalendar>([command.Key], cancellation) is not { } row)
            {
                return Problem.NotFound(SettingsText.Calendar);
            }

            if (!row.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if ((await house.GetAsync(cancellation)).Calendar == command.Key)
            {
                return SettingsText.StillChosen;
            }

            db.Remove(row);
            journal.Record(SettingsFacts.Changed("calendar.removed", SettingsFacts.Of(row.Custom), SettingsFacts.Of((Foundation.Calendars.CustomCalendar?)null), command.Key));
            return Done.Value;
        }
    }
}
