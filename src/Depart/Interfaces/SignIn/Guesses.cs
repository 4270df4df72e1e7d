using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Counts attempts at passwords and codes by where they come from, and makes whoever guesses wait, longer each time. A browser in which somebody signed in before (<see cref="KnownDevices"/>)
/// is counted apart: no number of guesses made elsewhere holds it up. Accounts that do not exist are counted like those that do, so that nobody learns which ones there are.
/// </summary>
/// <remarks>In memory of this node: whoever guesses cannot restart it.</remarks>
internal sealed class Guesses(TimeProvider clock)
{
    /// <summary>At one account from one address that is not known there.</summary>
    public static readonly GuessRule FromOnePlace = new(5, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));

    /// <summary>At one account from anywhere, known devices apart.</summary>
    public static readonly GuessRule FromAnywhere = new(30, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));

    /// <summary>From one address at any account: a company may stand behind it.</summary>
    public static readonly GuessRule AtAnyAccount = new(100, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(15));

    /// <summary>At one account from a device that is known there: beyond, it is one like any other.</summary>
    public static readonly GuessRule FromKnownDevice = new(10, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));

    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>More keys than this, and those that have leaked empty are dropped now and then.</summary>
    private const int ManyKeys = 20_000;

    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);
    private readonly Lock turn = new();
    private int sinceSwept;

    /// <summary>
    /// Begins an attempt: it counts as wrong until <see cref="Right"/> says otherwise, so that many at once are not more than one after another. Null when it must wait.
    /// </summary>
    public Attempt? Begin(string what, string account, string address, Guid? device)
    {
        lock (turn)
        {
            var now = clock.GetUtcNow();
            if (device is { } known)
            {
                var own = $"{what} {account} device {known:N}";
                if (!IsShut(own, now))
                {
                    return new(own, null, null, Add(own, FromKnownDevice, now));
                }
            }

            var (place, anywhere, any) = ($"{what} {account} from {address}", $"{what} {account}", $"from {address}");
            if (IsShut(place, now) || IsShut(anywhere, now) || IsShut(any, now))
            {
                return null;
            }

            Add(any, AtAnyAccount, now);
            return new(place, anywhere, any, Add(place, FromOnePlace, now) | Add(anywhere, FromAnywhere, now));
        }
    }

    /// <summary>Begins an attempt within a session: nobody else's counts there.</summary>
    public Attempt? BeginWithin(Guid session)
    {
        lock (turn)
        {
            var (now, own) = (clock.GetUtcNow(), $"prove {session:N}");
            return IsShut(own, now) ? null : new(own, null, null, Add(own, FromOnePlace, now));
        }
    }

    /// <summary>Begins an attempt with a passkey, which names its account itself.</summary>
    public Attempt? BeginPasskey(string address)
    {
        lock (turn)
        {
            var (now, own) = (clock.GetUtcNow(), $"passkey from {address}");
            return IsShut(own, now) ? null : new(own, null, null, Add(own, AtAnyAccount, now));
        }
    }

    /// <summary>The attempt was right: its source begins anew, and what others tried at the account stays counted.</summary>
    public void Right(Attempt attempt)
    {
        lock (turn)
        {
            counts.TryRemove(attempt.Own, out _);
            foreach (var shared in new[] { attempt.Anywhere, attempt.Any }.OfType<string>())
            {
                if (counts.TryGetValue(shared, out var count))
                {
                    counts[shared] = count with { Level = Math.Max(0, count.Level - 1), Until = null };
                }
            }
        }
    }

    private bool IsShut(string key, DateTimeOffset now) => counts.TryGetValue(key, out var count) && count.Until > now;

    /// <summary>Counts one more; says whether it is the one that begins a series of waits.</summary>
    private bool Add(string key, GuessRule rule, DateTimeOffset now)
    {
        if (counts.Count > ManyKeys && ++sinceSwept > 1000)
        {
            sinceSwept = 0;
            foreach (var (old, count) in counts)
            {
                if (count.LevelAt(now) == 0)
                {
                    counts.TryRemove(old, out _);
                }
            }
        }

        var level = (counts.TryGetValue(key, out var before) ? before.LevelAt(now) : 0) + 1;
        var over = level - rule.Free;
        DateTimeOffset? until = over < 0 ? null : now + TimeSpan.FromTicks(Math.Min(FirstWait.Ticks << Math.Min(over, 10), rule.LongestWait.Ticks));
        counts[key] = new(level, now, rule.Leak, until);
        return over == 0;
    }

    /// <summary>An attempt under way.</summary>
    /// <param name="Own">Where its own source is counted.</param>
    /// <param name="Anywhere">Where the account is counted, or null for a known device.</param>
    /// <param name="Any">Where the address is counted, or null for a known device.</param>
    /// <param name="BeginsWaits">Should it be wrong, its source waits from now on: told to the journal once.</param>
    internal sealed record Attempt(string Own, string? Anywhere, string? Any, bool BeginsWaits);

    /// <summary>A count that leaks: how many at an instant, and until when nothing more is heard.</summary>
    private sealed record Count(int Level, DateTimeOffset At, TimeSpan Leak, DateTimeOffset? Until)
    {
        public int LevelAt(DateTimeOffset now) => (int)Math.Max(0, Level - (long)((now - At) / Leak));
    }
}

/// <summary>Where a request comes from.</summary>
internal static class Source
{
    /// <summary>The network address, as people write it; empty when there is none.</summary>
    public static string AddressOf(HttpContext? http) => Plain(http?.Connection.RemoteIpAddress)?.ToString() ?? "";

    /// <summary>What counts as one place: an IPv4 address, or the whole of an IPv6 network, in which one machine may take any address it likes.</summary>
    public static string PlaceOf(HttpContext? http) => PlaceOf(http?.Connection.RemoteIpAddress);

    /// <inheritdoc cref="PlaceOf(HttpContext?)"/>
    public static string PlaceOf(IPAddress? address) => Plain(address) switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6 } own => new IPAddress([.. own.GetAddressBytes()[..8], .. new byte[8]]) + "/64",
        { } own => own.ToString(),
    };

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}

/// <summary>How many attempts are free, how fast they are forgotten (one in each <paramref name="Leak"/>), and the longest wait of those that follow: it doubles from a minute.</summary>
internal sealed record GuessRule(int Free, TimeSpan Leak, TimeSpan LongestWait);
