using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Processes;

/// <summary>Identifies one version of a template.</summary>
public readonly record struct ProcessTemplateId(Guid Value) : IIdentifier<ProcessTemplateId>
{
    /// <summary>Wraps a UUID.</summary>
    public static ProcessTemplateId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out ProcessTemplateId id) => IIdentifier<ProcessTemplateId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a version of a template stands.</summary>
public enum TemplateState
{
    /// <summary>Being written; no departure uses it.</summary>
    Draft,

    /// <summary>Never changes any more (PRO2); departures may use it.</summary>
    Published,

    /// <summary>Not offered any more; departures that run on it go on.</summary>
    Withdrawn,
}

/// <summary>One version of a template. A published one never changes: what comes next is another row.</summary>
internal sealed class ProcessTemplate : Versioned
{
    public ProcessTemplateId Id { get; private init; } = IIdentifier<ProcessTemplateId>.New();

    /// <summary>Key of the process; the same for all its versions.</summary>
    public string Key { get; private init; } = "";

    /// <summary>The version, from 1; the concurrency token is another number.</summary>
    public int Number { get; private init; }

    public TemplateState State { get; private set; }

    /// <summary>The file as its author wrote it, comments included; line ends are LF.</summary>
    public string Yaml { get; private set; } = "";

    public string TitleEn { get; private set; } = "";

    public string TitleFr { get; private set; } = "";

    /// <summary>Key of the process it extends, or null.</summary>
    public string? BaseKey { get; private set; }

    /// <summary>Version of <see cref="BaseKey"/> that it stands on, fixed when it is published.</summary>
    public int? BaseNumber { get; private set; }

    /// <summary>The resolved process in JSON, frozen when it is published; null in a draft.</summary>
    public string? Resolved { get; private set; }

    /// <summary>Came with the product.</summary>
    public bool Shipped { get; private init; }

    public DateTimeOffset SavedAt { get; private set; }

    public DateTimeOffset? PublishedAt { get; private set; }

    public DateTimeOffset? WithdrawnAt { get; private set; }

    /// <summary>The title.</summary>
    public Words Title => new(TitleEn, TitleFr);

    /// <summary>The frozen process; only of a version that was published.</summary>
    public ProcessDocument? Document => Resolved is null ? null : JsonSerializer.Deserialize<ProcessDocument>(Resolved, ApiJson.Options);

    /// <summary>A new draft.</summary>
    public static ProcessTemplate Draft(ProcessDocument document, int number, string yaml, DateTimeOffset now, bool shipped = false)
    {
        var draft = new ProcessTemplate { Key = document.Key, Number = number, Shipped = shipped };
        draft.Describe(document, yaml, now);
        return draft;
    }

    /// <summary>Replaces a draft; what was published is never touched.</summary>
    public Problem? Rewrite(ProcessDocument document, string yaml, DateTimeOffset now)
    {
        if (State != TemplateState.Draft)
        {
            return ProcessesText.NotDraft;
        }

        Describe(document, yaml, now);
        Touch();
        return null;
    }

    /// <summary>Freezes it, on that version of the process it extends.</summary>
    public Problem? Publish(ProcessDocument document, int? baseNumber, DateTimeOffset now)
    {
        if (State != TemplateState.Draft)
        {
            return ProcessesText.NotDraft;
        }

        (State, PublishedAt, BaseNumber) = (TemplateState.Published, now, baseNumber);
        Resolved = JsonSerializer.Serialize(document with { ExtendsVersion = baseNumber }, ApiJson.Options);
        Touch();
        return null;
    }

    /// <summary>Takes it out of the offer; its text and its tasks stay for the departures that run on it.</summary>
    public Problem? Withdraw(DateTimeOffset now)
    {
        if (State == TemplateState.Withdrawn)
        {
            return ProcessesText.AlreadyWithdrawn;
        }

        (State, WithdrawnAt) = (TemplateState.Withdrawn, now);
        Touch();
        return null;
    }

    private void Describe(ProcessDocument document, string yaml, DateTimeOffset now) =>
        (TitleEn, TitleFr, BaseKey, Yaml, SavedAt) = (document.Title.En, document.Title.Fr, document.Extends, yaml, now);

    internal sealed class Mapping : IEntityTypeConfiguration<ProcessTemplate>
    {
        public void Configure(EntityTypeBuilder<ProcessTemplate> builder)
        {
            builder.ToTable("process_templates");
            builder.HasKey(template => template.Id);
            builder.Property(template => template.Key).HasMaxLength(TaskTemplate.KeyLength);
            builder.Property(template => template.BaseKey).HasMaxLength(TaskTemplate.KeyLength);
            builder.Property(template => template.TitleEn).HasMaxLength(Depart.Processes.Yaml.ProcessReader.TitleLength);
            builder.Property(template => template.TitleFr).HasMaxLength(Depart.Processes.Yaml.ProcessReader.TitleLength);
            builder.Ignore(template => template.Title).Ignore(template => template.Document);
            builder.HasIndex(template => new { template.Key, template.Number }).IsUnique();
            MapVersion(builder);
        }
    }
}
