using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Depart.Foundation.Storage;

/// <summary>The database. No sets: mappings sit beside their aggregates and are found by scanning.</summary>
/// <remarks>
/// It reads for whoever acts in its scope, and leaves out what they may not know of (<see cref="IReadingRule"/>): for nobody when nobody said who acts. Contexts are pooled: each scope
/// begins with one that knows nothing of the scope before.
/// </remarks>
internal abstract class DepartDb(DbContextOptions options) : DbContext(options)
{
    private readonly Dictionary<string, DateTimeOffset> queues = new(StringComparer.Ordinal);
    private readonly List<Action> afterwards = [];
    private ActorSlot reader = new();

    /// <summary>Nothing is left out: the engine reads, or somebody on the server's own console.</summary>
    public bool ReadsAll => reader.Actor.Via is Via.Engine or Via.Console;

    /// <summary>The user it reads for, or an empty identifier.</summary>
    public Guid Reader => reader.Actor.User ?? Guid.Empty;

    /// <summary>Begins a unit of work for whoever acts in a scope.</summary>
    public void Begin(ActorSlot scope)
    {
        reader = scope;
        queues.Clear();
        afterwards.Clear();
    }

    /// <summary>Reads everything from now on: for programs on the machine that holds the data, whose context is their own.</summary>
    public static T OnConsole<T>(T db)
        where T : DepartDb
    {
        db.Begin(new() { Actor = Actor.Console });
        return db;
    }

    /// <summary>Queues that got work in this unit of work, each with the first instant at which some is due: nudged after the commit.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> EnqueuedQueues => queues;

    /// <summary>Is done when, and only when, this unit of work has been committed, before the next one begins.</summary>
    public void OnceCommitted(Action act) => afterwards.Add(act);

    /// <summary>Called by the dispatcher after the commit.</summary>
    public void Committed() => afterwards.ForEach(act => act());

    /// <summary>What this unit of work holds of a kind, as it stands now, without what it removes: nothing is read, and nothing compared.</summary>
    public IReadOnlyList<T> AtHand<T>()
        where T : class
    {
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. ChangeTracker.Entries<T>().Where(entry => entry.State is not (EntityState.Deleted or EntityState.Detached)).Select(entry => entry.Entity)];
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    /// <summary>Adds work in the same transaction as the decision.</summary>
    public void Enqueue(WorkItem item)
    {
        Add(item);
        queues[item.Queue] = queues.TryGetValue(item.Queue, out var first) && first <= item.DueAt ? first : item.DueAt;
    }

    /// <summary>Gives work that was given up its attempts back.</summary>
    public void EnqueueAgain(WorkItem item, DateTimeOffset now)
    {
        (item.State, item.Attempts, item.Interruptions, item.DueAt, item.DoneAt) = (WorkState.Pending, 0, 0, now, null);
        queues[item.Queue] = now;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DepartDb).Assembly);
        TextLists.Compare(modelBuilder);
        ByteOrder.Apply(modelBuilder, this);
        foreach (var rule in typeof(DepartDb).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IReadingRule)) && type.IsClass))
        {
            ((IReadingRule)Activator.CreateInstance(rule)!).Apply(modelBuilder, this);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<EpochMilliseconds>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        foreach (var identifier in typeof(DepartDb).Assembly.GetTypes().Where(IdentifierJson.IsIdentifier))
        {
            configurationBuilder.Properties(identifier).HaveConversion(typeof(IdentifierConversion<>).MakeGenericType(identifier));
        }
    }
}

/// <summary>The database on SQLite.</summary>
internal sealed class SqliteDb(DbContextOptions<SqliteDb> options) : DepartDb(options);

/// <summary>The database on PostgreSQL.</summary>
internal sealed class PostgreSqlDb(DbContextOptions<PostgreSqlDb> options) : DepartDb(options);

/// <summary>What a context leaves out for whom it reads; found by scanning. A filter of the model: no query can forget it, those not yet written neither.</summary>
internal interface IReadingRule
{
    /// <summary>Gives its filters to the model; what they ask of <paramref name="db"/> is asked of the context that runs the query.</summary>
    void Apply(ModelBuilder model, DepartDb db);
}

/// <summary>An aggregate changed by several: the version is its ETag.</summary>
internal abstract class Versioned
{
    /// <summary>Counts the changes, from 1.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Called on every change, so that a concurrent one is found.</summary>
    protected void Touch() => Version++;

    /// <summary>Whether a caller that read this version may change it; null accepts any.</summary>
    public bool IsAt(long? version) => version is null || version == Version;

    /// <summary>Maps the version as the concurrency token.</summary>
    public static void MapVersion<T>(EntityTypeBuilder<T> builder)
        where T : Versioned => builder.Property(aggregate => aggregate.Version).IsConcurrencyToken();
}

/// <summary>Texts that are ordered and compared by their bytes, as SQLite does by itself: the beginning of one enters the index, and a cursor means the same on both databases.</summary>
internal static class ByteOrder
{
    private const string Name = "depart:by-bytes";

    /// <summary>Says so of a property.</summary>
    public static PropertyBuilder<string> ByBytes(this PropertyBuilder<string> property) => property.HasAnnotation(Name, true);

    /// <summary>Tells PostgreSQL.</summary>
    public static void Apply(ModelBuilder model, DepartDb db)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if (property.RemoveAnnotation(Name) is not null && db.Database.IsNpgsql())
            {
                property.SetCollation("C");
            }
        }
    }
}

/// <summary>Instants as UTC epoch milliseconds: ordered and compared in SQL on both databases.</summary>
internal sealed class EpochMilliseconds() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

internal sealed class IdentifierConversion<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => IdentifierConversion<TId>.Make(value))
    where TId : struct, IIdentifier<TId>
{
    private static TId Make(Guid value) => TId.From(value);
}
