using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions.Imports;

/// <summary>Identifies an import.</summary>
public readonly record struct ImportId(Guid Value) : IIdentifier<ImportId>
{
    /// <summary>Wraps a UUID.</summary>
    public static ImportId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out ImportId id) => IIdentifier<ImportId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>What a file is expected to hold.</summary>
public enum ImportKind
{
    /// <summary>People, with their missions where lines give them.</summary>
    People,

    /// <summary>Missions; a file without a mission column is refused.</summary>
    Missions,

    /// <summary>Departures to open, each of a mission that is known.</summary>
    Departures,
}

/// <summary>Where an import stands.</summary>
public enum ImportState
{
    /// <summary>Its lines are being kept.</summary>
    Reading,

    /// <summary>The preview is there: somebody confirms, or nobody does.</summary>
    Ready,

    /// <summary>The engine applies it.</summary>
    Applying,

    /// <summary>Applied.</summary>
    Applied,

    /// <summary>The lines are deleted; the figures stay.</summary>
    Forgotten,
}

/// <summary>The runs over the lines: people first, so that missions find them; departures in one of their own.</summary>
internal enum ImportPhase
{
    /// <summary>People and suppliers.</summary>
    People,

    /// <summary>Missions.</summary>
    Missions,

    /// <summary>Departures.</summary>
    Departures,
}

/// <summary>What was understood of the file.</summary>
internal sealed record ImportAbout(Words Format, char Delimiter, DateOrder Dates, IReadOnlyList<ImportColumn> Columns, IReadOnlyList<Words> Notes);

/// <summary>A file of people and missions: what it would do, and how far it was done. Kept seven days.</summary>
internal sealed class Import : Versioned
{
    /// <summary>Queue of the engine.</summary>
    public const string Queue = "imports";

    /// <summary>Kind of the work item that applies the next lines.</summary>
    public const string ApplyWork = "import-apply";

    /// <summary>Kind of the work item that deletes the lines when their time is over.</summary>
    public const string ForgetWork = "import-forget";

    public ImportId Id { get; private init; } = IIdentifier<ImportId>.New();

    /// <summary>Name of the file, as sent; shown only.</summary>
    public required string FileName { get; init; }

    public ImportKind Kind { get; init; }

    public ImportState State { get; private set; }

    /// <summary><see cref="ImportAbout"/> as JSON.</summary>
    public required string About { get; init; }

    /// <summary>Lines below the header.</summary>
    public int Lines { get; init; }

    public int ToCreate { get; private set; }

    public int ToChange { get; private set; }

