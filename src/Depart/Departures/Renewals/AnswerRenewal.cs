using System.Globalization;
using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;

namespace Depart.Departures.Renewals;

/// <summary>What somebody says of a coming end.</summary>
public enum RenewalAnswer
{
    /// <summary>The mission goes on, under an order.</summary>
    Renewed,

    /// <summary>It ends.</summary>
    Ends,

    /// <summary>Not known yet.</summary>
    NotKnown,
}

/// <summary>Answers whether a mission is renewed (DEP8). <em>Renewed</em> needs the new end and the order; <em>ends</em> opens the departure, at the end date or before it.</summary>
/// <remarks>The mission's manager and procurement (role <c>hr</c>) answer; <em>not known</em> may be answered again. Nobody answers for themself, nor for somebody of the same supplier.</remarks>
internal sealed record AnswerRenewal(RenewalId Renewal, RenewalAnswer Answer, DateOnly? NewEnd = null, string? OrderReference = null, DateOnly? LastDay = null) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.Admin);

    internal sealed record Body(RenewalAnswer Answer, DateOnly? NewEnd = null, string? OrderReference = null, DateOnly? LastDay = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/renewals/{renewal}/answer", (RenewalId renewal, Body body, ApiDoor door) =>
            door.SendAsync(new AnswerRenewal(renewal, body.Answer, body.NewEnd, body.OrderReference, body.LastDay))).WithTags("Renewals");

    public IEnumerable<Problem> Check()
    {
        if (Answer == RenewalAnswer.Renewed && NewEnd is null)
        {
            yield return Problem.Required(nameof(NewEnd), RenewalsText.NewEnd);
        }

        if (Answer == RenewalAnswer.Renewed && Texts.OrNull(OrderReference) is null)
        {
            yield return Problem.Required(nameof(OrderReference), MissionsText.OrderReference);
        }

        if (OrderReference?.Trim().Length > Mission.TextLength)
        {
            yield return Problem.Invalid(nameof(OrderReference), "too-long", MissionsText.TooLong.With(MissionsText.OrderReference, Mission.TextLength));
        }

        if (NewEnd is { } end && DeparturesText.OutOfRange(nameof(NewEnd), RenewalsText.NewEnd, end) is { } impossible)
        {
            yield return impossible;
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, RenewalDepartures departures, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<AnswerRenewal, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(AnswerRenewal command, CancellationToken cancellation)
        {
            var (renewal, mission, refusal) = await RenewalDesk.TakeAsync(db, actor, binding, command.Renewal, [Role.Hr, Role.Admin], cancellation);
            if (refusal is not null || renewal is null || mission is null)
            {
                return refusal ?? Problem.NotFound(RenewalsText.Question);
            }

            if (!renewal.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (!renewal.IsOpen || mission.End != renewal.End)
            {
                return RenewalsText.Settled;
            }

            var (now, before) = (clock.GetUtcNow(), mission.Details);
            switch (command.Answer)
            {
                case RenewalAnswer.Renewed:
                    if (command.NewEnd <= renewal.End)
                    {
                        return Problem.Invalid(nameof(NewEnd), "not-later", RenewalsText.NotLater.With(FieldChange.Day(renewal.End)));
                    }

                    mission.Change(before with { End = command.NewEnd, OrderReference = command.OrderReference });
                    journal.Record(RecordFacts.Changed(mission, [.. mission.Details.Since(before, _ => null, _ => null)]));
                    renewal.Answer(RenewalState.Renewed, actor.User, now, command.NewEnd);
                    await departures.WithdrawAsync(renewal, cancellation);
                    break;
                case RenewalAnswer.Ends:
                    var last = command.LastDay ?? renewal.HoldsUntil;
                    if (last > renewal.HoldsUntil)
                    {
                        return Problem.Invalid(nameof(LastDay), "after-end", RenewalsText.AfterEnd.With(FieldChange.Day(renewal.HoldsUntil)));
                    }

                    if (DeparturesText.OutOfRange(nameof(LastDay), DeparturesText.LastDay, last) is { } impossible)
                    {
                        return impossible;
                    }

                    renewal.Answer(RenewalState.Ends, actor.User, now);
                    if (await departures.EndAsync(renewal, last, cancellation) is { } held)
                    {
                        return held;
                    }

                    break;
                default:
                    renewal.Answer(RenewalState.NotKnown, actor.User, now);
                    break;
            }

            journal.Record(RenewalFacts.Of(renewal, "renewal.answered"));
            return Done.Value;
        }
    }
}

/// <summary>
/// Grants a bridge after an end date that nobody answered for (DEP8): one to five business days, all bridges of a question together, by a named person and with a reason, journalled.
/// </summary>
internal sealed record GrantBridge(RenewalId Renewal, int Days, string Reason) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.Security, Role.Admin);

    internal sealed record Body(int Days, string Reason);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/renewals/{renewal}/bridge", (RenewalId renewal, Body body, ApiDoor door) => door.SendAsync(new GrantBridge(renewal, body.Days, body.Reason))).WithTags("Renewals");

    public IEnumerable<Problem> Check()
    {
        if (Days is < 1 or > Depart.Departures.Renewals.Renewal.LongestBridge)
        {
            yield return Problem.Invalid(nameof(Days), "out-of-range", RenewalsText.BridgeRange);
        }

        if (Texts.OrNull(Reason) is null)
        {
            yield return Problem.Required(nameof(Reason), RenewalsText.BridgeReason);
        }
        else if (Reason.Trim().Length > 500)
        {
            yield return Problem.Invalid(nameof(Reason), "too-long", MissionsText.TooLong.With(RenewalsText.BridgeReason, 500));
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, RenewalDepartures departures, HouseRules house, RequestSlot request, IJournal journal) : IHandler<GrantBridge, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(GrantBridge command, CancellationToken cancellation)
        {
            var (renewal, mission, refusal) = await RenewalDesk.TakeAsync(db, actor, binding, command.Renewal, [Role.Hr, Role.Security, Role.Admin], cancellation);
            if (refusal is not null || renewal is null || mission is null)
            {
                return refusal ?? Problem.NotFound(RenewalsText.Question);
            }

            if (!renewal.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (actor.User is null)
            {
                return RenewalsText.NamedPerson;
            }

            if (!renewal.IsOpen || mission.End != renewal.End)
            {
                return RenewalsText.Settled;
            }

            if (!renewal.Bridge(command.Days, await house.WorkdaysAsync(cancellation)))
            {
                return Problem.Invalid(nameof(Days), "out-of-range", RenewalsText.BridgeUsed.With(renewal.BridgeDays, Depart.Departures.Renewals.Renewal.LongestBridge));
            }

            if (await departures.BridgeAsync(renewal, cancellation) is { } held)
            {
                return held;
            }

            var fact = RenewalFacts.Of(renewal, "renewal.bridged");
            journal.Record(fact with
            {
                Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["granted"] = command.Days, ["until"] = renewal.HoldsUntil.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["reason"] = command.Reason.Trim() },
            });
            return Done.Value;
        }
    }
}

/// <summary>Finds a question for somebody who may act on it.</summary>
internal static class RenewalDesk
{
    /// <summary>The question and its mission, or why not: to a mission manager those of others are not there.</summary>
    public static async Task<(Renewal? Renewal, Mission? Mission, Problem? Refusal)> TakeAsync(
        DepartDb db, Actor actor, IDepartureBinding binding, RenewalId id, IReadOnlyCollection<Role> house, CancellationToken cancellation)
    {
        if (await db.FindAsync<Renewal>([id], cancellation) is not { } renewal || await db.FindAsync<Mission>([renewal.Mission], cancellation) is not { } mission)
        {
            return (null, null, null);
        }

        if (!house.Any(actor.In(mission.Unit).Roles.Contains) && actor.Via != Via.Console && !(mission.Manager is { } manager && manager.Value == actor.Person))
        {
            return (null, null, null);
        }

        return (renewal, mission, await Separation.RefusalAsync(actor, mission.Person.Value, binding, cancellation));
    }
}
