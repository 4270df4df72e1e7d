using System.Security.Cryptography;
using System.Text;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>
/// Lets somebody without an account do one task, and nothing else (DEP5). Only the hash of its code is kept. Each mail carries a link of its own, so that the mail before still leads somewhere; all of
/// them end with the task, when it goes to somebody else, and when the departure is cancelled.
/// </summary>
internal sealed class TaskLink
{
    /// <summary>The page that links lead to.</summary>
    public const string Page = "/by-link";

    /// <summary>How long after the task was due a link is good, and at least.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    /// <summary>How long a link is good at most.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public DepartureId Departure { get; private init; }

    public DepartureTaskId Task { get; private init; }

    /// <summary>The desk it was made for: it ends when the task lies elsewhere.</summary>
    public string Desk { get; private init; } = "";

    /// <summary>Whose it is, as journalled.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The same in the record, or null.</summary>
    public Guid? Person { get; private init; }

    /// <summary>SHA-256 of the code, hexadecimal.</summary>
    public string Hash { get; private init; } = "";

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When somebody withdrew it, UTC.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>A new link and its code, which is told once.</summary>
    public static (TaskLink Link, string Code) Create(DepartureTask task, string desk, string name, Guid? person, DateTimeOffset now)
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var until = (task.DueAt > now ? task.DueAt : now) + Life;
        return (new()
        {
            Departure = task.Departure, Task = task.Id, Desk = desk, Name = name, Person = person, Hash = HashOf(code), CreatedAt = now,
            ExpiresAt = until < now + LongestLife ? until : now + LongestLife,
        }, code);
    }

    /// <summary>The address to open.</summary>
    public static string PathOf(string code) => $"{Page}?code={code}";

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>Whether it still leads to the task: neither withdrawn nor expired, and the task is to be done by whom it was made for.</summary>
    public bool LeadsTo(DepartureTask task, DateTimeOffset now) => EndedAt is null && ExpiresAt > now && task.IsPending && task.Desk == Desk;

    public void End(DateTimeOffset now) => EndedAt ??= now;

    internal sealed class Mapping : IEntityTypeConfiguration<TaskLink>
    {
        public void Configure(EntityTypeBuilder<TaskLink> builder)
        {
            builder.ToTable("task_links");
            builder.HasKey(link => link.Id);
            builder.Property(link => link.Desk).HasMaxLength(50);
            builder.Property(link => link.Name).HasMaxLength(TaskGuest.NameLength);
            builder.Property(link => link.Hash).HasMaxLength(64);
            builder.HasIndex(link => link.Hash).IsUnique();
            builder.HasIndex(link => link.Task);
        }
    }
}

/// <summary>Makes links and finds what they lead to. Scoped.</summary>
internal sealed class TaskLinks(DepartDb db, TimeProvider clock)
{
    /// <summary>A new link for whoever reads what lies on a desk; gives the address to open.</summary>
    public string Make(DepartureTask task, string desk, string name, Guid? person)
    {
        var (link, code) = TaskLink.Create(task, desk, name, person, clock.GetUtcNow());
        db.Add(link);
        return TaskLink.PathOf(code);
    }

    /// <summary>The link of a code with its task and departure, good or not; null when there is none.</summary>
    public async Task<(TaskLink Link, DepartureTask Task, Departure Departure)?> FindAsync(string? code, CancellationToken cancellation)
    {
        var hash = TaskLink.HashOf(code?.Trim() ?? "");
        return await db.Set<TaskLink>().FirstOrDefaultAsync(link => link.Hash == hash, cancellation) is { } link
            && await db.FindAsync<DepartureTask>([link.Task], cancellation) is { } task && await db.FindAsync<Departure>([link.Departure], cancellation) is { } departure
            ? (link, task, departure) : null;
    }

    /// <summary>Links to a task that are good now, the last made first.</summary>
    public async Task<List<TaskLink>> GoodAsync(DepartureTask task, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return [.. (await db.Set<TaskLink>().Where(link => link.Task == task.Id && link.EndedAt == null).ToListAsync(cancellation)).Where(link => link.LeadsTo(task, now)).OrderByDescending(link => link.ExpiresAt)];
    }

    /// <summary>Ends every link to a task; gives how many were good.</summary>
    public async Task<int> EndAsync(DepartureTask task, CancellationToken cancellation)
    {
        var good = await GoodAsync(task, cancellation);
        good.ForEach(link => link.End(clock.GetUtcNow()));
        return good.Count;
    }
}

/// <summary>
/// Counts addresses that try links which lead nowhere: guessing a code is hopeless, and is not to cost anything either. In memory of this node.
/// </summary>
internal sealed class WrongLinks : IDisposable
{
    /// <summary>Wrong links from one address in <see cref="Window"/>.</summary>
    public const int AtMost = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly System.Threading.RateLimiting.PartitionedRateLimiter<string> limiter = System.Threading.RateLimiting.PartitionedRateLimiter.Create<string, string>(
        address => System.Threading.RateLimiting.RateLimitPartition.GetFixedWindowLimiter(address, _ => new() { PermitLimit = AtMost, Window = Window, QueueLimit = 0 }));

    /// <summary>Whether an address has tried too many.</summary>
    public bool Shut(HttpContext http)
    {
        using var lease = limiter.AttemptAcquire(AddressOf(http), 0);
        return !lease.IsAcquired;
    }

    /// <summary>One more.</summary>
    public void Count(HttpContext http) => limiter.AttemptAcquire(AddressOf(http)).Dispose();

    public void Dispose() => limiter.Dispose();

    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";
}
