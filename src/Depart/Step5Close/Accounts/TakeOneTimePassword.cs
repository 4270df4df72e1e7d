using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>The password that an undo made for one account, because the old one could not be given back.</summary>
/// <param name="System">Name of the system.</param>
/// <param name="Login">The account's login.</param>
/// <param name="Password">To be handed over by a safe way; most systems ask for a new one at the first sign-in.</param>
public sealed record OneTimePassword(string System, string Login, string Password);

/// <summary>Shows the one-time password of an account given back, and forgets it: the next one who asks is refused.</summary>
internal sealed record TakeOneTimePassword(DepartureId Departure, AccountId Account) : ICommand<OneTimePassword>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    /// <summary>An idempotency key counts for nothing here: its memory would keep the password.</summary>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/undo/{account}/password", async (DepartureId departure, AccountId account, Dispatcher dispatcher, HttpContext http) =>
        {
            var taken = await dispatcher.SendAsync(new TakeOneTimePassword(departure, account), Actor.From(http.User), http.RequestAborted);
            return taken.Ok ? (IResult)TypedResults.Ok(taken.Value) : ApiDoor.Failed(taken.Problem);
        }).WithTags("Disconnection").Produces<OneTimePassword>();

    /// <summary>The key under which it waits in memory.</summary>
    public static string Key(AccountId account) => $"one-time|{account}";

    internal sealed class Handler(DepartDb db, IJournal journal, Connections connections) : IHandler<TakeOneTimePassword, OneTimePassword>
    {
        public async Task<Outcome<OneTimePassword>> HandleAsync(TakeOneTimePassword command, CancellationToken cancellation)
        {
            var undone = await db.Set<DisconnectionAccount>().Where(account => account.Account == command.Account)
                .Join(db.Set<Disconnection>().Where(run => run.Departure == command.Departure && run.UndoneAt != null), account => account.Disconnection, run => run.Id, (_, run) => run.Id)
                .AnyAsync(cancellation);
            if (!undone || connections.Secrets.Find(Key(command.Account)) is not { } password)
            {
                return AccountsText.NoOneTimePassword;
            }

            var account = await db.Set<Account>().FirstAsync(account => account.Id == command.Account, cancellation);
            var system = await db.Set<TargetSystem>().FirstAsync(system => system.Id == account.System, cancellation);
            journal.Record(new(command.Departure.Value.ToString("N"), "one-time-password.shown")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["account"] = command.Account.Value, ["system"] = system.Id.Value },
            });
            db.OnceCommitted(() => connections.Secrets.Forget(Key(command.Account)));
            return new OneTimePassword(system.Name, account.Login, password);
        }
    }
}
