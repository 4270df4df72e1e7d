using System.Globalization;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions.Imports.Nightly;

/// <summary>Identifies an unattended import.</summary>
public readonly record struct NightlyImportId(Guid Value) : IIdentifier<NightlyImportId>
{
    /// <summary>Wraps a UUID.</summary>
    public static NightlyImportId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out NightlyImportId id) => IIdentifier<NightlyImportId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>What a column of the file says, whatever its title; null: it is left out.</summary>
/// <param name="Title">As it stands in the file; accents, case and punctuation are ignored.</param>
/// <param name="Field">What it says.</param>
public sealed record MappedColumn(string Title, ImportField? Field);

/// <summary>A file that is imported every night at an hour, with a saved column mapping (REC7).</summary>
internal sealed class NightlyImport : Versioned
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "nightly-import";

    /// <summary>Longest name, and name of a file.</summary>
    public const int TextLength = 120;

    public NightlyImportId Id { get; private init; } = IIdentifier<NightlyImportId>.New();

    public required string Name { get; set; }

    /// <summary>A file of the folder that is watched, or a pattern with <c>*</c>: then the newest.</summary>
    public required string File { get; set; }

    public ImportKind Kind { get; set; }

    /// <summary>Local hour in <see cref="Zone"/>.</summary>
    public TimeOnly Hour { get; set; }

    public string Zone { get; set; } = "";

    public DateOrder Dates { get; set; }

    /// <summary>List of <see cref="MappedColumn"/> as JSON.</summary>
    public string Mapping { get; set; } = "[]";

    /// <summary>An import that would end more than this share of the running missions stops and asks; in percent.</summary>
    public int MostEnded { get; set; } = 5;

    /// <summary>Whether it runs by itself.</summary>
    public bool Runs { get; set; } = true;

    /// <summary>SHA-256 of the file that was last applied.</summary>
    public string? AppliedSha256 { get; set; }

    /// <summary>The mapping by the titles as they are compared.</summary>
    public IReadOnlyDictionary<string, ImportField?> Columns => MappingOf(Mapped);

    public IReadOnlyList<MappedColumn> Mapped => JsonSerializer.Deserialize<List<MappedColumn>>(Mapping, ApiJson.Options)!;

    public static IReadOnlyDictionary<string, ImportField?> MappingOf(IEnumerable<MappedColumn> columns) =>
        columns.DistinctBy(column => SearchText.Of(column.Title)).ToDictionary(column => SearchText.Of(column.Title), column => column.Field, StringComparer.Ordinal);

    /// <summary>Counts a change.</summary>
    public void Changed() => Touch();

    /// <summary>The work item of the next night.</summary>
    public WorkItem Next(DateTimeOffset now)
    {
        var zone = LocalInstant.FindZone(Zone) ?? TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var at = LocalInstant.Of(today, Hour, zone) is var tonight && tonight > now ? tonight : LocalInstant.Of(today.AddDays(1), Hour, zone);
        return Work($"{WorkKind}-{Id}-{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", at);
    }

    /// <summary>The work item of a run that somebody asked for.</summary>
    public WorkItem Now(DateTimeOffset now) => Work($"{WorkKind}-{Id}-{Guid.CreateVersion7():N}", now);

    private WorkItem Work(string key, DateTimeOffset at) => new() { Queue = Import.Queue, Kind = WorkKind, Subject = Id.ToString(), IdempotencyKey = key, DueAt = at };

    internal sealed class Mapper : IEntityTypeConfiguration<NightlyImport>
    {
        public void Configure(EntityTypeBuilder<NightlyImport> builder)
        {
            builder.ToTable("nightly_imports");
            builder.HasKey(nightly => nightly.Id);
            builder.Property(nightly => nightly.Name).HasMaxLength(TextLength);
            builder.Property(nightly => nightly.File).HasMaxLength(TextLength);
            builder.Property(nightly => nightly.Zone).HasMaxLength(60);
            builder.Ignore(nightly => nightly.Columns).Ignore(nightly => nightly.Mapped);
            MapVersion(builder);
        }
    }
}

/// <summary>How a night ended.</summary>
public enum NightlyResult
{
    /// <summary>What the file says that is new is being applied, or was; perhaps nothing was new.</summary>
    Applied,

    /// <summary>It would end too many missions: somebody looks and decides.</summary>
    Stopped,

    /// <summary>The file is the one of the last time.</summary>
    SameFile,

    /// <summary>There is no such file.</summary>
    NoFile,

    /// <summary>The file cannot be read.</summary>
    Unreadable,
}

/// <summary>One night.</summary>
internal sealed class NightlyRun
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public NightlyImportId Nightly { get; init; }

    public DateTimeOffset At { get; init; }

    public NightlyResult Result { get; init; }

    public string? FileName { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>The import with its lines, or null.</summary>
    public ImportId? Import { get; init; }

    public int Create { get; init; }

    public int Change { get; init; }

    public int Refused { get; init; }

    /// <summary>Missions that the file would end.</summary>
    public int Ended { get; init; }

    /// <summary>Missions that run, at that time.</summary>
    public int Running { get; init; }

    /// <summary>Lines of the time before that are in this file no more.</summary>
    public int Vanished { get; set; }

    public string? WhyEn { get; init; }

    public string? WhyFr { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<NightlyRun>
    {
        public void Configure(EntityTypeBuilder<NightlyRun> builder)
        {
            builder.ToTable("nightly_runs");
            builder.HasKey(run => run.Id);
            builder.Property(run => run.FileName).HasMaxLength(300);
            builder.HasIndex(run => new { run.Nightly, run.At });
        }
    }
}

/// <summary>Somebody, or a mission, that a file spoke of.</summary>
internal sealed class NightlySubject
{
    public NightlyImportId Nightly { get; init; }

    public PersonId Person { get; init; }

    /// <summary>The mission, or an empty identifier: the line was about the person alone.</summary>
    public MissionId Mission { get; init; }

    /// <summary>When it was found missing; null while the file still speaks of it.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<NightlySubject>
    {
        public void Configure(EntityTypeBuilder<NightlySubject> builder)
        {
            builder.ToTable("nightly_subjects");
            builder.HasKey(subject => new { subject.Nightly, subject.Person, subject.Mission });
            builder.HasIndex(subject => new { subject.Nightly, subject.GoneAt });
        }
    }
}

/// <summary>The folder whose files may be imported by themselves: nothing else of the machine can be named.</summary>
internal static class IncomingFolder
{
    /// <summary>Whether a text names a file, or a pattern of files, of the folder.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= NightlyImport.TextLength && text is not ("." or "..")
        && text.All(sign => !char.IsControl(sign) && sign is not ('/' or '\\' or ':' or '?' or '"' or '<' or '>' or '|'));

    /// <summary>The newest file that the name means, or null.</summary>
    public static FileInfo? Newest(StorageOptions storage, string name)
    {
        if (!Directory.Exists(storage.IncomingFolder))
        {
            // One that is there keeps the rights that its owner gave it: another program writes there.
            OwnersOnly.Folder(storage.IncomingFolder);
        }

        return new DirectoryInfo(storage.IncomingFolder).EnumerateFiles(name, new EnumerationOptions { MatchCasing = MatchCasing.CaseSensitive, RecurseSubdirectories = false })
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name, StringComparer.Ordinal).FirstOrDefault();
    }
}
