using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Step7OnePlatform.Brand;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.PublicNotices;

/// <summary>Who runs this Depart, as public notices and the leaver's own page say it. One row, or none.</summary>
internal sealed class Organisation : Versioned
{
    /// <summary>Longest name.</summary>
    public const int NameLength = 200;

    /// <summary>Longest address or text of several lines.</summary>
    public const int TextLength = 1000;

    /// <summary>There is one.</summary>
    public int Id { get; private init; } = 1;

    /// <summary>Its name.</summary>
    public string Company { get; private set; } = "";

    /// <summary>Postal address and numbers, in lines.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Who answers for public notices and helps leavers: a service or a name.</summary>
    public string ContactName { get; private set; } = "";

    /// <summary>Where to write to them.</summary>
    public string ContactMail { get; private set; } = "";

    /// <summary>Who answers for what is published.</summary>
    public string Publisher { get; private set; } = "";

    /// <summary>Who hosts the server, with an address.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Its accent, as <c>#4139c9</c>, or null: the shipped one.</summary>
    public string? Accent { get; private set; }

    /// <summary>SHA-256 of its logo, or null without one; the bytes lie apart (<see cref="OrganisationLogo"/>).</summary>
    public string? LogoHash { get; private set; }

    /// <summary>Media type of its logo, by what it holds.</summary>
    public string? LogoType { get; private set; }

    public OrganisationDetails Details => new(Company, Address, ContactName, ContactMail, Publisher, Host);

    public void Describe(OrganisationDetails details)
    {
        var clean = details.Clean();
        (Company, Address, ContactName, ContactMail, Publisher, Host) = (clean.Company, clean.Address, clean.ContactName, clean.ContactMail, clean.Publisher, clean.Host);
        Touch();
    }

    /// <summary>Takes an accent that can be read, or goes back to the shipped one.</summary>
    public void Colour(string? accent)
    {
        Accent = accent;
        Touch();
    }

    /// <summary>Says which logo it shows, or none.</summary>
    public void Show(string? logoHash, string? logoType)
    {
        (LogoHash, LogoType) = (logoHash, logoType);
        Touch();
    }

    /// <summary>As it stands, to be changed; a new one is added.</summary>
    public static async Task<Organisation> ToChangeAsync(DepartDb db, CancellationToken cancellation)
    {
        var organisation = await OfAsync(db, cancellation);
        if (organisation is null)
        {
            db.Add(organisation = new());
        }

        return organisation;
    }

    /// <summary>As it stands, or null: nobody said.</summary>
    public static Task<Organisation?> OfAsync(DepartDb db, CancellationToken cancellation) => db.Set<Organisation>().SingleOrDefaultAsync(cancellation);

    internal sealed class Mapping : IEntityTypeConfiguration<Organisation>
    {
        public void Configure(EntityTypeBuilder<Organisation> builder)
        {
            builder.ToTable("organisation");
            builder.HasKey(organisation => organisation.Id);
            builder.Property(organisation => organisation.Id).ValueGeneratedNever();
            builder.Property(organisation => organisation.Company).HasMaxLength(NameLength);
            builder.Property(organisation => organisation.Address).HasMaxLength(TextLength);
            builder.Property(organisation => organisation.ContactName).HasMaxLength(NameLength);
            builder.Property(organisation => organisation.ContactMail).HasMaxLength(MailTo.LongestAddress);
            builder.Property(organisation => organisation.Publisher).HasMaxLength(NameLength);
            builder.Property(organisation => organisation.Host).HasMaxLength(TextLength);
            builder.Property(organisation => organisation.Accent).HasMaxLength(7);
            builder.Property(organisation => organisation.LogoHash).HasMaxLength(64);
            builder.Property(organisation => organisation.LogoType).HasMaxLength(20);
            builder.Ignore(organisation => organisation.Details);
            MapVersion(builder);
        }
    }
}

