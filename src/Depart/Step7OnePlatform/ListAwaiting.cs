using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform;

/// <summary>Departures whose disconnection goes on while one of its steps waits for a person.</summary>
/// <param name="Count">How many there are, counted up to <see cref="CountDepartures.AtMost"/>; one more means more.</param>
/// <param name="First">The first of them by the instant of their cut.</param>
public sealed record AwaitingDepartures(int Count, IReadOnlyList<DepartureRow> First);

/// <summary>Disconnections under way that somebody must look at: all of them are counted, the first are shown.</summary>
internal sealed record ListAwaiting(int Size = 10) : IQuery<AwaitingDepartures>
{
    public static Access Access => ListDepartures.Access;

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<ListAwaiting, AwaitingDepartures>
    {
        public async Task<Outcome<AwaitingDepartures>> HandleAsync(ListAwaiting query, CancellationToken cancellation)
        {
            // From the few that are being disconnected, down to the steps of each.
            var awaiting = DepartureRows.SeenBy(db, actor)
                .Where(departure => departure.State == DepartureState.Disconnecting && db.Set<Disconnection>().Any(run =>
                    run.Departure == departure.Id && run.State == DisconnectionState.Running && db.Set<Revocation>().Any(step =>
                        step.Disconnection == run.Id && (step.State == RevocationState.Failed || step.State == RevocationState.ToDoByHand))))
                .OrderBy(departure => departure.CutAt).ThenBy(departure => departure.Id);
            var first = await DepartureRows.Of(db, awaiting.Take(query.Size)).ToListAsync(cancellation);
            var count = first.Count < query.Size ? first.Count : await awaiting.Take(CountDepartures.AtMost + 1).CountAsync(cancellation);
            return new AwaitingDepartures(count, first);
        }
    }
}
