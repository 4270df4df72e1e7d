using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Processes;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.Portal;

namespace Depart.Step7OnePlatform.Activity;

/// <summary>Sentences for what the journal of a departure says.</summary>
internal static class ActivityText
{
    public static readonly Words Activity = new("Activity", "Activité");
    public static readonly Words All = new("All the activity", "Toute l’activité");
    public static readonly Words Nothing = new("Nothing yet.", "Rien pour l’instant.");
    private static readonly Words Console = new("The server’s console", "La console du serveur");
    private static readonly Words Engine = new("Depart", "Départ");
    private static readonly Words Somebody = new("Somebody (name erased)", "Quelqu’un (nom effacé)");
    private static readonly Words SomeTask = new("a task", "une tâche");
    private static readonly Words AccountOne = new("{0} account", "{0} compte");
    private static readonly Words AccountMany = new("{0} accounts", "{0} comptes");
    private static readonly Words EndedClosed = new("The disconnection has ended: {0}, nothing is left open.", "La déconnexion est terminée\u00a0: {0}, rien n’est resté ouvert.");
    private static readonly Words EndedWaiting = new("The disconnection has ended: {0}, of which {1} to deal with.", "La déconnexion est terminée\u00a0: {0}, dont {1} à traiter.");
    private static readonly Words EndedUnsure = new("The disconnection has ended: {0}; something is still to be dealt with.", "La déconnexion est terminée\u00a0: {0}\u00a0; il reste quelque chose à traiter.");
    private static readonly Words Quoted = new("“{0}”", "«\u00a0{0}\u00a0»");

