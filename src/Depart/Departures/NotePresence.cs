using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>
/// Says that the leaver is absent or replaced, or takes part again (DEP9); the reason is not asked. What was asked of them passes to a user who is named, or to the supplier's contact, who does it by
/// a link; without a supplier to the mission's manager.
/// </summary>
/// <remarks>
/// <paramref name="ReplacedBy"/> is who continues the order; with <paramref name="ContinueOrder"/> they get a mission like the one that ends, from the day after its last day (REC6).
/// </remarks>
internal sealed record NotePresence(DepartureId Departure, LeaverPresence Presence, PersonId? ReplacedBy = null, bool ContinueOrder = false, Guid? TasksTo = null) : ICommand<Done>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/presence", (DepartureId departure, Body body, ApiDoor door) =>
            door.SendAsync(new NotePresence(departure, body.Presence, body.ReplacedBy, body.ContinueOrder, body.TasksTo))).WithTags("Departures");

    public IEnumerable<Problem> Check()
    {
        if (ReplacedBy is not null && Presence != LeaverPresence.Replaced)
        {
            yield return PresenceText.NotReplaced;
        }

        if (ContinueOrder && ReplacedBy is null)
        {
            yield return Problem.Required(nameof(ReplacedBy), PresenceText.ReplacedBy);
        }

        if (TasksTo is not null && Presence == LeaverPresence.Present)
        {
            yield return PresenceText.KeepsTasks;
        }
    }

    internal sealed record Body(LeaverPresence Presence, PersonId? ReplacedBy = null, bool ContinueOrder = false, Guid? TasksTo = null);

    internal sealed class Handler(
        DepartDb db, Actor actor, TaskBook book, TaskHolders holders, IDepartureFacts facts, IUserDirectory users, IHandler<AddMission, MissionId> missions, RequestSlot request, IJournal journal) : IHandler<NotePresence, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NotePresence command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if ((departure.IsAt(request.Context.Version) ? departure.IsOver ? DeparturesText.NotOpen : null : Problem.Stale) is { } refusal)
            {
                return refusal;
            }

            if (command.ContinueOrder && departure.UnderEmbargo)
            {
                return EmbargoText.MissionWouldTell;
            }

            if (command.ReplacedBy is { } person && (person == departure.Person || !await db.Set<Person>().AnyAsync(row => row.Id == person, cancellation)))
            {
                return PresenceText.NobodyToReplace;
            }

            departure.Attend(command.Presence, command.ReplacedBy);
            var moved = await PassOnAsync(departure, command.TasksTo, cancellation);
            if (!moved.Ok)
            {
                return moved.Problem;
            }

            MissionId? continued = null;
            if (command.ContinueOrder)
            {
                var added = await ContinueAsync(departure, command.ReplacedBy!.Value, cancellation);
                if (!added.Ok)
                {
                    return added.Problem;
                }

                continued = added.Value;
            }

            journal.Record(new(departure.Chain, "departure.presence")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["departure"] = departure.Id.Value, ["presence"] = departure.Presence.ToString(), ["replacedBy"] = departure.ReplacedBy?.Value, ["mission"] = continued?.Value, ["tasks"] = moved.Value,
                },
            });
            return Done.Value;
        }

        /// <summary>Lays what is asked of the leaver where it belongs now; gives how many tasks that were.</summary>
        private async Task<Outcome<int>> PassOnAsync(Departure departure, Guid? to, CancellationToken cancellation)
        {
            var parties = await facts.PartiesAsync(departure, cancellation);
            await book.FollowPartiesAsync(departure, parties, journal, cancellation);
            var self = await users.OfPersonAsync(departure.Person.Value, cancellation);
            var theirs = (await book.OfAsync(departure.Id, cancellation))
                .Where(task => task is { IsPending: true, Owner: TaskOwner.Consultant } && (task.Assignee is null || task.Assignee == self?.Id)).ToList();
            if (departure.Presence == LeaverPresence.Present)
            {
                return theirs.Count;
            }

            foreach (var task in theirs.Where(task => to is not null || task.Assignee is not null))
            {
                if (to is { } user && await holders.RefusalAsync(user, task, departure, cancellation) is { } refusal)
                {
                    return refusal with { Field = nameof(TasksTo) };
                }

                await book.GiveAsync(task, departure, to, to is { } given ? TaskDesk.OfUser(given) : TaskDesk.Of(task.Owner, parties), cancellation);
                journal.Record(TaskFacts.Of(departure, task, "task.assigned"));
            }

            return theirs.Count;
        }

        /// <summary>The order goes on with somebody else: the same mission, from the day after.</summary>
        private async Task<Outcome<MissionId>> ContinueAsync(Departure departure, PersonId person, CancellationToken cancellation)
        {
            if (!AddMission.Access.Allows(actor, null))
            {
                return PresenceText.MissionNotForRole;
            }

            var mission = await db.Set<Mission>().AsNoTracking().FirstAsync(row => row.Id == departure.Mission, cancellation);
            var supplier = mission.Supplier is { } id ? await db.Set<Supplier>().Where(row => row.Id == id).Select(row => row.Name).FirstOrDefaultAsync(cancellation) : null;
            var start = departure.LastDayWorked.AddDays(1);
            return await missions.HandleAsync(
                new(person, new(mission.Title, mission.Unit, supplier, mission.OrderReference, mission.Manager, mission.Kind, mission.Place, start, mission.End >= start ? mission.End : null, mission.Teams, mission.OutsideProviders)), cancellation);
        }
    }
}

