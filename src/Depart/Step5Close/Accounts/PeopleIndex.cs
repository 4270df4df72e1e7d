using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Whose an account is, or may be.</summary>
/// <param name="Person">The one person, or null.</param>
/// <param name="Match">Why.</param>
/// <param name="Candidates">Everyone it may be, the strongest sign first; empty when it is sure or nobody's.</param>
internal sealed record Judgement(PersonId? Person, MatchKind Match, IReadOnlyList<(PersonId Person, MatchKind Match)> Candidates)
{
    public static Judgement Nobody { get; } = new(null, MatchKind.None, []);
}

/// <summary>
/// Everyone of the record by number, mail, login and name, for one reading. Signs are kept as 128 bits of their digest: 100,000 people take some
/// 40 MB whatever the length of their names.
/// </summary>
internal sealed class PeopleIndex
{
    private const int None = -1;

    private readonly List<PersonId> people = [];
    private readonly List<(int Person, int Next)> links = [];
    private readonly Dictionary<UInt128, int> heads = [];

    /// <summary>People known.</summary>
    public int Count => people.Count;

    /// <summary>Reads the record once, in a stream.</summary>
    public static async Task<PeopleIndex> LoadAsync(DepartDb db, CancellationToken cancellation)
    {
        var index = new PeopleIndex();
        await foreach (var person in db.Set<Person>().AsNoTracking()
            .Select(person => new { person.Id, person.GivenName, person.FamilyName, person.EmployeeNumber, person.Mails, person.Logins })
            .AsAsyncEnumerable().WithCancellation(cancellation))
        {
            index.Add(person.Id, new()
            {
                GivenName = person.GivenName,
                FamilyName = person.FamilyName,
                EmployeeNumber = person.EmployeeNumber,
                Mails = person.Mails,
                Logins = person.Logins,
            });
        }

        return index;
    }

    /// <summary>Adds a person.</summary>
    public void Add(PersonId id, PersonHints person)
    {
        people.Add(id);
        Link(MatchKind.EmployeeNumber, person.EmployeeNumber);
        foreach (var mail in person.Mails)
        {
            Link(MatchKind.Mail, mail);
        }

        foreach (var login in person.Logins)
        {
            Link(MatchKind.Login, login);
        }

        Link(MatchKind.Name, NameKey($"{person.GivenName} {person.FamilyName}"));
    }

    /// <summary>
    /// Whose an account is. Number, mail and login are sure when they agree; when they point at several people, or the name is exactly another
    /// person's, nobody is sure and a person must say. <paramref name="refused"/> are those of whom a person said that it is not theirs.
    /// </summary>
    public Judgement Judge(AccountRecord account, IReadOnlySet<PersonId> refused)
    {
        var signs = new Dictionary<int, MatchKind>();
        Collect(MatchKind.EmployeeNumber, account.EmployeeNumber, signs);
        foreach (var mail in account.Mails)
        {
            Collect(MatchKind.Mail, mail, signs);
        }

        if (account.Login.Contains('@', StringComparison.Ordinal))
        {
            Collect(MatchKind.Mail, account.Login, signs);
        }

        Collect(MatchKind.Login, account.Login, signs);
        var named = new Dictionary<int, MatchKind>();
        Collect(MatchKind.Name, NameKey(account.GivenName is null ? account.DisplayName : $"{account.GivenName} {account.FamilyName}"), named);
        foreach (var no in refused)
        {
            Forget(signs, no);
            Forget(named, no);
        }

        if (signs.Count == 1 && (named.Count == 0 || named.ContainsKey(signs.Keys.First())))
        {
            return new(people[signs.Keys.First()], signs.Values.First(), []);
        }

        foreach (var (person, match) in named)
        {
            signs.TryAdd(person, match);
        }

        return signs.Count switch
        {
            0 => Judgement.Nobody,
            1 => new(people[signs.Keys.First()], MatchKind.Name, Candidates(signs)),
            _ => new(null, MatchKind.Several, Candidates(signs)),
        };
    }

    private void Forget(Dictionary<int, MatchKind> signs, PersonId no)
    {
        foreach (var person in signs.Keys.Where(person => people[person] == no).ToList())
        {
            signs.Remove(person);
        }
    }

    private List<(PersonId Person, MatchKind Match)> Candidates(Dictionary<int, MatchKind> signs) =>
        [.. signs.OrderByDescending(sign => sign.Value).Take(20).Select(sign => (people[sign.Key], sign.Value))];

    private void Link(MatchKind kind, string? text)
    {
        if (Key(kind, text) is { } key)
        {
            links.Add((people.Count - 1, heads.GetValueOrDefault(key, None)));
            heads[key] = links.Count - 1;
        }
    }

    private void Collect(MatchKind kind, string? text, Dictionary<int, MatchKind> signs)
    {
        if (Key(kind, text) is not { } key)
        {
            return;
        }

        for (var link = heads.GetValueOrDefault(key, None); link != None; link = links[link].Next)
        {
            signs.TryAdd(links[link].Person, kind);
        }
    }

    private static string? NameKey(string? name)
    {
        var words = SearchText.Of(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(words, StringComparer.Ordinal);
        return words.Length > 1 ? string.Join(' ', words) : null;
    }

    private static UInt128? Key(MatchKind kind, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // Numbers as given; the rest in any case. Composed and decomposed accents are the same text.
        var sign = text.Trim().Normalize(NormalizationForm.FormC);
        sign = kind == MatchKind.EmployeeNumber ? sign : sign.ToUpperInvariant();
        var buffer = ArrayPool<byte>.Shared.Rent(1 + Encoding.UTF8.GetMaxByteCount(sign.Length));
        buffer[0] = (byte)kind;
        var length = 1 + Encoding.UTF8.GetBytes(sign, buffer.AsSpan(1));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), digest);
        ArrayPool<byte>.Shared.Return(buffer);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
