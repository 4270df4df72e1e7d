using Depart.Foundation.Door;
using Depart.Missions;

namespace Depart.Step5Close.Accounts;

/// <summary>The plan from the accounts already known, without asking any system: shown at once where seconds count.</summary>
internal sealed record PlanFromRecord(PersonId Person, bool Immediate) : IQuery<DisconnectionPlan>, IOnPerson
{
    public static Access Access => PlanDisconnection.Access;

    public Guid PersonKey => Person.Value;

    internal sealed class Handler(Planner planner) : IHandler<PlanFromRecord, DisconnectionPlan>
    {
        public async Task<Outcome<DisconnectionPlan>> HandleAsync(PlanFromRecord query, CancellationToken cancellation) =>
            await planner.PlanAsync(query.Person, query.Immediate, cancellation);
    }
}
