using Depart.Departures.Settings;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Renewals;

/// <summary>What an answer, or none, makes of the departure of a question. Scoped: works in the transaction of the command that is being handled.</summary>
internal sealed class RenewalDepartures(DepartDb db, DepartureOpening opening, TaskBook tasks, TemplateChoice templates, HouseRules house, DepartureWatches watches, IJournal journal, TimeProvider clock)
{
    /// <summary>The departure of a question that nobody answered: at the end date, which holds.</summary>
    public async Task<Departure> PrepareAsync(Renewal renewal, DateTimeOffset now, CancellationToken cancellation)
    {
        var usual = await house.GetAsync(cancellation);
        var departure = Departure.Open(
            renewal.Mission, renewal.Person, renewal.HoldsUntil, await house.ZoneAsync(cancellation), usual.CutTime, DepartureKind.Planned, DepartureReason.MissionEnd, now, renewal.End,
            calendar: await house.CalendarAsync(cancellation));
        departure.Prepare();
        return departure;
    }

    /// <summary>The mission ends: its departure is opened, or what was prepared becomes one with its tasks.</summary>
    public async Task<Problem?> EndAsync(Renewal renewal, DateOnly lastDay, CancellationToken cancellation)
    {
        var departure = await PreparedAsync(renewal, cancellation);
        if (departure is null)
        {
            // Opened by hand since the question was asked, or under an embargo that whoever answers knows of: to all others that one is not there, and they get their own.
            if (await db.Set<Departure>().AnyAsync(known => known.Mission == renewal.Mission && known.State != DepartureState.Closed && known.State != DepartureState.Cancelled, cancellation))
            {
                return DeparturesText.AlreadyOpen;
            }

            var opened = await PrepareAsync(renewal, clock.GetUtcNow(), cancellation);
            opened.Confirm();
            _ = opened.Reschedule(lastDay, opened.CutTime, opened.LocalZone, renewal.End);
            await opening.OpenAsync(opened, (await templates.OfAsync(opened, null, cancellation)).Value, cancellation);
            renewal.With(opened.Id);
            return null;
        }

        departure.Confirm();
        if (departure.IsAhead && departure.LastDay != lastDay)
        {
            if (departure.Reschedule(lastDay, departure.CutTime, departure.LocalZone, renewal.End) is { } problem)
            {
                return problem;
            }

            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            db.Enqueue(departure.Schedule());
        }

        if ((await templates.OfAsync(departure, null, cancellation)).Value is { } template)
        {
            await tasks.MakeAsync(departure, template, cancellation);
            TaskClock.Look(db, departure, clock.GetUtcNow());
        }

        await watches.KnownAsync([departure], cancellation);
        journal.Record(DepartureFacts.Of(departure, "departure.confirmed"));
        return null;
    }

    /// <summary>What was prepared is withdrawn: the mission goes on. A cut that was made stays made until somebody gives access back.</summary>
    public async Task WithdrawAsync(Renewal renewal, CancellationToken cancellation)
    {
        if (await PreparedAsync(renewal, cancellation) is { } departure && departure.Cancel() is null)
        {
            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            journal.Record(DepartureFacts.Of(departure, "departure.cancelled"));
        }
    }

    /// <summary>Moves what was prepared to the day that a bridge grants; nothing when it is not prepared yet.</summary>
    public async Task<Problem?> BridgeAsync(Renewal renewal, CancellationToken cancellation)
    {
        if (await PreparedAsync(renewal, cancellation) is not { } departure)
        {
            return null;
        }

        departure.Confirm();
        if (departure.Reschedule(renewal.HoldsUntil, departure.CutTime, departure.LocalZone, renewal.End) is { } problem)
        {
            return problem;
        }

        departure.Prepare();
        await ScheduledCut.WithdrawAsync(db, departure, cancellation);
        db.Enqueue(departure.Schedule());
        journal.Record(DepartureFacts.Of(departure, "departure.bridged"));
        return null;
    }

    private async Task<Departure?> PreparedAsync(Renewal renewal, CancellationToken cancellation) =>
        renewal.Departure is { } id && await db.FindAsync<Departure>([id], cancellation) is { Prepared: true } departure ? departure : null;
}
