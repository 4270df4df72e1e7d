using System.Collections.Concurrent;

namespace Depart.Connectors;

/// <summary>
/// Secrets of sign-in tests: random passwords that a connector set and needs once more to be refused with. They live in memory for at most
/// <see cref="Lifetime"/> and are gone after a crash, which a connector must expect.
/// </summary>
/// <param name="clock">The only source of time.</param>
public sealed class TransientSecrets(TimeProvider clock)
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string Secret, DateTimeOffset Until)> secrets = new(StringComparer.Ordinal);
    private long sweepAt;

    /// <summary>How long a secret lives: 15 minutes.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Keeps a secret. <paramref name="key"/> names system and account: <c>ldap://host|entryUUID</c>.</summary>
    public void Keep(string key, string secret)
    {
        var now = clock.GetUtcNow();
        secrets[key] = (secret, now + Lifetime);
        var due = Interlocked.Read(ref sweepAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref sweepAt, (now + Sweep).UtcTicks, due) != due)
        {
            return;
        }

        foreach (var (old, value) in secrets)
        {
            if (value.Until < now)
            {
                secrets.TryRemove(old, out _);
            }
        }
    }

    /// <summary>Gives the secret while it lives, or null.</summary>
    public string? Find(string key) =>
        secrets.TryGetValue(key, out var value) && value.Until >= clock.GetUtcNow() ? value.Secret : null;

    /// <summary>Forgets a secret.</summary>
    public void Forget(string key) => secrets.TryRemove(key, out _);
}
