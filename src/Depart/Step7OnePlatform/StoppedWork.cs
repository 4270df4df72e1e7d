using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Renewals;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions.Imports;
using Depart.Missions.Imports.Nightly;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform;

/// <summary>Work that was tried as often as it may be and waits for a person.</summary>
/// <param name="Id">Its number.</param>
/// <param name="What">What was to be done.</param>
/// <param name="About">Whom or what it is about, or null.</param>
/// <param name="Departure">The departure it belongs to, or null.</param>
/// <param name="System">The identifier of the system that it is for, or null.</param>
/// <param name="SystemName">The name of that system; one that was removed keeps its name.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">When it was given up, UTC.</param>
/// <param name="Why">Why the last attempt failed, in English as recorded; or null.</param>
public sealed record StoppedWork(long Id, Words What, string? About, DepartureId? Departure, SystemId? System, string? SystemName, int Attempts, DateTimeOffset? At, string? Why);

/// <summary>Work given up by the engine, the oldest first, at most 200. Steps of a disconnection are not here: they are decided on its own page.</summary>
internal sealed record ListStoppedWork : IQuery<IReadOnlyList<StoppedWork>>, IRouted
{
    private const int AtMost = 200;

    private static readonly Words CutDue = new("Prepare a scheduled cut", "Préparer une coupure programmée");
    private static readonly Words CutInstant = new("Start a scheduled cut", "Lancer une coupure programmée");
    private static readonly Words GiveBack = new("Give access back", "Rétablir un accès");
    private static readonly Words Discover = new("Read the accounts of a system", "Lire les comptes d’un système");
    private static readonly Words ApplyFile = new("Apply an import", "Appliquer un import");
    private static readonly Words SendMail = new("Send a mail", "Envoyer un courriel");
    private static readonly Words AskRenewals = new("Ask whether missions are renewed", "Interroger sur le renouvellement des missions");
    private static readonly Words LiftEmbargo = new("Lift an embargo after the cut", "Lever un embargo après la coupure");
    private static readonly Words SendDigests = new("Write the daily digests", "Rédiger les résumés quotidiens");
    private static readonly Words RemindTasks = new("Remind of the tasks of a departure", "Rappeler les tâches d’un départ");
    private static readonly Words RunNightly = new("Run a nightly import", "Exécuter un import de nuit");
    private static readonly Words ForgetFile = new("Forget the lines of an import", "Oublier les lignes d’un import");

    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/work/stopped", (ApiDoor door) => door.AskAsync(new ListStoppedWork())).WithTags("Work").Produces<IReadOnlyList<StoppedWork>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListStoppedWork, IReadOnlyList<StoppedWork>>
    {
        public async Task<Outcome<IReadOnlyList<StoppedWork>>> HandleAsync(ListStoppedWork query, CancellationToken cancellation)
        {
            var items = await db.Set<WorkItem>().Where(item => item.State == WorkState.Dead && item.Kind != Revocation.WorkKind).OrderBy(item => item.Id).Take(AtMost).ToListAsync(cancellation);
            if (items.Count == 0)
            {
                return Array.Empty<StoppedWork>();
            }

            var groups = items.Select(item => DepartureId.TryParse(item.Group, out var id) ? id : default).Distinct().ToList();
            var departures = (await DepartureRows.Of(db, db.Set<Departure>().Where(departure => groups.Contains(departure.Id))).ToListAsync(cancellation)).ToDictionary(row => row.Id);
            var systems = await db.Set<TargetSystem>().AsNoTracking().ToDictionaryAsync(system => system.Queue, cancellation);
            return items.ConvertAll(item =>
            {
                var system = systems.GetValueOrDefault(item.Queue);
                var departure = DepartureId.TryParse(item.Group, out var id) ? departures.GetValueOrDefault(id) : null;
                return new StoppedWork(item.Id, Name(item.Kind), departure?.Name, departure?.Id, system?.Id, system?.Name, item.Attempts, item.DoneAt, item.LastError);
            });
        }

        private static Words Name(string kind) => kind switch
        {
            Departure.CutDue => CutDue,
            CutInstantHandler.WorkKind => CutInstant,
            ReconnectHandler.WorkKind => GiveBack,
            Discovery.WorkKind => Discover,
            Import.ApplyWork => ApplyFile,
            Import.ForgetWork => ForgetFile,
            OutgoingMail.WorkKind => SendMail,
            RenewalClock.WorkKind => AskRenewals,
            EmbargoEnd.WorkKind => LiftEmbargo,
            DigestClock.WorkKind => SendDigests,
            TaskClock.WorkKind => RemindTasks,
            NightlyImport.WorkKind => RunNightly,
            _ => Words.Same(kind),
        };
    }
}

/// <summary>Tries stopped work again, from the first attempt on.</summary>
internal sealed record RetryWork(long Work) : ICommand<Done>, IRouted
{
    private static readonly Words Item = new("Stopped work", "Travail arrêté");

    private static readonly Problem NotStopped = Problem.Conflict("work-not-stopped", new(
        "This work is not stopped: it waits, runs or is done.", "Ce travail n’est pas arrêté : il attend, s’exécute ou est terminé."));

    private static readonly Problem OnItsPage = Problem.Conflict("work-of-a-step", new(
        "A step of a disconnection is tried again on the page of the disconnection.", "Une étape de déconnexion se relance sur la page de la déconnexion."));

    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/work/{work:long}/retry", (long work, ApiDoor door) => door.SendAsync(new RetryWork(work))).WithTags("Work");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock, Actor actor, IDepartureBinding binding) : IHandler<RetryWork, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RetryWork command, CancellationToken cancellation)
        {
            if (await db.FindAsync<WorkItem>([command.Work], cancellation) is not { } item)
            {
                return Problem.NotFound(Item);
            }

            if (item.State != WorkState.Dead || item.Kind == Revocation.WorkKind)
            {
                return item.State == WorkState.Dead ? OnItsPage : NotStopped;
            }

            if (DepartureId.TryParse(item.Group, out var of) && await db.FindAsync<Departure>([of], cancellation) is { } whose
                && await Separation.RefusalAsync(actor, whose.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (item.Kind == ReconnectHandler.WorkKind)
            {
                var (run, id) = DisconnectionAccount.Subject(item);
                if (await db.FindAsync<DisconnectionAccount>([run, id], cancellation) is { Undo: { } undo } row)
                {
                    row.Undo = undo with { Final = false };
                }
            }

            db.EnqueueAgain(item, clock.GetUtcNow());
            journal.Record(new(DepartureId.TryParse(item.Group, out var departure) ? departure.Value.ToString("N") : Fact.House, "work.retried")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["work"] = item.Id, ["kind"] = item.Kind },
            });
            return Done.Value;
        }
    }
}
