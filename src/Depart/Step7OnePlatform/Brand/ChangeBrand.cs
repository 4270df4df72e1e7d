using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Step7OnePlatform.PublicNotices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>The bytes of the logo, apart: pages read only which it is. One row, or none.</summary>
internal sealed class OrganisationLogo
{
    /// <summary>There is one.</summary>
    public int Id { get; private init; } = 1;

    public required byte[] Bytes { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OrganisationLogo>
    {
        public void Configure(EntityTypeBuilder<OrganisationLogo> builder)
        {
            builder.ToTable("organisation_logo");
            builder.HasKey(logo => logo.Id);
            builder.Property(logo => logo.Id).ValueGeneratedNever();
        }
    }
}

/// <summary>Chooses the accent of every page; without a colour the shipped one stands again.</summary>
/// <remarks>Refused where it could not be read (WCAG 2.2 AA) or looks like the red of what cuts; the refusal names the nearest colour that is taken.</remarks>
internal sealed record ChooseAccent(string? Colour) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => DescribeOrganisation.Access;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/organisation/accent", (Body body, ApiDoor door) => door.SendAsync(new ChooseAccent(body.Colour))).WithTags("Settings");
        api.MapDelete("/organisation/accent", (ApiDoor door) => door.SendAsync(new ChooseAccent((string?)null))).WithTags("Settings");
    }

    internal sealed record Body(string? Colour);

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Colour))
        {
            yield break;
        }

        if (Brand.Colour.Read(Colour) is not { } accent)
        {
            yield return Problem.Invalid(nameof(Colour), "colour-malformed", BrandText.ColourMalformed.With(Colour));
        }
        else if (AccentPalette.FlawOf(accent) is { } flaw)
        {
            yield return Problem.Invalid(
                nameof(Colour), flaw == AccentFlaw.HardToRead ? "colour-contrast" : "colour-of-danger",
                (flaw == AccentFlaw.HardToRead ? BrandText.HardToRead : BrandText.LooksLikeDanger).With(accent, AccentPalette.Nearest(accent)));
        }
    }

    internal sealed class Handler(DepartDb db, IJournal journal, HouseBrand brand) : IHandler<ChooseAccent, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChooseAccent command, CancellationToken cancellation)
        {
            var organisation = await Organisation.ToChangeAsync(db, cancellation);
            var (before, after) = (organisation.Accent, Brand.Colour.Read(command.Colour)?.ToString());
            if (before == after)
            {
                return Done.Value;
            }

            organisation.Colour(after);
            db.OnceCommitted(brand.Forget);
            journal.Record(SettingsFacts.Changed("organisation.accent-chosen", BrandFactsOf("accent", before), BrandFactsOf("accent", after)));
            return Done.Value;
        }
    }

    internal static Dictionary<string, string> BrandFactsOf(string name, string? value) => new(StringComparer.Ordinal) { [name] = value ?? "" };
}

/// <summary>Shows a logo on every page: PNG, JPEG or WebP by what it holds, 128 kB and 2,000 pixels a side at most.</summary>
internal sealed record ShowLogo(byte[] Content) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => DescribeOrganisation.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/organisation/logo", async (HttpContext http, ApiDoor door) =>
        {
            var content = await LogoUpload.ReadAsync(http);
            return content.Ok ? await door.SendAsync(new ShowLogo(content.Value)) : ApiDoor.Failed(content.Problem);
        }).WithTags("Settings").Accepts<IFormFile>("multipart/form-data").DisableAntiforgery();

    public IEnumerable<Problem> Check()
    {
        if (Content.Length > LogoFile.MostBytes)
        {
            yield return Problem.Invalid("logo", "logo-too-large", BrandText.LogoTooLarge);
        }
        else if (LogoFile.Of(Content) is not { Width: > 0, Height: > 0 } logo)
        {
            yield return Problem.Invalid("logo", "logo-kind", BrandText.LogoKind);
        }
        else if (Math.Max(logo.Width, logo.Height) > LogoFile.MostPixels)
        {
            yield return Problem.Invalid("logo", "logo-size", BrandText.LogoSize.With(logo.Width, logo.Height, LogoFile.MostPixels));
        }
    }

    internal sealed class Handler(DepartDb db, IJournal journal, HouseBrand brand) : IHandler<ShowLogo, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ShowLogo command, CancellationToken cancellation)
        {
            var organisation = await Organisation.ToChangeAsync(db, cancellation);
            var (before, after) = (organisation.LogoHash, LogoFile.HashOf(command.Content));
            if (before == after)
            {
                return Done.Value;
            }

            if (await db.Set<OrganisationLogo>().SingleOrDefaultAsync(cancellation) is { } kept)
            {
                kept.Bytes = command.Content;
            }
            else
            {
                db.Add(new OrganisationLogo { Bytes = command.Content });
            }

            organisation.Show(after, LogoFile.Of(command.Content)!.Type);
            db.OnceCommitted(brand.Forget);
            journal.Record(SettingsFacts.Changed("organisation.logo-shown", ChooseAccent.BrandFactsOf("hash", before), ChooseAccent.BrandFactsOf("hash", after)));
            return Done.Value;
        }
    }
}

/// <summary>Takes the logo away, bytes and all.</summary>
internal sealed record RemoveLogo : ICommand<Done>, IRouted
{
    public static Access Access => DescribeOrganisation.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/organisation/logo", (ApiDoor door) => door.SendAsync(new RemoveLogo())).WithTags("Settings");

    internal sealed class Handler(DepartDb db, IJournal journal, HouseBrand brand) : IHandler<RemoveLogo, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveLogo command, CancellationToken cancellation)
        {
            if (await Organisation.OfAsync(db, cancellation) is not { LogoHash: { } before } organisation)
            {
                return Done.Value;
            }

            db.RemoveRange(await db.Set<OrganisationLogo>().ToListAsync(cancellation));
            organisation.Show(null, null);
            db.OnceCommitted(brand.Forget);
            journal.Record(SettingsFacts.Changed("organisation.logo-removed", ChooseAccent.BrandFactsOf("hash", before), ChooseAccent.BrandFactsOf("hash", null)));
            return Done.Value;
        }
    }
}

/// <summary>Reads the picture that is sent: in memory, and no more than may be kept.</summary>
internal static class LogoUpload
{
    private const int MostOfForm = LogoFile.MostBytes + (64 * 1024);

    /// <summary>The part named <c>file</c> of a request to the API.</summary>
    public static async Task<Outcome<byte[]>> ReadAsync(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType && await OfAsync(
                await http.Request.ReadFormAsync(new FormOptions { MemoryBufferThreshold = MostOfForm, MultipartBodyLengthLimit = MostOfForm }, http.RequestAborted), "file", http.RequestAborted) is { } content
                ? content : Problem.Required("file", BrandText.Logo);
        }
        catch (Exception error) when (error is BadHttpRequestException or InvalidDataException)
        {
            return Problem.Invalid("file", "logo-too-large", BrandText.LogoTooLarge);
        }
    }

    /// <summary>The picture of a form, or null when none was chosen; of one that is too large only the beginning, which is refused as too large.</summary>
    public static async Task<byte[]?> OfAsync(IFormCollection form, string name, CancellationToken cancellation)
    {
        if (form.Files[name] is not { FileName.Length: > 0 } file)
        {
            return null;
        }

        await using var content = file.OpenReadStream();
        var bytes = new byte[Math.Min(file.Length, LogoFile.MostBytes + 1)];
        await content.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