    private static readonly FrozenDictionary<string, Func<ActivityFact, ActivityNames, Departure, Words>> Sentences = new Dictionary<string, Func<ActivityFact, ActivityNames, Departure, Words>>(StringComparer.Ordinal)
    {
        ["departure.opened"] = By(new("{0} opened the departure: last day {1}, access cut {2}.", "{0} a ouvert le départ\u00a0: dernier jour {1}, coupure des accès {2}."), LastDay, CutAt),
        ["departure.prepared"] = By(new("{0} prepared the departure, as nobody had said whether the mission goes on.", "{0} a préparé le départ, personne n’ayant dit si la mission continue.")),
        ["departure.confirmed"] = By(new("{0} confirmed the departure.", "{0} a confirmé le départ.")),
        ["departure.bridged"] = By(new("{0} granted a few more days: last day {1}, access cut {2}.", "{0} a accordé quelques jours de plus\u00a0: dernier jour {1}, coupure des accès {2}."), LastDay, CutAt),
        ["departure.rescheduled"] = By(new("{0} rescheduled the departure: last day {1}, access cut {2}.", "{0} a reporté le départ\u00a0: dernier jour {1}, coupure des accès {2}."), LastDay, CutAt),
        ["departure.cancelled"] = By(new("{0} cancelled the departure.", "{0} a annulé le départ.")),
        ["departure.closed"] = By(new("{0} closed the departure.", "{0} a clos le départ.")),
        ["departure.tasks-taken-over"] = By(new("{0} took over tasks of a newer template.", "{0} a repris des tâches d’un modèle plus récent.")),
        ["departure.new-owner-chosen"] = By(new("{0} chose who takes over what the consultant owns.", "{0} a choisi qui reprend ce que le consultant possède.")),
        ["departure.presence"] = (fact, names, _) => (fact.TextOf("presence") switch
        {
            nameof(LeaverPresence.Absent) => new Words("{0} noted that the consultant is absent.", "{0} a noté que le consultant est absent."),
            nameof(LeaverPresence.Replaced) => new("{0} noted that {1} replaces the consultant.", "{0} a noté que {1} remplace le consultant."),
            _ => new("{0} noted that the consultant is there.", "{0} a noté que le consultant est présent."),
        }).With(Who(fact), fact.IdOf("replacedBy") is { } person && names.People.TryGetValue(person, out var name) ? name : new Words("somebody", "une autre personne")),
        ["embargo.lifted"] = By(new("{0} lifted the embargo.", "{0} a levé l’embargo.")),
        ["disconnection.started"] = By(new("{0} started the disconnection: {1}.", "{0} a lancé la déconnexion\u00a0: {1}."), (fact, _) => Accounts(fact.NumberOf("accounts"))),
        ["disconnection.ended"] = (fact, _, _) => Ended(fact),
        ["disconnection.undo-asked"] = By(new("{0} asked for access to be given back.", "{0} a demandé le rétablissement des accès.")),
        ["departure.given-back"] = By(new("{0} had access given back; the departure stays open.", "{0} a fait rétablir les accès\u00a0; le départ reste ouvert.")),
        ["revocation.decided"] = (fact, _, _) => (fact.TextOf("decision") switch
        {
            nameof(StepDecision.Retry) => new Words("{0} had a step of the disconnection tried again.", "{0} a fait réessayer une étape de la déconnexion."),
            nameof(StepDecision.Skip) => new("{0} left out a step of the disconnection.", "{0} a écarté une étape de la déconnexion."),
            _ => new("{0} attested that a step of the disconnection was done by hand.", "{0} a attesté qu’une étape de la déconnexion a été faite à la main."),
        }).With(Who(fact)),
        ["task.done"] = OfTask(new("{0} did {1}.", "{0} a fait {1}.")),
        ["task.skipped"] = OfTask(new("{0} left out {1}.", "{0} a écarté {1}.")),
        ["task.reopened"] = OfTask(new("{0} took back {1}.", "{0} a rouvert {1}.")),
        ["task.assigned"] = (fact, names, _) => fact.IdOf("assignee") is { } user && names.Users.TryGetValue(user, out var name)
            ? new Words("{0} gave {1} to {2}.", "{0} a confié {1} à {2}.").With(Who(fact), Task(fact, names), name)
            : new Words("{0} gave {1} back to whoever has the role.", "{0} a remis {1} à qui en a le rôle.").With(Who(fact), Task(fact, names)),
        ["task.handed-by-link"] = OfTask(new("{0} handed {1} to somebody outside, by a link.", "{0} a confié {1} par un lien à quelqu’un d’extérieur.")),
        ["task.declined"] = OfTask(new("{0} handed back {1}.", "{0} a rendu {1}.")),
        ["task.commented"] = OfTask(new("{0} commented on {1}.", "{0} a commenté {1}.")),
        ["task.file-added"] = OfTask(new("{0} attached a file to {1}.", "{0} a joint un fichier à {1}.")),
        ["door.entered"] = (fact, _, _) => EnteredBy(fact),
        ["door.link-sent"] = (fact, _, _) => (fact.TextOf("kind") switch
        {
            nameof(WayInKind.Asked) => new Words("The consultant asked for a link to their own space; it was sent to the private address.", "Le consultant a demandé un lien vers son espace\u00a0; il est parti à l’adresse privée."),
            nameof(WayInKind.Supplier) => new("{0} sent the supplier’s contact a link to the consultant’s own space, to be passed on.", "{0} a envoyé au contact du prestataire un lien vers l’espace du consultant, à transmettre."),
            _ => new("{0} sent a link to the consultant’s own space to the private address.", "{0} a envoyé à l’adresse privée un lien vers l’espace du consultant."),
        }).With(Who(fact)),
        ["door.code-printed"] = By(new("{0} made a code on paper for the consultant’s own space.", "{0} a créé un code sur papier pour l’espace du consultant.")),
        ["door.kept"] = By(new("{0} set the end of the consultant’s own space: {1}.", "{0} a fixé l’échéance de l’espace du consultant\u00a0: {1}."), Until),
        ["door.passkey-added"] = (_, _, _) => new("The consultant made a passkey for their own space.", "Le consultant a créé une clé d’accès à son espace."),
        ["door.opened"] = By(new("{0} opened the consultant’s own space.", "{0} a ouvert l’espace du consultant.")),
        ["door.closed"] = By(new("{0} closed the consultant’s own space.", "{0} a fermé l’espace du consultant.")),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Kinds that have a sentence.</summary>
    public static IReadOnlyList<string> Told { get; } = [.. Sentences.Keys];

    /// <summary>The sentence of an entry.</summary>
    public static Words Of(ActivityFact fact, ActivityNames names, Departure departure) => Sentences[fact.Kind](fact, names, departure);

    /// <summary>What was written with it: a reason, a note, a comment.</summary>
    public static string? RemarkOf(ActivityFact fact) => fact.Kind.StartsWith("task.", StringComparison.Ordinal) && fact.Personal.GetValueOrDefault("said") is { Length: > 0 } said ? said : null;

    /// <summary>Whoever holds the link, code or device came in: who that is, nobody saw.</summary>
    private static Words EnteredBy(ActivityFact fact) => fact.TextOf("kind") switch
    {
        nameof(WayInKind.Asked) or nameof(WayInKind.Sent) => new("Somebody entered the consultant’s own space by a link sent to the private address.", "Quelqu’un est entré dans l’espace du consultant par un lien envoyé à l’adresse privée."),
        nameof(WayInKind.Supplier) => new("Somebody entered the consultant’s own space by a link entrusted to the supplier’s contact.", "Quelqu’un est entré dans l’espace du consultant par un lien confié au contact du prestataire."),
        nameof(WayInKind.Paper) => new("Somebody entered the consultant’s own space by a code on paper.", "Quelqu’un est entré dans l’espace du consultant par un code sur papier."),
        _ => new("Somebody entered the consultant’s own space by a passkey.", "Quelqu’un est entré dans l’espace du consultant par une clé d’accès."),
    };

    private static Words Ended(ActivityFact fact)
    {
        var verdicts = fact.ListOf("accounts").Select(account => account.TryGetProperty("verdict", out var verdict) ? verdict.GetString() : null).ToList();
        var open = verdicts.Count(verdict => verdict is not (nameof(Verdict.NotFound) or nameof(Verdict.AlreadyGone) or nameof(Verdict.GoneVerified) or nameof(Verdict.GoneResidual) or nameof(Verdict.Attested)));
        return fact.TextOf("state") == nameof(DepartureState.Cut) ? EndedClosed.With(Accounts(verdicts.Count))
            : open > 0 ? EndedWaiting.With(Accounts(verdicts.Count), open)
            : EndedUnsure.With(Accounts(verdicts.Count));
    }

    private static Func<ActivityFact, ActivityNames, Departure, Words> By(Words sentence, params Func<ActivityFact, Departure, Words>[] values) =>
        (fact, _, departure) => sentence.With([Who(fact), .. values.Select(value => value(fact, departure))]);

    private static Func<ActivityFact, ActivityNames, Departure, Words> OfTask(Words sentence) => (fact, names, _) => sentence.With(Who(fact), Task(fact, names));

    private static Words Who(ActivityFact fact) => fact.Personal.GetValueOrDefault("byName") switch
    {
        null or "" => Somebody,
        "Depart" when fact.TextOf("via") == nameof(Foundation.Door.Via.Engine) => Engine,
        "console" when fact.TextOf("by") is null && fact.TextOf("via") is nameof(Foundation.Door.Via.Console) or nameof(Foundation.Door.Via.Api) => Console,
        var name => Words.Same(name),
    };

    private static Words Task(ActivityFact fact, ActivityNames names) => fact.IdOf("task") is { } id && names.Tasks.TryGetValue(id, out var title) ? Quoted.With(title) : SomeTask;

    private static Words Accounts(int count) => Words.Count(count, AccountOne, AccountMany);

    private static Words LastDay(ActivityFact fact, Departure departure) => DayOf(fact, "lastDay");

    private static Words Until(ActivityFact fact, Departure departure) => DayOf(fact, "until");

    private static Words DayOf(ActivityFact fact, string name) =>
        DateOnly.TryParseExact(fact.TextOf(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Said.OnPaper(day) : Words.Same("–");

    private static Words CutAt(ActivityFact fact, Departure departure) =>
        fact.Values.TryGetValue("cutAt", out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at)
            ? Said.OnPaper(at, Zones.Named(fact.TextOf("zone") ?? departure.Zone)) : Words.Same("–");
}