    public int Unchanged { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Lines whose work is done.</summary>
    public int Done { get; private set; }

    public ImportPhase Phase { get; private set; }

    /// <summary>Index of the next line of the phase.</summary>
    public int Next { get; private set; }

    public Guid? UploadedBy { get; init; }

    public required string UploadedByName { get; init; }

    public DateTimeOffset UploadedAt { get; init; }

    public Guid? AppliedBy { get; private set; }

    public string? AppliedByName { get; private set; }

    /// <summary>The person that who applies it is: nobody acts on their own record.</summary>
    public Guid? AppliedByPerson { get; private set; }

    public DateTimeOffset? AppliedAt { get; private set; }

    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>When the lines are deleted.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How far: lines gone through in both phases, of twice the lines.</summary>
    public int Progress => State == ImportState.Applied ? Lines * 2 : Phase switch
    {
        ImportPhase.Missions => Lines + Next,
        ImportPhase.Departures => 2 * Next,
        _ => Next,
    };

    /// <summary>Lines handled in one transaction: a departure brings some thirty tasks.</summary>
    public int Chunk => Kind == ImportKind.Departures ? ImportLimits.DeparturesChunk : ImportLimits.Chunk;

    /// <summary>Counts lines that were kept.</summary>
    public void Keep(IReadOnlyCollection<LineState> states, bool last)
    {
        ToCreate += states.Count(state => state == LineState.Create);
        ToChange += states.Count(state => state == LineState.Change);
        Unchanged += states.Count(state => state == LineState.Unchanged);
        Refused += states.Count(state => state == LineState.Refused);
        State = last ? ImportState.Ready : ImportState.Reading;
        Touch();
    }

    /// <summary>Starts applying; refused when it cannot.</summary>
    public Problem? Apply(Actor actor, DateTimeOffset now)
    {
        if (State != ImportState.Ready)
        {
            return ImportsText.NotReady;
        }

        (State, AppliedBy, AppliedByName, AppliedByPerson, AppliedAt) = (ImportState.Applying, actor.User, actor.Name, actor.Person, now);
        Phase = Kind == ImportKind.Departures ? ImportPhase.Departures : ImportPhase.People;
        Touch();
        return null;
    }

    /// <summary>Whether the work item stands at the place reached: an older one was done already.</summary>
    public bool IsAt(ImportPhase phase, int next) => State == ImportState.Applying && Phase == phase && Next == next;

    /// <summary>Moves on after a chunk; the end of missions, or of departures, is the end.</summary>
    public void Advance(int next, bool phaseEnds, int done, IReadOnlyCollection<LineState> refused, DateTimeOffset now)
    {
        Done += done;
        ToCreate -= refused.Count(state => state == LineState.Create);
        ToChange -= refused.Count(state => state == LineState.Change);
        Refused += refused.Count;
        (Phase, Next) = (phaseEnds, Phase) switch
        {
            (false, var phase) => (phase, next),
            (true, ImportPhase.People) => (ImportPhase.Missions, 0),
            var (_, last) => (last, Lines),
        };
        if (phaseEnds && Next == Lines && Phase != ImportPhase.People)
        {
            (State, DoneAt) = (ImportState.Applied, now);
        }

        Touch();
    }

    /// <summary>The lines are deleted.</summary>
    public void Forget()
    {
        State = ImportState.Forgotten;
        Touch();
    }

    /// <summary>The work item for the next lines.</summary>
    public WorkItem NextWork(DateTimeOffset now) => new()
    {
        Queue = Queue,
        Kind = ApplyWork,
        Subject = Id.ToString(),
        Payload = JsonSerializer.Serialize(new ImportPlace(Phase, Next)),
        IdempotencyKey = $"{ApplyWork}-{Id}-{Phase}-{Next}",
        DueAt = now,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<Import>
    {
        public void Configure(EntityTypeBuilder<Import> builder)
        {
            builder.ToTable("imports");
            builder.HasKey(import => import.Id);
            builder.Property(import => import.FileName).HasMaxLength(200);
            builder.Property(import => import.UploadedByName).HasMaxLength(200);
            builder.Property(import => import.AppliedByName).HasMaxLength(200);
            builder.HasIndex(import => import.UploadedAt);
            builder.Ignore(import => import.Progress).Ignore(import => import.Chunk);
            MapVersion(builder);
        }
    }
}

/// <summary>A place in the run.</summary>
internal sealed record ImportPlace(ImportPhase Phase, int Next);

/// <summary>A line of an import; what it says is encrypted.</summary>
internal sealed class ImportLine
{
    public ImportId Import { get; init; }

    /// <summary>From 0, in the order of the file.</summary>
    public int Index { get; init; }

    /// <summary>Line number as an editor or a spreadsheet shows it.</summary>
    public int Number { get; init; }

    public LineState State { get; init; }

    /// <summary>Its work is done.</summary>
    public bool Applied { get; init; }

    public PersonId? Person { get; init; }

    public MissionId? Mission { get; init; }

    public bool NewPerson { get; init; }

    public bool NewMission { get; init; }

    /// <summary><see cref="LineContent"/>, encrypted.</summary>
    public required byte[] Content { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ImportLine>
    {
        public void Configure(EntityTypeBuilder<ImportLine> builder)
        {
            builder.ToTable("import_lines");
            builder.HasKey(line => new { line.Import, line.Index });
            builder.HasIndex(line => new { line.Import, line.State, line.Index });
        }
    }
}

/// <summary>What a line says and what was decided of it.</summary>
internal sealed record LineContent(
    IReadOnlyList<string> Cells, LineStatement Statement, string? Name, PersonId? Manager, bool SupplierIsPersons, IReadOnlyList<LineProblem> Problems,
    IReadOnlyList<Words> Notes, IReadOnlyList<FieldChange> PersonChanges, IReadOnlyList<FieldChange> MissionChanges, IReadOnlyList<FieldChange> SupplierChanges)
{
    /// <summary>Who takes over on the departure that the line opens.</summary>
    public PersonId? Successor { get; init; }

    public static LineContent Of(LineDecision line) => new(
        line.Row.Cells, line.Statement, line.Name, line.Manager, line.SupplierIsPersons, line.Problems, line.Notes, line.PersonChanges, line.MissionChanges, line.SupplierChanges)
    {
        Successor = line.Successor,
    };
}

/// <summary>Encrypts lines at rest: a file of people lies in the database for a week.</summary>
internal sealed class LineVault(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("depart.import-lines");

    public byte[] Lock(LineContent content) => protector.Protect(JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Options));

    public LineContent Open(byte[] content) => JsonSerializer.Deserialize<LineContent>(protector.Unprotect(content), ApiJson.Options)!;
}
