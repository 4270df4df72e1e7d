using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Embargoes;

/// <summary>Until the cut nobody but the named few knows of a departure (DEP3). What hides it from all others is <see cref="EmbargoRule"/>.</summary>
internal sealed class Embargo
{
    private Embargo()
    {
    }

    public Embargo(Departure departure, DateTimeOffset now) =>
        (Departure, Chain, Group, Since) = (departure.Id, departure.Chain, departure.Id.ToString(), now);

    public DepartureId Departure { get; private init; }

    /// <summary>The departure as the journal writes it.</summary>
    public string Chain { get; private init; } = "";

    /// <summary>The departure as work and mails write it.</summary>
    public string Group { get; private init; } = "";

    public DateTimeOffset Since { get; private init; }

    /// <summary>When everybody was let know, UTC; null while it is in force. A departure that was cancelled before its cut stays under it.</summary>
    public DateTimeOffset? LiftedAt { get; private set; }

    /// <summary>The departures that are under one now, whoever reads: for what the engine must not write.</summary>
    public static IQueryable<DepartureId> InForce(DepartDb db) => db.Set<Embargo>().Where(embargo => embargo.LiftedAt == null).Select(embargo => embargo.Departure);

    /// <summary>It ends.</summary>
    public void Lift(DateTimeOffset now) => LiftedAt ??= now;

    internal sealed class Mapping : IEntityTypeConfiguration<Embargo>
    {
        public void Configure(EntityTypeBuilder<Embargo> builder)
        {
            builder.ToTable("embargoes");
            builder.HasKey(embargo => embargo.Departure);
            builder.Property(embargo => embargo.Chain).HasMaxLength(40);
            builder.Property(embargo => embargo.Group).HasMaxLength(40);

            // What every query asks for: those in force, a few, however many the years have seen.
            builder.HasIndex(embargo => embargo.Departure, "embargoes_in_force").HasFilter("\"LiftedAt\" IS NULL");
        }
    }
}

/// <summary>One of the named few: a user who knows of a departure under embargo. Nobody unlearns it: none is taken away.</summary>
internal sealed class Confidant
{
    public DepartureId Departure { get; init; }

    /// <summary>The user; the token itself when it has no owner.</summary>
    public Guid User { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Who told them; null: the console, or the one who opened it.</summary>
    public Guid? By { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Confidant>
    {
        public void Configure(EntityTypeBuilder<Confidant> builder)
        {
            builder.ToTable("confidants");
            builder.HasKey(confidant => new { confidant.Departure, confidant.User });
        }
    }
}
