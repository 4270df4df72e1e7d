using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.PublicNotices;

/// <summary>A notice that everybody may read.</summary>
public enum NoticeKind
{
    /// <summary>What is done with personal data (PRV5).</summary>
    Privacy,

    /// <summary>Who answers for this site (PLT8).</summary>
    Legal,

    /// <summary>How far everybody can use it (PLT8).</summary>
    Accessibility,
}

/// <summary>Where notices are.</summary>
internal static class NoticePaths
{
    public const string Privacy = "/notices/privacy";

    public static string Of(NoticeKind kind) => $"/notices/{kind.ToString().ToLowerInvariant()}";

    /// <summary>Answers about the notice of a route, or says which there are.</summary>
    public static async Task<IResult> OfWordAsync(Word<NoticeKind> word, Func<NoticeKind, Task<IResult>> answer) =>
        word.Refusal("kind") is { } refusal ? ApiDoor.Failed(refusal) : await answer(word.Value!.Value);

    /// <summary>The notice of an address, or null.</summary>
    public static NoticeKind? Find(string? name) => Enum.GetValues<NoticeKind>().Cast<NoticeKind?>().FirstOrDefault(kind => string.Equals(kind.ToString(), name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A notice in the company's own words; without one the shipped text stands (<see cref="ShippedNotices"/>).</summary>
internal sealed class PublicNotice : Versioned
{
    /// <summary>Longest text in one language.</summary>
    public const int TextLength = 20_000;

    public NoticeKind Kind { get; init; }

    public string En { get; private set; } = "";

    public string Fr { get; private set; } = "";

    public void Say(string en, string fr)
    {
        (En, Fr) = (en, fr);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PublicNotice>
    {
        public void Configure(EntityTypeBuilder<PublicNotice> builder)
        {
            builder.ToTable("public_notices");
            builder.HasKey(notice => notice.Kind);
            builder.Property(notice => notice.En).HasMaxLength(TextLength);
            builder.Property(notice => notice.Fr).HasMaxLength(TextLength);
            MapVersion(builder);
        }
    }
}

/// <summary>A part of a notice: a title, a paragraph, or a list.</summary>
/// <param name="Heading">It is a title.</param>
/// <param name="Lines">Its lines; several are those of a list, or of an address.</param>
/// <param name="IsList">Its lines are points of a list.</param>
public sealed record NoticeBlock(bool Heading, IReadOnlyList<string> Lines, bool IsList);

/// <summary>
/// Plain paragraphs: an empty line ends one, <c>## </c> begins a title, <c>- </c> a point of a list. In braces what the organisation is called: <c>{company} {address} {contact} {contact-mail} {publisher} {host}</c>.
/// </summary>
internal static class NoticeMarkup
{
    /// <summary>The parts of a text, with what stands in braces filled in.</summary>
    public static IReadOnlyList<NoticeBlock> Read(string text, OrganisationDetails? details, System.Globalization.CultureInfo culture)
    {
        var blocks = new List<NoticeBlock>();
        foreach (var paragraph in Fill(text.ReplaceLineEndings("\n"), details, culture).Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var lines = paragraph.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var (begins, group) in Grouped(lines))
            {
                blocks.Add(begins switch
                {
                    '#' => new(true, [group[0][3..]], false),
                    '-' => new(false, [.. group.Select(line => line[2..])], true),
                    _ => new(false, [Capital(group[0]), .. group.Skip(1)], false),
                });
            }
        }

        return blocks;
    }

    /// <summary>What of the organisation a text names and nobody filled in.</summary>
    public static IReadOnlyList<Words> Missing(Words text, OrganisationDetails? details) =>
        [.. Places(details).Where(place => place.Value.Length == 0 && (text.En.Contains(place.Name, StringComparison.Ordinal) || text.Fr.Contains(place.Name, StringComparison.Ordinal))).Select(place => place.Label)];

    private static string Fill(string text, OrganisationDetails? details, System.Globalization.CultureInfo culture) =>
        Places(details).Aggregate(text, (filled, place) => filled.Replace(place.Name, place.Value.Length > 0 ? place.Value : place.Instead.For(culture), StringComparison.Ordinal));

    private static (string Name, string Value, Words Label, Words Instead)[] Places(OrganisationDetails? details) =>
    [
        ("{company}", details?.Company ?? "", NoticesText.Company, NoticesText.TheCompany),
        ("{address}", details?.Address ?? "", NoticesText.Address, NoticesText.NotSaid),
        ("{contact}", details?.ContactName ?? "", NoticesText.ContactName, NoticesText.TheContact),
        ("{contact-mail}", details?.ContactMail ?? "", NoticesText.ContactMail, NoticesText.NotSaid),
        ("{publisher}", details?.Publisher ?? "", NoticesText.Publisher, NoticesText.NotSaid),
        ("{host}", details?.Host ?? "", NoticesText.Host, NoticesText.NotSaid),
    ];

    /// <summary>General words that stand for a name may begin a sentence.</summary>
    private static string Capital(string line) => char.ToUpperInvariant(line[0]) + line[1..];

    private static IEnumerable<(char Begins, IReadOnlyList<string> Lines)> Grouped(string[] lines)
    {
        var group = new List<string>();
        var kind = ' ';
        foreach (var line in lines)
        {
            var begins = line.StartsWith("## ", StringComparison.Ordinal) ? '#' : line.StartsWith("- ", StringComparison.Ordinal) ? '-' : ' ';
            if (group.Count > 0 && (begins != kind || begins == '#'))
            {
                yield return (kind, group);
                group = [];
            }

            kind = begins;
            group.Add(line);
        }

        if (group.Count > 0)
        {
            yield return (kind, group);
        }
    }
}

/// <summary>A notice as everybody reads it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Blocks">Its parts, in the reader's language.</param>
public sealed record NoticeView(NoticeKind Kind, IReadOnlyList<NoticeBlock> Blocks);

/// <summary>A notice, in the language of the reader.</summary>
internal sealed record ReadNotice(NoticeKind Kind) : IQuery<NoticeView>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db) : IHandler<ReadNotice, NoticeView>
    {
        public async Task<Outcome<NoticeView>> HandleAsync(ReadNotice query, CancellationToken cancellation)
        {
            var own = await db.FindAsync<PublicNotice>([query.Kind], cancellation);
            var text = own is null ? ShippedNotices.Of(query.Kind) : new Words(own.En, own.Fr);
            var culture = System.Globalization.CultureInfo.CurrentUICulture;
            return new NoticeView(query.Kind, NoticeMarkup.Read(text.For(culture), (await Organisation.OfAsync(db, cancellation))?.Details, culture));
        }
    }
}

/// <summary>A notice as it is edited.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">In both languages, with what stands in braces.</param>
/// <param name="Shipped">It is the shipped text.</param>
/// <param name="Missing">What of the organisation it names and nobody filled in.</param>
/// <param name="Version">For If-Match.</param>
public sealed record NoticeText(NoticeKind Kind, Words Text, bool Shipped, IReadOnlyList<Words> Missing, long Version) : IVersioned;

/// <summary>The text of a notice, to be edited.</summary>
internal sealed record GetNotice(NoticeKind Kind) : IQuery<NoticeText>, IRouted
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/notices/{kind}", (Word<NoticeKind> kind, ApiDoor door) => NoticePaths.OfWordAsync(kind, known => door.AskAsync(new GetNotice(known)))).WithTags("Settings").Produces<NoticeText>();

