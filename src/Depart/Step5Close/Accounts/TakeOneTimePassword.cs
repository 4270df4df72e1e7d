using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Shows the one-time password that an account got when its access was given back, once. It lives in memory for a quarter of an hour and is written
/// nowhere; the journal says who saw one, never which.
/// </summary>
internal sealed record TakeOneTimePassword(DepartureId Departure, AccountId Account) : ICommand<OneTimePassword>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    /// <summary>Without an idempotency key: its memory would keep the password.</summary>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/undo/{account}/password", async (DepartureId departure, AccountId account, Dispatcher dispatcher, HttpContext http) =>
        {
            var taken = await dispatcher.SendAsync(new TakeOneTimePassword(departure, account), Actor.From(http.User, Via.Api), http.RequestAborted);
            return taken.Ok ? (IResult)TypedResults.Ok(taken.Value) : ApiDoor.Failed(taken.Problem);
        }).WithTags("Disconnection").Produces<OneTimePassword>();

    internal sealed class Handler(DepartDb db, Connections connections, IJournal journal) : IHandler<TakeOneTimePassword, OneTimePassword>
    {
        private static readonly Problem Gone = Problem.Conflict("password-gone", new(
            "This one-time password was shown already, or is too old. Set another one on the system itself.",
            "Ce mot de passe à usage unique a déjà été montré, ou il est trop ancien. Définissez-en un autre sur le système lui-même."));

        public async Task<Outcome<OneTimePassword>> HandleAsync(TakeOneTimePassword command, CancellationToken cancellation)
        {
            var departure = await db.FindAsync<Departure>([command.Departure], cancellation);
            var account = await db.Set<Account>().FirstOrDefaultAsync(row => row.Id == command.Account, cancellation);
            if (departure is null || account is null || account.Person != departure.Person)
            {
                return Problem.NotFound(AccountsText.Account);
            }

            if (connections.Secrets.Take(OneTimePasswords.Key(account.Id)) is not { } password)
            {
                return Gone;
            }

            journal.Record(new(departure.Chain, "account.password-shown")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["account"] = account.Id.Value, ["system"] = account.System.Value },
            });
            return new OneTimePassword(account.Login, password);
        }
    }
}

/// <summary>A password to change at the first sign-in.</summary>
public sealed record OneTimePassword(string Login, string Password);

/// <summary>How the memory of secrets names them.</summary>
internal static class OneTimePasswords
{
    /// <summary>The key of an account's.</summary>
    public static string Key(AccountId account) => $"one-time|{account}";
}
