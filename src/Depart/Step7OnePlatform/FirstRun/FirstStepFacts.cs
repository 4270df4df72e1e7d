using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.PublicNotices;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.FirstRun;

/// <summary>Reads where the first steps stand from what is there; only what was left for later is kept.</summary>
internal sealed class FirstStepFacts(DepartDb db, Connections connections)
{
    /// <summary>Every step, whoever may do it.</summary>
    public async Task<FirstStepsView> ReadAsync(CancellationToken cancellation)
    {
        var left = (await db.Set<FirstStepLeft>().AsNoTracking().ToListAsync(cancellation)).ConvertAll(row => row.Step);
        (FirstStep Step, bool Done, Words Said, string Path)[] facts =
        [
            await OrganisationAsync(cancellation), await MailAsync(cancellation), await SystemAsync(cancellation), await PeopleAsync(cancellation), await MissionAsync(cancellation), await DepartureAsync(cancellation),
        ];
        return new([.. facts.Select(fact => new FirstStepRow(
            fact.Step, fact.Done ? FirstStepState.Done : left.Contains(fact.Step) ? FirstStepState.Later : FirstStepState.ToDo, fact.Said, fact.Path))], left.Contains(FirstStep.All));
    }

    /// <summary>Whether a departure is known to everybody: of one under embargo nothing may be told, by the end of a guide either.</summary>
    public Task<bool> HasOpenDepartureAsync(CancellationToken cancellation) => db.Set<Departure>().AnyAsync(departure => !departure.UnderEmbargo, cancellation);

    /// <summary>Whether somebody's access was cut, of those whom everybody may know of.</summary>
    public Task<bool> HasCutAsync(CancellationToken cancellation) => db.Set<Departure>().AnyAsync(
        departure => !departure.UnderEmbargo && (departure.State == DepartureState.Closed || departure.State == DepartureState.Cut), cancellation);

    private async Task<(FirstStep, bool, Words, string)> OrganisationAsync(CancellationToken cancellation)
    {
        var organisation = await db.Set<Organisation>().AsNoTracking().FirstOrDefaultAsync(cancellation);
        return (FirstStep.Organisation, organisation is { Company.Length: > 0 }, organisation is { Company: { Length: > 0 } company } ? Words.Same(company) : FirstStepsText.OrganisationHow, "/settings/organisation");
    }

    private async Task<(FirstStep, bool, Words, string)> MailAsync(CancellationToken cancellation)
    {
        var host = await db.Set<MailServer>().Select(server => server.Host).FirstOrDefaultAsync(cancellation);
        return (FirstStep.Mail, host is not null, host is null ? FirstStepsText.MailHow : Words.Same(host), "/settings/mail");
    }

    private async Task<(FirstStep, bool, Words, string)> SystemAsync(CancellationToken cancellation)
    {
        var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => system.RemovedAt == null).OrderBy(system => system.Name).ToListAsync(cancellation);
        var real = systems.FindAll(system => !connections.IsByHand(system));
        var ids = real.ConvertAll(system => system.Id);
        var read = await db.Set<Discovery>().AsNoTracking().Where(run => ids.Contains(run.System) && (run.State == DiscoveryState.Done || run.State == DiscoveryState.ToConfirm)).OrderByDescending(run => run.RequestedAt).FirstOrDefaultAsync(cancellation);
        return read is not null
            ? (FirstStep.System, true, FirstStepsText.SystemRead(real.First(system => system.Id == read.System).Name, read.Read), $"/systems/{read.System}")
            : real is [var connected, ..] ? (FirstStep.System, false, FirstStepsText.SystemToRead.With(connected.Name), $"/systems/{connected.Id}")
            : (FirstStep.System, false, FirstStepsText.SystemHow, "/systems/new");
    }

    private async Task<(FirstStep, bool, Words, string)> PeopleAsync(CancellationToken cancellation)
    {
        var people = await db.Set<Person>().Where(person => person.Status != ContractualStatus.Internal).OrderBy(person => person.SortName).Take(2).ToListAsync(cancellation);
        return people switch
        {
            [] => (FirstStep.People, false, FirstStepsText.PeopleHow, "/people/new"),
            [var one] => (FirstStep.People, true, Words.Same(one.Name), $"/people/{one.Id}"),
            _ => (FirstStep.People, true, FirstStepsText.PeopleThere, "/people"),
        };
    }

    private async Task<(FirstStep, bool, Words, string)> MissionAsync(CancellationToken cancellation)
    {
        var missions = await db.Set<Mission>().OrderBy(mission => mission.SortEnd).Take(2).ToListAsync(cancellation);
        if (missions.Count > 0)
        {
            return (FirstStep.Mission, true, missions is [var one] ? Words.Same(one.Title) : FirstStepsText.MissionsThere, $"/people/{missions[0].Person}");
        }

        var alone = await db.Set<Person>().Where(person => person.Status != ContractualStatus.Internal).OrderBy(person => person.SortName).Take(2).Select(person => person.Id).ToListAsync(cancellation);
        return (FirstStep.Mission, false, FirstStepsText.MissionHow, alone is [var person] ? $"/people/{person}/missions/new" : alone.Count > 0 ? "/people" : "/people/new");
    }

    private async Task<(FirstStep, bool, Words, string)> DepartureAsync(CancellationToken cancellation)
    {
        if (await db.Set<Departure>().OrderBy(departure => departure.Id).FirstOrDefaultAsync(cancellation) is { } first)
        {
            var person = await db.Set<Person>().FirstOrDefaultAsync(row => row.Id == first.Person, cancellation);
            return (FirstStep.Departure, true, Words.Same(person?.Name ?? "–"), $"/departures/{first.Id}");
        }

        var missions = await db.Set<Mission>().OrderBy(mission => mission.SortEnd).Take(2).Select(mission => mission.Person).ToListAsync(cancellation);
        return (FirstStep.Departure, false, FirstStepsText.DepartureHow, missions is [var only] ? $"/departures/new?person={only}" : "/departures/new");
    }
}