    internal sealed class Handler(DepartDb db) : IHandler<GetNotice, NoticeText>
    {
        public async Task<Outcome<NoticeText>> HandleAsync(GetNotice query, CancellationToken cancellation)
        {
            var own = await db.FindAsync<PublicNotice>([query.Kind], cancellation);
            var text = own is null ? ShippedNotices.Of(query.Kind) : new Words(own.En, own.Fr);
            return new NoticeText(query.Kind, text, own is null, NoticeMarkup.Missing(text, (await Organisation.OfAsync(db, cancellation))?.Details), own?.Version ?? 0);
        }
    }
}

/// <summary>Says a notice in the company's own words.</summary>
internal sealed record WriteNotice(NoticeKind Kind, string En, string Fr) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/notices/{kind}", (Word<NoticeKind> kind, Body body, ApiDoor door) => NoticePaths.OfWordAsync(kind, known => door.SendAsync(new WriteNotice(known, body.En ?? "", body.Fr ?? "")))).WithTags("Settings");

    public IEnumerable<Problem> Check()
    {
        foreach (var (field, label, text) in new[] { (nameof(Fr), NoticesText.InFrench, Fr), (nameof(En), NoticesText.InEnglish, En) })
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                yield return Problem.Required(field, label);
            }
            else if (text.Length > PublicNotice.TextLength)
            {
                yield return Problem.Invalid(field, "too-long", NoticesText.TooLong.With(label, PublicNotice.TextLength));
            }
        }
    }

    internal sealed record Body(string? En, string? Fr);

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<WriteNotice, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(WriteNotice command, CancellationToken cancellation)
        {
            var notice = await db.FindAsync<PublicNotice>([command.Kind], cancellation);
            if (request.Context.Version is { } read && read != (notice?.Version ?? 0))
            {
                return Problem.Stale;
            }

            if (notice is null)
            {
                db.Add(notice = new() { Kind = command.Kind });
            }

            notice.Say(command.En.Trim().ReplaceLineEndings("\n"), command.Fr.Trim().ReplaceLineEndings("\n"));
            journal.Record(NoticeFacts.Of("notice.written", command.Kind, notice));
            return Done.Value;
        }
    }
}

/// <summary>Goes back to the shipped text of a notice.</summary>
internal sealed record RestoreNotice(NoticeKind Kind) : ICommand<Done>, IRouted
{
    public static Access Access => WriteNotice.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/notices/{kind}", (Word<NoticeKind> kind, ApiDoor door) => NoticePaths.OfWordAsync(kind, known => door.SendAsync(new RestoreNotice(known)))).WithTags("Settings");

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<RestoreNotice, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RestoreNotice command, CancellationToken cancellation)
        {
            if (await db.FindAsync<PublicNotice>([command.Kind], cancellation) is { } notice)
            {
                db.Remove(notice);
                journal.Record(NoticeFacts.Of("notice.restored", command.Kind, null));
            }

            return Done.Value;
        }
    }
}

/// <summary>What the journal says of notices: which, and the digest of what was said.</summary>
internal static class NoticeFacts
{
    public static Fact Of(string kind, NoticeKind notice, PublicNotice? said) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["notice"] = notice.ToString(), ["fr"] = Digest(said?.Fr), ["en"] = Digest(said?.En) },
    };

    private static string? Digest(string? text) => text is null ? null : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