/// <summary>Who runs this Depart. What is empty is said in general words.</summary>
/// <param name="Company">Its name.</param>
/// <param name="Address">Postal address and numbers, in lines.</param>
/// <param name="ContactName">Who answers: a service or a name.</param>
/// <param name="ContactMail">Where to write to them.</param>
/// <param name="Publisher">Who answers for what is published.</param>
/// <param name="Host">Who hosts the server, with an address.</param>
public sealed record OrganisationDetails(string Company, string Address, string ContactName, string ContactMail, string Publisher, string Host)
{
    /// <summary>Without spaces around.</summary>
    public OrganisationDetails Clean() => new(Of(Company), Of(Address), Of(ContactName), Of(ContactMail).ToLowerInvariant(), Of(Publisher), Of(Host));

    private static string Of(string? text) => text?.Trim().ReplaceLineEndings("\n") ?? "";
}

/// <summary>Who runs this Depart, in the version that was read.</summary>
/// <param name="Details">Name, contact and what notices say.</param>
/// <param name="Version">For If-Match.</param>
/// <param name="Accent">Its accent, as <c>#4139c9</c>, or null: the shipped one.</param>
/// <param name="Logo">Where its logo is, or null without one.</param>
public sealed record OrganisationView(OrganisationDetails Details, long Version, string? Accent = null, string? Logo = null) : IVersioned;

/// <summary>Who runs this Depart.</summary>
internal sealed record GetOrganisation : IQuery<OrganisationView>, IRouted
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/organisation", (ApiDoor door) => door.AskAsync(new GetOrganisation())).WithTags("Settings").Produces<OrganisationView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetOrganisation, OrganisationView>
    {
        public async Task<Outcome<OrganisationView>> HandleAsync(GetOrganisation query, CancellationToken cancellation)
        {
            var organisation = await Organisation.OfAsync(db, cancellation) ?? new();
            return new OrganisationView(organisation.Details, organisation.Version, organisation.Accent, organisation.LogoHash is { } hash ? BrandPaths.Logo(hash) : null);
        }
    }
}

/// <summary>Says who runs this Depart; public notices show it at once.</summary>
internal sealed record DescribeOrganisation(OrganisationDetails Details) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/organisation", (OrganisationDetails details, ApiDoor door) => door.SendAsync(new DescribeOrganisation(details))).WithTags("Settings");

    public IEnumerable<Problem> Check()
    {
        var clean = Details.Clean();
        foreach (var (field, label, text, most) in new[]
        {
            (nameof(Details.Company), NoticesText.Company, clean.Company, Organisation.NameLength), (nameof(Details.Address), NoticesText.Address, clean.Address, Organisation.TextLength),
            (nameof(Details.ContactName), NoticesText.ContactName, clean.ContactName, Organisation.NameLength), (nameof(Details.Publisher), NoticesText.Publisher, clean.Publisher, Organisation.NameLength),
            (nameof(Details.Host), NoticesText.Host, clean.Host, Organisation.TextLength),
        })
        {
            if (text.Length > most)
            {
                yield return Problem.Invalid(field, "too-long", NoticesText.TooLong.With(label, most));
            }
        }

        if (clean.ContactMail.Length > 0 && !MailTo.IsAddress(clean.ContactMail))
        {
            yield return Problem.Invalid(nameof(Details.ContactMail), "mail-malformed", NoticesText.MailWrong.With(clean.ContactMail));
        }
    }

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal, HouseBrand brand) : IHandler<DescribeOrganisation, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(DescribeOrganisation command, CancellationToken cancellation)
        {
            var organisation = await Organisation.OfAsync(db, cancellation);
            if (organisation is null)
            {
                db.Add(organisation = new());
            }
            else if (!organisation.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var before = organisation.Details;
            if (before == command.Details.Clean())
            {
                return Done.Value;
            }

            organisation.Describe(command.Details);
            db.OnceCommitted(brand.Forget);
            journal.Record(Departures.Settings.SettingsFacts.Changed("organisation.changed", Of(before), Of(organisation.Details)));
            return Done.Value;
        }

        private static Dictionary<string, string> Of(OrganisationDetails details) => new(StringComparer.Ordinal)
        {
            ["company"] = details.Company, ["address"] = details.Address, ["contactName"] = details.ContactName, ["contactMail"] = details.ContactMail, ["publisher"] = details.Publisher, ["host"] = details.Host,
        };
    }
}
