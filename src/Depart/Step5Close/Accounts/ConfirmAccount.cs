using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Says whose an account is. It is then cut with that person, and no read changes it any more.</summary>
internal sealed record ConfirmAccount(AccountId Account, PersonId Person) : ICommand<Done>, IRouted, IOnPerson
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/{account}/confirm", (AccountId account, Body body, ApiDoor door) =>
            door.SendAsync(new ConfirmAccount(account, body.Person))).WithTags("Accounts");

    internal sealed record Body(PersonId Person);

    internal sealed class Handler(DepartDb db, AccountDesk desk) : IHandler<ConfirmAccount, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ConfirmAccount command, CancellationToken cancellation)
        {
            var found = await desk.FindAsync(command.Account, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            if (!await db.Set<Person>().AnyAsync(person => person.Id == command.Person, cancellation))
            {
                return Problem.NotFound(AccountsText.Person);
            }

            found.Value.Confirm(command.Person);
            await desk.ForgetCandidatesAsync(command.Account, command.Person, cancellation);
            desk.Record(found.Value, "account.confirmed", new() { ["person"] = command.Person.Value });
            return Done.Value;
        }
    }
}

/// <summary>Says that an account is not somebody's: they are never proposed for it again.</summary>
internal sealed record RefuseAccount(AccountId Account, PersonId Person) : ICommand<Done>, IRouted, IOnPerson
{
    public static Access Access => ConfirmAccount.Access;

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/{account}/refuse", (AccountId account, ConfirmAccount.Body body, ApiDoor door) =>
            door.SendAsync(new RefuseAccount(account, body.Person))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db, AccountDesk desk) : IHandler<RefuseAccount, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RefuseAccount command, CancellationToken cancellation)
        {
            var found = await desk.FindAsync(command.Account, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            if (!await db.Set<Person>().AnyAsync(person => person.Id == command.Person, cancellation))
            {
                return Problem.NotFound(AccountsText.Person);
            }

            var account = found.Value;
            var candidates = await db.Set<AccountCandidate>().Where(candidate => candidate.Account == account.Id).ToListAsync(cancellation);
            if (candidates.Find(candidate => candidate.Person == command.Person) is { } known)
            {
                known.Refused = true;
            }
            else
            {
                db.Add(new AccountCandidate { Account = account.Id, Person = command.Person, Match = account.Match, Refused = true });
            }

            // One candidate left is still only a candidate: the signs were not enough before, and a refusal is no sign for someone else.
            var left = candidates.Where(candidate => !candidate.Refused && candidate.Person != command.Person).ToList();
            if (account.Person == command.Person || account.Match is MatchKind.Name or MatchKind.Several)
            {
                account.Doubt([.. left.Select(candidate => candidate.Person)]);
            }

            desk.Record(account, "account.refused", new() { ["person"] = command.Person.Value });
            return Done.Value;
        }
    }
}

/// <summary>Says that an account is a service account, and who answers for it: it is passed on at their departure, never cut as theirs.</summary>
internal sealed record DeclareServiceAccount(AccountId Account, PersonId Responsible) : ICommand<Done>, IRouted, IOnPerson
{
    public static Access Access => ConfirmAccount.Access;

    public Guid PersonKey => Responsible.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/{account}/service", (AccountId account, Body body, ApiDoor door) =>
            door.SendAsync(new DeclareServiceAccount(account, body.Responsible))).WithTags("Accounts");

    internal sealed record Body(PersonId Responsible);

    internal sealed class Handler(DepartDb db, AccountDesk desk) : IHandler<DeclareServiceAccount, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(DeclareServiceAccount command, CancellationToken cancellation)
        {
            var found = await desk.FindAsync(command.Account, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            if (!await db.Set<Person>().AnyAsync(person => person.Id == command.Responsible, cancellation))
            {
                return Problem.NotFound(AccountsText.Responsible);
            }

            found.Value.DeclareService(command.Responsible);
            await desk.ForgetCandidatesAsync(command.Account, null, cancellation);
            desk.Record(found.Value, "account.service-declared", new() { ["responsible"] = command.Responsible.Value });
            return Done.Value;
        }
    }
}

/// <summary>Leaves an account aside, with a reason. Refused for one that is surely somebody's: that one is cut with them.</summary>
internal sealed record IgnoreAccount(AccountId Account, string Reason) : ICommand<Done>, IRouted, IChecked
{
    private static readonly Words IsSomebodys = new(
        "{0} is somebody’s account and is closed when they leave: say first that it is not theirs.",
        "{0} est le compte de quelqu’un et se ferme à son départ : indiquez d’abord qu’il n’est pas à cette personne.");

    public static Access Access => ConfirmAccount.Access;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/accounts/{account}/ignore", (AccountId account, Body body, ApiDoor door) =>
            door.SendAsync(new IgnoreAccount(account, body.Reason))).WithTags("Accounts");
        api.MapPost("/accounts/{account}/regard", (AccountId account, ApiDoor door) => door.SendAsync(new RegardAccount(account))).WithTags("Accounts");
    }

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Reason))
        {
            yield return Problem.Required(nameof(Reason), AccountsText.Reason);
        }
    }

    internal sealed record Body(string Reason);

    internal sealed class Handler(AccountDesk desk) : IHandler<IgnoreAccount, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(IgnoreAccount command, CancellationToken cancellation)
        {
            var found = await desk.FindAsync(command.Account, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            if (found.Value.IsSure)
            {
                return Problem.Conflict("somebodys", IsSomebodys.With(found.Value.Login));
            }

            found.Value.Ignore(command.Reason.Trim());
            desk.Record(found.Value, "account.ignored", [], command.Reason.Trim());
            return Done.Value;
        }
    }
}

