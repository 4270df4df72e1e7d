using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>By what somebody signed in, or gave proof again.</summary>
public enum SignInMethod
{
    /// <summary>A password alone.</summary>
    Password,

    /// <summary>A password, then a code of an app or a recovery code.</summary>
    PasswordAndCode,

    /// <summary>A passkey, whose device verified its user.</summary>
    Passkey,

    /// <summary>A one-time link, on which a password was chosen.</summary>
    Link,

    /// <summary>One click, in the demo.</summary>
    Demo,

    /// <summary>An identity provider, by OpenID Connect.</summary>
    Provider,
}

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>Signed out in that browser.</summary>
    SignedOut,

    /// <summary>Its owner ended it from elsewhere.</summary>
    ByOwner,

    /// <summary>The password was changed, or chosen anew by a link.</summary>
    PasswordChanged,

    /// <summary>The user was disabled.</summary>
    UserDisabled,

    /// <summary>An administrator took the second step away.</summary>
    SecondStepRemoved,

    /// <summary>The identity provider said so.</summary>
    ByProvider,
}

/// <summary>Whom an identity provider says that somebody is, and in which session of its own.</summary>
/// <param name="Provider">The provider's name here.</param>
/// <param name="Subject">The provider's identifier of the user (<c>sub</c>).</param>
/// <param name="Session">The provider's identifier of its session (<c>sid</c>), or null.</param>
internal sealed record ProvidedSession(string Provider, string Subject, string? Session)
{
    /// <summary>The ID token, encrypted: by it the provider is told whom to sign out. Or null.</summary>
    public string? ProtectedIdToken { get; init; }

    /// <summary>The refresh token, encrypted: by it the provider is asked whether the session still holds. Or null.</summary>
    public string? ProtectedRefreshToken { get; init; }
}

/// <summary>One browser in which somebody is signed in. The cookie names it; it is read again on every request, with its user.</summary>
internal sealed class BrowserSession : Versioned
{
    /// <summary>A session that nobody used for so long is over.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(8);

    /// <summary>How long a session that is over stays in the database: addresses and browsers are personal.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public required UserId User { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Known to some minutes: a page does not write (<see cref="InPassing"/>).</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>As people call it: « Firefox · Linux »; empty when it did not say.</summary>
    public required string Browser { get; init; }

    /// <summary>The network address it came from, or null.</summary>
    public string? Address { get; init; }

    public required SignInMethod Method { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    public SessionEnd? EndedBecause { get; private set; }

    /// <summary>The identity provider that vouched, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's identifier of the user, or null.</summary>
    /// <remarks>Not called <c>Subject</c>: rows with one are read as those of a departure, and this one is read at every request.</remarks>
    public string? ProviderSubject { get; init; }

    /// <summary>The provider's identifier of its own session, or null.</summary>
    public string? ProviderSession { get; private set; }

    /// <summary>The provider's ID token, encrypted, or null.</summary>
    public string? ProtectedIdToken { get; private set; }

    /// <summary>The provider's refresh token, encrypted, or null: then the provider is not asked.</summary>
    public string? ProtectedRefreshToken { get; private set; }

    /// <summary>When the provider last said that the session holds, or was last asked in vain.</summary>
    public DateTimeOffset? ProviderAskedAt { get; private set; }

    /// <summary>Keeps what the provider just gave.</summary>
    public void Provided(ProvidedSession given, DateTimeOffset now)
    {
        (ProviderSession, ProtectedIdToken, ProtectedRefreshToken, ProviderAskedAt) =
            (given.Session ?? ProviderSession, given.ProtectedIdToken ?? ProtectedIdToken, given.ProtectedRefreshToken ?? ProtectedRefreshToken, now);
        Touch();
    }

    /// <summary>The provider is being asked: no other node asks too.</summary>
    public void Asked(DateTimeOffset now)
    {
        ProviderAskedAt = now;
        Touch();
    }

    /// <summary>Ends it: the next request with its cookie is out.</summary>
    public void End(SessionEnd why, DateTimeOffset now)
    {
        if (EndedAt is null)
        {
            (EndedAt, EndedBecause) = (now, why);
            (ProtectedIdToken, ProtectedRefreshToken) = (null, null);
            Touch();
        }
    }

    /// <summary>
    /// Ends the sessions that a provider began: all of one of its users, those of one of its own sessions, or all (both null). For whatever learns that somebody is shut out there; gives those
    /// that ended.
    /// </summary>
    public static async Task<IReadOnlyList<BrowserSession>> EndProvidedAsync(DepartDb db, string provider, string? subject, string? session, DateTimeOffset now, CancellationToken cancellation)
    {
        var running = await db.Set<BrowserSession>().Where(known => known.Provider == provider && known.EndedAt == null
            && (subject == null || known.ProviderSubject == subject) && (session == null || known.ProviderSession == session)).ToListAsync(cancellation);
        running.ForEach(known => known.End(SessionEnd.ByProvider, now));
        return running;
    }

    /// <summary>Ends the sessions of a user, but one; gives how many.</summary>
    public static async Task<int> EndAllAsync(DepartDb db, UserId user, SessionEnd why, DateTimeOffset now, Guid? but, CancellationToken cancellation)
    {
        var running = await db.Set<BrowserSession>().Where(session => session.User == user && session.EndedAt == null && session.Id != but).ToListAsync(cancellation);
        running.ForEach(session => session.End(why, now));
        return running.Count(session => now - session.LastSeenAt < Life);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<BrowserSession>
    {
        public void Configure(EntityTypeBuilder<BrowserSession> builder)
        {
            builder.ToTable("browser_sessions");
            builder.HasKey(session => session.Id);
            builder.Property(session => session.Browser).HasMaxLength(100);
            builder.Property(session => session.Address).HasMaxLength(60);
            builder.Property(session => session.Provider).HasMaxLength(100);
            builder.Property(session => session.ProviderSubject).HasColumnName("Subject").HasMaxLength(255);
            builder.Property(session => session.ProviderSession).HasMaxLength(255);
            builder.HasIndex(session => session.User);
            builder.HasIndex(session => session.LastSeenAt);
            builder.HasIndex(session => new { session.Provider, session.ProviderSubject });
            MapVersion(builder);
        }
    }
}

/// <summary>A browser's name, from what it says of itself.</summary>
internal static class BrowserName
{
    // The first that is found: most name others beside themselves.
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Machines =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    /// <summary>« Firefox · Linux »; empty when nothing is recognised.</summary>
    public static string Of(string? userAgent) => string.Join(" · ", new[] { Find(Browsers, userAgent ?? ""), Find(Machines, userAgent ?? "") }.OfType<string>());

    private static string? Find((string Sign, string Name)[] known, string text) => Array.Find(known, one => text.Contains(one.Sign, StringComparison.Ordinal)).Name;
}
