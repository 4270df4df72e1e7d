using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Settings;

/// <summary>What the house does unless somebody says otherwise. One row, or none: then all is as shipped.</summary>
internal sealed class HouseSettings : Versioned
{
    /// <summary>There is one.</summary>
    public int Id { get; private init; } = 1;

    /// <summary>IANA zone of a new departure.</summary>
    public string Zone { get; private set; } = Departure.DefaultZone;

    /// <summary>Local hour at which access is cut.</summary>
    public TimeOnly CutTime { get; private set; } = Departure.DefaultCutTime;

    /// <summary>Key of the calendar in which the business days of a new departure are counted.</summary>
    public string Calendar { get; private set; } = BusinessCalendar.France.Key;

    /// <summary>Local hour from which nobody is written to.</summary>
    public TimeOnly QuietFrom { get; private set; } = new(20, 0);

    /// <summary>Local hour until which nobody is; the same as <see cref="QuietFrom"/>: no part of the day is quiet.</summary>
    public TimeOnly QuietTo { get; private set; } = new(7, 30);

    /// <summary>Nobody is written to on weekends.</summary>
    public bool QuietWeekends { get; private set; } = true;

    /// <summary>Nobody is written to on public holidays and closing days.</summary>
    public bool QuietHolidays { get; private set; } = true;

    /// <summary>Language of mails to whoever never chose one: <c>fr</c> or <c>en</c>.</summary>
    public string Language { get; private set; } = "fr";

    /// <summary>All values as they are named in the API and in the journal.</summary>
    public SettingValues Values => new(Zone, CutTime, Calendar, QuietFrom, QuietTo, QuietWeekends, QuietHolidays, Language);

    /// <summary>When nobody is disturbed, by the days of a calendar.</summary>
    public QuietHours Quiet(BusinessCalendar calendar) => new(QuietFrom, QuietTo, calendar) { Weekends = QuietWeekends, Holidays = QuietHolidays };

    /// <summary>Takes new values.</summary>
    public void Change(SettingValues values)
    {
        (Zone, CutTime, Calendar, QuietFrom, QuietTo, QuietWeekends, QuietHolidays, Language) =
            (values.Zone, values.CutTime, values.Calendar, values.QuietFrom, values.QuietTo, values.QuietWeekends, values.QuietHolidays, values.Language);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<HouseSettings>
    {
        public void Configure(EntityTypeBuilder<HouseSettings> builder)
        {
            builder.ToTable("house_settings");
            builder.HasKey(settings => settings.Id);
            builder.Property(settings => settings.Id).ValueGeneratedNever();
            builder.Property(settings => settings.Zone).HasMaxLength(60);
            builder.Property(settings => settings.Calendar).HasMaxLength(60);
            builder.Property(settings => settings.Language).HasMaxLength(2);
            builder.Ignore(settings => settings.Values);
            MapVersion(builder);
        }
    }
}

/// <summary>The settings of the house.</summary>
/// <param name="Zone">IANA zone of a new departure.</param>
/// <param name="CutTime">Local hour at which access is cut.</param>
/// <param name="Calendar">Key of the calendar of new departures.</param>
/// <param name="QuietFrom">Local hour from which nobody is written to.</param>
/// <param name="QuietTo">Local hour until which nobody is; the same as the first for no quiet part of the day.</param>
/// <param name="QuietWeekends">Weekends are quiet all day.</param>
/// <param name="QuietHolidays">Public holidays and closing days are quiet all day.</param>
/// <param name="Language">Language of mails to whoever never chose one: <c>fr</c> or <c>en</c>.</param>
public sealed record SettingValues(
    string Zone, TimeOnly CutTime, string Calendar, TimeOnly QuietFrom, TimeOnly QuietTo, bool QuietWeekends, bool QuietHolidays, string Language = "fr");

/// <summary>A company's own calendar, kept as data.</summary>
internal sealed class HouseCalendar : Versioned
{
    /// <summary>Its key.</summary>
    public string Key { get; private init; } = "";

    /// <summary>The calendar in JSON.</summary>
    public string Data { get; private set; } = "";

    /// <summary>The calendar.</summary>
    public CustomCalendar Custom => JsonSerializer.Deserialize<CustomCalendar>(Data, ApiJson.Options)!;

    public static HouseCalendar Of(CustomCalendar calendar) => new() { Key = calendar.Key, Data = JsonSerializer.Serialize(calendar, ApiJson.Options) };

    /// <summary>Replaces it.</summary>
    public void Change(CustomCalendar calendar)
    {
        Data = JsonSerializer.Serialize(calendar, ApiJson.Options);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<HouseCalendar>
    {
        public void Configure(EntityTypeBuilder<HouseCalendar> builder)
        {
            builder.ToTable("house_calendars");
            builder.HasKey(calendar => calendar.Key);
            builder.Property(calendar => calendar.Key).HasMaxLength(60);
            builder.Ignore(calendar => calendar.Custom);
            MapVersion(builder);
        }
    }
}

/// <summary>Reads the settings of the house, once for each piece of work. Scoped.</summary>
internal sealed class HouseRules(DepartDb db)
{
    private HouseSettings? read;

    /// <summary>The settings as they stand, or as shipped.</summary>
    public async Task<HouseSettings> GetAsync(CancellationToken cancellation) =>
        read ??= await db.Set<HouseSettings>().AsNoTracking().SingleOrDefaultAsync(cancellation) ?? new();

    /// <summary>The zone of new departures; UTC on a machine that knows none.</summary>
    public async Task<TimeZoneInfo> ZoneAsync(CancellationToken cancellation) =>
        LocalInstant.FindZone((await GetAsync(cancellation)).Zone) ?? LocalInstant.FindZone(Departure.DefaultZone) ?? TimeZoneInfo.Utc;

    /// <summary>A calendar as departures keep it, by its key; null when there is none.</summary>
    public async Task<string?> DefinitionAsync(string key, CancellationToken cancellation) =>
        BusinessCalendar.BuiltIn.Any(calendar => calendar.Key == key) ? key
        : await db.Set<HouseCalendar>().AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellation) is { } own ? CalendarDefinition.Of(own.Custom)
        : null;

    /// <summary>The calendar of new departures, as they keep it.</summary>
    public async Task<string> CalendarAsync(CancellationToken cancellation) =>
        await DefinitionAsync((await GetAsync(cancellation)).Calendar, cancellation) ?? BusinessCalendar.France.Key;

    /// <summary>The days on which the house works.</summary>
    public async Task<BusinessCalendar> WorkdaysAsync(CancellationToken cancellation) => BusinessCalendar.Find(await CalendarAsync(cancellation)) ?? BusinessCalendar.France;
}
