using System.Globalization;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Interfaces.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Mail;

/// <summary>The mail that shows that mail works.</summary>
/// <param name="Name">Who asked for it.</param>
/// <param name="Host">The server it went through.</param>
internal sealed record TestMail(string Name, string Host) : IMailContent<TestMail>
{
    public static string Template => "test";

    public static IReadOnlyList<TestMail> Samples => [new("Zoë Lefèvre-D’Angélo", "smtp.exemple.fr")];
}

/// <summary>What a test mail met.</summary>
/// <param name="Accepted">The server took it.</param>
/// <param name="To">Where it was to go.</param>
/// <param name="Said">What to think of it.</param>
/// <param name="Code">The server's reply code, or null.</param>
/// <param name="Answer">The server's own words, or null.</param>
public sealed record MailTestReport(bool Accepted, string To, Words Said, int? Code, string? Answer);

/// <summary>Sends one mail at once, to whoever asks or to an address that they name, and says what the server answered. It is not kept.</summary>
/// <remarks>A question: it changes nothing here, and must not hold the door while a server takes its time.</remarks>
internal sealed record SendTestMail(string? To = null) : IQuery<MailTestReport>, IRouted
{
    public static Access Access => ConfigureMail.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/mail/test", (Body body, ApiDoor door) => door.AskAsync(new SendTestMail(body.To))).WithTags("Mail").Produces<MailTestReport>();

    internal sealed record Body(string? To);

    internal sealed class Handler(DepartDb db, Actor actor, IDataProtectionProvider protection, IHouseName house, TimeProvider clock) : IHandler<SendTestMail, MailTestReport>
    {
        public async Task<Outcome<MailTestReport>> HandleAsync(SendTestMail query, CancellationToken cancellation)
        {
            if (actor.ReadOnly)
            {
                // It changes nothing here, but it writes to somebody.
                return Problem.ReadOnlyToken;
            }

            var id = UserId.From(actor.User ?? Guid.Empty);
            var user = await db.Set<User>().FirstOrDefaultAsync(known => known.Id == id, cancellation);
            if (query.To?.Trim() is not { Length: > 0 } to && (to = user?.Mail) is null)
            {
                return Problem.Invalid(nameof(To), "required", MailText.NoAddressOfYours);
            }

            if (!MailTo.IsAddress(to))
            {
                return Problem.Invalid(nameof(To), "address", MailText.AddressWrong.With(to));
            }

            if (await db.Set<MailServer>().SingleOrDefaultAsync(cancellation) is not { } server)
            {
                return Problem.Conflict("no-mail-server", MailText.NotConfigured);
            }

            var result = await SendAsync(server, to, user, cancellation);
            return new MailTestReport(
                result.End == SmtpEnd.Accepted, to, result.End == SmtpEnd.Accepted ? MailText.Took.With(to) : MailText.DidNotTake.With(result.Why), result.Code, result.Answer);
        }

        private async Task<SmtpResult> SendAsync(MailServer server, string to, User? user, CancellationToken cancellation)
        {
            var culture = user?.Language is { } language ? MailTo.CultureOf(language) : CultureInfo.CurrentUICulture;
            var about = new MailTo(to, user?.Name ?? actor.Name, culture);
            var rendered = await MailWriter.RenderAsync(TestMail.Template, about.Language, MailWriter.Values(new TestMail(about.Name, server.Host)), server.PublicAddress, await house.NameAsync(cancellation));
            var message = MailWriter.Message(
                server, new(to, about.Name, null), about.Language, rendered, $"test-{Guid.CreateVersion7():N}@{MailWriter.Domain(server.FromAddress)}", clock.GetUtcNow());
            try
            {
                await using var session = await SmtpSession.OpenAsync(server, server.Password(protection), clock, cancellation);
                return await session.SendAsync(message, () => Task.FromResult(true), cancellation);
            }
            catch (SmtpUnusable unusable)
            {
                return unusable.Result;
            }
        }
    }
}