/// <summary>No longer leaves an account aside.</summary>
internal sealed record RegardAccount(AccountId Account) : ICommand<Done>
{
    public static Access Access => ConfirmAccount.Access;

    internal sealed class Handler(AccountDesk desk) : IHandler<RegardAccount, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RegardAccount command, CancellationToken cancellation)
        {
            var found = await desk.FindAsync(command.Account, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            if (found.Value.Ignored)
            {
                found.Value.Regard();
                desk.Record(found.Value, "account.regarded", []);
            }

            return Done.Value;
        }
    }
}

/// <summary>Records an account by hand on a system that Depart cannot read (REC3).</summary>
internal sealed record AddAccount(
    SystemId System, string Login, PersonId? Person = null, string? DisplayName = null, string? Mail = null, bool Privileged = false, string? Note = null)
    : ICommand<AccountId>, IRouted, IChecked
{
    private static readonly Words CanBeRead = new(
        "{0} can be read: run a discovery, and say whose the account is.", "{0} peut être lu : lancez une découverte, puis indiquez à qui est le compte.");

    private static readonly Words Known = new("{0} already has an account {1}.", "{0} a déjà un compte {1}.");

    public static Access Access => ConfirmAccount.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts", (AddAccount command, ApiDoor door) => door.SendAsync(command)).WithTags("Accounts");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Login))
        {
            yield return Problem.Required(nameof(Login), AccountsText.Login);
        }
    }

    internal sealed class Handler(
        DepartDb db, Connections connections, AccountDesk desk, Actor actor, IDepartureBinding binding, TimeProvider clock) : IHandler<AddAccount, AccountId>
    {
        public async Task<Outcome<AccountId>> HandleAsync(AddAccount command, CancellationToken cancellation)
        {
            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(known => known.Id == command.System && known.RemovedAt == null, cancellation) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            if (!connections.IsByHand(system))
            {
                return Problem.Conflict("can-be-read", CanBeRead.With(system.Name));
            }

            var login = command.Login.Trim();
            if (await db.Set<Account>().AnyAsync(account => account.System == system.Id && account.ExternalId == login, cancellation))
            {
                return Problem.Invalid(nameof(Login), "login-taken", Known.With(system.Name, login));
            }

            if (command.Person is { } person)
            {
                if (!await db.Set<Person>().AnyAsync(known => known.Id == person, cancellation))
                {
                    return Problem.NotFound(AccountsText.Person);
                }

                if (await Separation.RefusalAsync(actor, person.Value, binding, cancellation) is { } refusal)
                {
                    return refusal;
                }
            }

            var account = new Account { System = system.Id, ExternalId = login, Login = login, ByHand = true };
            account.Recorded(command.DisplayName?.Trim(), command.Mail?.Trim(), command.Privileged, command.Note?.Trim(), clock.GetUtcNow());
            if (command.Person is { } owner)
            {
                account.Confirm(owner);
            }

            db.Add(account);
            desk.Record(account, "account.added", new() { ["person"] = command.Person?.Value });
            return account.Id;
        }
    }
}

/// <summary>What every command on one account does: finds it in the version that was read, forgets candidates, records.</summary>
internal sealed class AccountDesk(DepartDb db, RequestSlot request, IJournal journal, Actor actor, IDepartureBinding binding)
{
    /// <summary>The account, in the version that was read. Nobody decides about an account that is, or may be, their own.</summary>
    public async Task<Outcome<Account>> FindAsync(AccountId id, CancellationToken cancellation)
    {
        if (await AccountQuery.Connected(db).FirstOrDefaultAsync(known => known.Id == id, cancellation) is not { } account)
        {
            return Problem.NotFound(AccountsText.Account);
        }

        var concerned = await db.Set<AccountCandidate>().Where(candidate => candidate.Account == id && !candidate.Refused).Select(candidate => candidate.Person).ToListAsync(cancellation);
        foreach (var person in concerned.Concat(new[] { account.Person, account.Responsible }.OfType<PersonId>()).Distinct())
        {
            if (await Separation.RefusalAsync(actor, person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }
        }

        return account.IsAt(request.Context.Version) ? account : Problem.Stale;
    }

    /// <summary>Nobody is proposed any more; refusals stay, but for the one person given.</summary>
    public async Task ForgetCandidatesAsync(AccountId id, PersonId? evenRefused, CancellationToken cancellation) => db.RemoveRange(
        await db.Set<AccountCandidate>().Where(candidate => candidate.Account == id && (!candidate.Refused || candidate.Person == evenRefused)).ToListAsync(cancellation));

    /// <summary>A fact on one account; its login is a personal value.</summary>
    public void Record(Account account, string kind, Dictionary<string, object?> values, string? reason = null) => journal.Record(new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(values, StringComparer.Ordinal) { ["account"] = account.Id.Value, ["system"] = account.System.Value },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["login"] = account.Login, ["reason"] = reason },
    });
}
