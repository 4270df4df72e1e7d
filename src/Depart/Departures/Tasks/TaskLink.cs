using System.Security.Cryptography;
using System.Text;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>
/// Lets somebody without an account do one task (DEP5), and sees them to what else lies with them: <see cref="TaskLinks.OthersAsync"/>. Only the hash of its code is kept. Each mail carries a link of its own, so that the mail before still leads somewhere; all of
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
    public static string PathOf(string code, DepartureTaskId? other = null) => $"{Page}?code={code}{(other is { } task ? $"&task={task}" : "")}";

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>Whether it still leads to the task: neither withdrawn nor expired, and the task is to be done by whom it was made for.</summary>
    public bool LeadsTo(DepartureTask task, DateTimeOffset now) => IsGood(now) && task.IsPending && task.Desk == Desk;

    /// <summary>Neither withdrawn nor expired.</summary>
    public bool IsGood(DateTimeOffset now) => EndedAt is null && ExpiresAt > now;

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
internal sealed class TaskLinks(DepartDb db, TaskBehaviours behaviours, TimeProvider clock)
{
    /// <summary>Other tasks that a page shows at most.</summary>
    private const int MostOthers = 30;

    /// <summary>A new link for whoever reads what lies on a desk; gives the address to open.</summary>
    public string Make(DepartureTask task, string desk, string name, Guid? person)
    {
        var (link, code) = TaskLink.Create(task, desk, name, person, clock.GetUtcNow());
        db.Add(link);
        return TaskLink.PathOf(code);
    }

    /// <summary>The link of a code with its task and departure, good or not; null when there is none. With another task that lies with the same reader, that one: the link is good then.</summary>
    public async Task<(TaskLink Link, DepartureTask Task, Departure Departure)?> FindAsync(string? code, CancellationToken cancellation, DepartureTaskId? other = null)
    {
        var hash = TaskLink.HashOf(code?.Trim() ?? "");
        if (await db.Set<TaskLink>().FirstOrDefaultAsync(link => link.Hash == hash, cancellation) is not { } link)
        {
            return null;
        }

        var id = other ?? link.Task;
        return await db.FindAsync<DepartureTask>([id], cancellation) is { } task && await db.FindAsync<Departure>([task.Departure], cancellation) is { } departure
            && (id == link.Task || (await OthersAsync(link, cancellation)).Any(pair => pair.Task.Id == id))
            ? (link, task, departure) : null;
    }

    /// <summary>
    /// What else is to be done now by whoever reads a link that is good, by when it is due: what lies on the same desk, and of somebody whom tasks were handed to one by one, what was handed to that
    /// address. Another contact of a supplier has other links.
    /// </summary>
    public async Task<IReadOnlyList<(DepartureTask Task, Departure Departure)>> OthersAsync(TaskLink link, CancellationToken cancellation)
    {
        if (!link.IsGood(clock.GetUtcNow()) || await DesksAsync(link, cancellation) is not { Count: > 0 } desks)
        {
            return [];
        }

        var open = await db.Set<DepartureTask>().Where(task => desks.Contains(task.Desk) && task.PendingDue != null && task.State == DepartureTaskState.Open && task.Id != link.Task)
            .OrderBy(task => task.PendingDue).Take(MostOthers).ToListAsync(cancellation);
        var ids = open.Select(task => task.Departure).Distinct().ToList();
        var departures = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).ToDictionaryAsync(departure => departure.Id, cancellation);
        return
        [
            .. open.Where(task => departures.ContainsKey(task.Departure) && behaviours.Of(task.Kind).ByLink).Select(task => (task, departures[task.Departure]))
                .Where(pair => link.Person != pair.Item2.Person.Value || TaskRules.IsOfLeaversSide(pair.task.Owner)),
        ];
    }

    private async Task<List<string>> DesksAsync(TaskLink link, CancellationToken cancellation)
    {
        switch (link.Desk.Split(':'))
        {
            case ["person", _]:
                return [link.Desk];
            case ["supplier", var key] when Guid.TryParseExact(key, "N", out var id):
                var supplierId = SupplierId.From(id);
                return await db.Set<Supplier>().FirstOrDefaultAsync(row => row.Id == supplierId, cancellation) is { } supplier && (supplier.ContactName ?? supplier.Name) == link.Name ? [link.Desk] : [];
            case ["guest", var key] when Guid.TryParseExact(key, "N", out var id):
                var mail = await db.Set<TaskGuest>().Where(guest => guest.Id == id).Select(guest => guest.Mail).FirstOrDefaultAsync(cancellation);
                return mail is null ? [] : (await db.Set<TaskGuest>().Where(guest => guest.Mail == mail).Select(guest => guest.Id).ToListAsync(cancellation)).ConvertAll(TaskDesk.OfGuest);
            default:
                return [];
        }
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
