using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>Identifies a discovery.</summary>
public readonly record struct DiscoveryId(Guid Value) : IIdentifier<DiscoveryId>
{
    /// <summary>Wraps a UUID.</summary>
    public static DiscoveryId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out DiscoveryId id) => IIdentifier<DiscoveryId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a discovery stands.</summary>
public enum DiscoveryState
{
    /// <summary>Asked for; starts when the system's queue lets it.</summary>
    Waiting,

    /// <summary>Reads.</summary>
    Running,

    /// <summary>The read reached its end.</summary>
    Done,

    /// <summary>
    /// The read reached its end, but so many accounts were not seen that a person must say whether they are really gone: nothing was marked.
    /// </summary>
    ToConfirm,

    /// <summary>The read did not reach its end: what was seen is kept, nothing is marked gone.</summary>
    Failed,

    /// <summary>Stopped by a person: likewise.</summary>
    Cancelled,
}

/// <summary>One reading of all accounts of one system (ACC2).</summary>
internal sealed class Discovery : Versioned
{
    /// <summary>Kind of its work item.</summary>
    public const string WorkKind = "discovery";

    /// <summary>Accounts not seen any more, at most, that are marked gone without a person: a fifth of those known, and always twenty.</summary>
    public const int AlwaysMarked = 20;

    public DiscoveryId Id { get; private init; } = IIdentifier<DiscoveryId>.New();

    public required SystemId System { get; init; }

    public DiscoveryState State { get; private set; }

    public DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Names the read that counts: another one after a restart, so that what the first one saw proves nothing.</summary>
    public Guid Reading { get; private set; }

    public bool CancelAsked { get; private set; }

    public int Read { get; private set; }

    public int New { get; private set; }

    public int Matched { get; private set; }

    public int Doubtful { get; private set; }

    public int Orphan { get; private set; }

    public int Zombie { get; private set; }

    public int Service { get; private set; }

    /// <summary>Not seen any more.</summary>
    public int Vanished { get; private set; }

    /// <summary>Why it failed: bilingual JSON, or null.</summary>
    public string? WhyJson { get; private set; }

    public Words? Why => WhyJson is null ? null : JsonSerializer.Deserialize<Words>(WhyJson, ApiJson.Options);

    public bool IsOver => EndedAt is not null;

    /// <summary>A read begins, from the start.</summary>
    public void Begin(Guid reading, DateTimeOffset now)
    {
        (State, Reading, StartedAt) = (DiscoveryState.Running, reading, StartedAt ?? now);
        (Read, New, Matched, Doubtful, Orphan, Service) = (0, New, 0, 0, 0, 0);
        Touch();
    }

    /// <summary>Accounts were read.</summary>
    public void Saw(IReadOnlyCollection<Account> accounts, int fresh)
    {
        Read += accounts.Count;
        New += fresh;
        Matched += accounts.Count(account => account.Standing == AccountStanding.Matched);
        Doubtful += accounts.Count(account => account.Standing == AccountStanding.Doubtful);
        Orphan += accounts.Count(account => account.Standing is AccountStanding.Orphan or AccountStanding.PrivilegedUnknown);
        Service += accounts.Count(account => account.Standing == AccountStanding.Service);
        Touch();
    }

    /// <summary>Accounts were not seen any more.</summary>
    public void Lost(int accounts)
    {
        Vanished += accounts;
        Touch();
    }

    /// <summary>A person asks to stop.</summary>
    public void AskToCancel()
    {
        CancelAsked = true;
        Touch();
    }

    /// <summary>It ended.</summary>
    public void End(DiscoveryState state, int zombies, Words? why, DateTimeOffset now)
    {
        (State, EndedAt, Zombie, WhyJson) = (state, now, zombies, why is null ? null : JsonSerializer.Serialize(why, ApiJson.Options));
        Touch();
    }

    /// <summary>A person says that what was not seen is really gone.</summary>
    public void Confirmed()
    {
        State = DiscoveryState.Done;
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Discovery>
    {
        public void Configure(EntityTypeBuilder<Discovery> builder)
        {
            builder.ToTable("discoveries");
            builder.HasKey(run => run.Id);
            builder.HasIndex(run => new { run.System, run.RequestedAt });
            builder.HasIndex(run => run.EndedAt);
            builder.Ignore(run => run.Why).Ignore(run => run.IsOver);
            MapVersion(builder);
        }
    }
}

/// <summary>A discovery, as shown; live while it runs.</summary>
public sealed record DiscoveryRow(DiscoveryId Id, SystemId System, DiscoveryState State, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
    : IVersioned
{
    /// <summary>Accounts read so far.</summary>
    public int Read { get; init; }

    /// <summary>Not known before.</summary>
    public int New { get; init; }

    /// <summary>Somebody's.</summary>
    public int Matched { get; init; }

    /// <summary>Perhaps somebody's.</summary>
    public int Doubtful { get; init; }

    /// <summary>Nobody's.</summary>
    public int Orphan { get; init; }

    /// <summary>Of someone gone, and still enabled; counted at the end.</summary>
    public int Zombie { get; init; }

    /// <summary>Service accounts.</summary>
    public int Service { get; init; }

    /// <summary>Not seen any more.</summary>
    public int Vanished { get; init; }

    /// <summary>A person asked to stop it.</summary>
    public bool CancelAsked { get; init; }

    /// <summary>Why it failed, or what a person must say.</summary>
    public Words? Why { get; init; }

    /// <summary>Counts the changes.</summary>
    public long Version { get; init; }

    internal static DiscoveryRow Of(Discovery run) => new(run.Id, run.System, run.State, run.RequestedAt, run.StartedAt, run.EndedAt)
    {
        Read = run.Read,
        New = run.New,
        Matched = run.Matched,
        Doubtful = run.Doubtful,
        Orphan = run.Orphan,
        Zombie = run.Zombie,
        Service = run.Service,
        Vanished = run.Vanished,
        CancelAsked = run.CancelAsked,
        Why = run.Why,
        Version = run.Version,
    };
}