/// <summary>Whether the leaver takes part, and who stands in.</summary>
/// <param name="Presence">Whether they take part.</param>
/// <param name="ReplacedBy">Who continues the order, or null.</param>
/// <param name="ReplacedByName">Their name, or null.</param>
/// <param name="StandsIn">The supplier's contact, or null: there is none.</param>
public sealed record PresenceView(LeaverPresence Presence, PersonId? ReplacedBy, string? ReplacedByName, string? StandsIn);

/// <summary>Whether the leaver takes part (DEP9).</summary>
internal sealed record GetPresence(DepartureId Departure) : IQuery<PresenceView>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/presence", (DepartureId departure, ApiDoor door) => door.AskAsync(new GetPresence(departure))).WithTags("Departures").Produces<PresenceView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetPresence, PresenceView>
    {
        public async Task<Outcome<PresenceView>> HandleAsync(GetPresence query, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([query.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var name = departure.ReplacedBy is { } person ? (await KnownRecord.NamesAsync(db, [person], cancellation)).GetValueOrDefault(person) : null;
            var contact = await db.Set<Mission>().Where(mission => mission.Id == departure.Mission)
                .Join(db.Set<Supplier>(), mission => mission.Supplier, supplier => supplier.Id, (_, supplier) => new { supplier.Name, supplier.ContactName, supplier.ContactMail }).FirstOrDefaultAsync(cancellation);
            return new PresenceView(departure.Presence, departure.ReplacedBy, name, contact?.ContactMail is null ? null : contact.ContactName ?? contact.Name);
        }
    }
}

/// <summary>The words of absence and replacement.</summary>
internal static class PresenceText
{
    public static readonly Words Title = new("Presence of the consultant", "Présence du consultant");
    public static readonly Words Change = new("Absent or replaced", "Absent ou remplacé");
    public static readonly Words ChangeIt = new("Change this", "Modifier");
    public static readonly Words Help = new("The reason is not asked, and not recorded.", "Le motif n’est ni demandé ni enregistré.");
    public static readonly Words ReplacedBy = new("Who continues the order?", "Qui poursuit la commande\u00a0?");
    public static readonly Words ReplacedByHelp = new("The name or address of a person of the record; leave it empty while nobody is known.", "Le nom ou l’adresse d’une personne du registre ; laissez vide tant que personne n’est connu.");
    public static readonly Words ContinueOrder = new("Record their mission on the same order, from the day after", "Enregistrer sa mission sur la même commande, à partir du lendemain");
    public static readonly Words TasksTo = new("Who does what was asked of them?", "Qui fait ce qui était demandé au consultant\u00a0?");
    public static readonly Words ToContact = new("The supplier’s contact: {0}", "Le contact du prestataire\u00a0: {0}");
    public static readonly Words OnceLifted = new("Whoever it falls to, once the embargo is lifted", "Qui de droit, une fois l’embargo levé");
    public static readonly Words ToManager = new("The mission manager", "Le responsable de mission");
    public static readonly Words StandsIn = new("{0} stands in.", "Représenté par {0}.");
    public static readonly Words ManagerStandsIn = new("What was asked of them lies with the mission manager.", "Ce qui lui était demandé revient au responsable de mission.");
    public static readonly Words Continued = new("{0} continues the order.", "{0} poursuit la commande.");
    public static readonly Words Record = new("Record", "Enregistrer");
    public static readonly Words Recorded = new("Recorded; what was asked of the consultant has followed.", "C’est enregistré ; ce qui était demandé au consultant a suivi.");

    public static readonly Problem NotReplaced = Problem.Invalid("replacedBy", "not-replaced", new(
        "Somebody is named who continues the order: say that the consultant is replaced.",
        "Quelqu’un est désigné pour poursuivre la commande\u00a0: indiquez que le consultant est remplacé."));

    public static readonly Problem NobodyToReplace = Problem.Invalid("replacedBy", "unfit", new(
        "The order is continued by somebody else of the record.", "La commande est poursuivie par une autre personne du registre."));

    public static readonly Problem KeepsTasks = Problem.Invalid("tasksTo", "present", new(
        "Whoever is present keeps their tasks: give one to somebody on its own page.", "Un consultant présent garde ses tâches\u00a0: confiez-en une depuis la page de cette tâche."));

    public static readonly Problem MissionNotForRole = Problem.Invalid("continueOrder", "forbidden", new(
        "Your role does not record missions: ask HR and procurement, IT or an administrator to do it.", "Votre rôle n’enregistre pas de mission\u00a0: demandez-le aux RH et achats de prestations, aux opérations informatiques ou à un administrateur."));
}
