using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Missions;

/// <summary>Holds a private address of a person who consented to it: when, how, and who recorded it. Never held otherwise.</summary>
internal sealed record HoldPrivateAddress(PersonId Person, string Mail, DateOnly ConsentedOn, string ConsentBy) : ICommand<Done>, IRouted, IChecked, IOnPerson
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/people/{person}/private-address", (PersonId person, Body body, ApiDoor door) =>
            door.SendAsync(new HoldPrivateAddress(person, body.Mail, body.ConsentedOn, body.ConsentBy))).WithTags("People");

    public IEnumerable<Problem> Check()
    {
        if (Texts.OrNull(Mail) is not { } mail)
        {
            yield return Problem.Required(nameof(Mail), MissionsText.PrivateMail);
        }
        else if (!MailAddress.LooksRight(mail))
        {
            yield return Problem.Invalid(nameof(Mail), "mail-malformed", MissionsText.MailMalformed.With(mail));
        }

        if (Texts.OrNull(ConsentBy) is not { } form)
        {
            yield return Problem.Required(nameof(ConsentBy), MissionsText.ConsentBy);
        }
        else if (form.Length > 200)
        {
            yield return Problem.Invalid(nameof(ConsentBy), "too-long", MissionsText.TooLong.With(MissionsText.ConsentBy, 200));
        }

        if (ConsentedOn == default)
        {
            yield return Problem.Required(nameof(ConsentedOn), MissionsText.ConsentedOn);
        }
    }

    /// <summary>The address and the consent; the consent cannot be left out.</summary>
    internal sealed record Body(string Mail, DateOnly ConsentedOn, string ConsentBy);

    internal sealed class Handler(DepartDb db, RequestSlot request, MissionWatches watches, IJournal journal, Actor actor, TimeProvider clock) : IHandler<HoldPrivateAddress, Done>
    {
        private static readonly Foundation.Words InTheFuture = new("Consent cannot be dated in the future.", "Le consentement ne peut pas être daté du futur.");

        public async Task<Outcome<Done>> HandleAsync(HoldPrivateAddress command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Person>([command.Person], cancellation) is not { } person)
            {
                return Problem.NotFound(MissionsText.Person);
            }

            if (!person.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            // A day later than anywhere on earth is not a matter of time zones.
            if (command.ConsentedOn > DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(14)))
            {
                return Problem.Invalid(nameof(ConsentedOn), "in-the-future", InTheFuture);
            }

            var before = person.PrivateMail;
            person.HoldPrivateMail(command.Mail, command.ConsentedOn, command.ConsentBy, actor.Name);
            await (before == person.PrivateMail ? Task.CompletedTask : watches.TellAddressAsync(person, cancellation));
            journal.Record(new(Fact.House, "person.private-address-held")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["person"] = person.Id.Value, ["consentedOn"] = command.ConsentedOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["mail"] = person.PrivateMail, ["consentBy"] = person.PrivateMailConsentBy },
            });
            return Done.Value;
        }
    }
}

/// <summary>Forgets the private address: consent was withdrawn, or there is no more use for it.</summary>
internal sealed record ForgetPrivateAddress(PersonId Person) : ICommand<Done>, IRouted, IOnPerson
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/people/{person}/private-address", (PersonId person, ApiDoor door) => door.SendAsync(new ForgetPrivateAddress(person))).WithTags("People");

    internal sealed class Handler(DepartDb db, MissionWatches watches, IJournal journal) : IHandler<ForgetPrivateAddress, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ForgetPrivateAddress command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Person>([command.Person], cancellation) is not { } person)
            {
                return Problem.NotFound(MissionsText.Person);
            }

            if (person.PrivateMail is null)
            {
                return Done.Value;
            }

            person.ForgetPrivateMail();
            await watches.TellAddressAsync(person, cancellation);
            journal.Record(new(Fact.House, "person.private-address-forgotten")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["person"] = person.Id.Value },
            });
            return Done.Value;
        }
    }
}
