using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Departures;

/// <summary>The words of departures.</summary>
internal static class DeparturesText
{
    public static readonly Words Departure = new("Departure", "Départ");
    public static readonly Words Departures = new("Departures", "Départs");
    public static readonly Words LastDay = new("Last working day", "Dernier jour travaillé");
    public static readonly Words ZoneUnknown = new("There is no time zone named “{0}”. Example: Europe/Paris.", "Aucun fuseau horaire ne s’appelle « {0} ». Exemple : Europe/Paris.");
    public static readonly Words AnnounceOn = new("Announcement", "Annonce");
    public static readonly Words Mission = new("Mission", "Mission");
    public static readonly Words OpenOne = new("Open a departure", "Ouvrir un départ");
    public static readonly Words OpenMany = new("Open from a file", "Ouvrir à partir d’un fichier");
    public static readonly Words PreparedShort = new("prepared, no answer", "préparé, sans réponse");
    public static readonly Words StateLabel = new("State", "État");
    public static readonly Words Leaver = new("Consultant", "Consultant");
    public static readonly Words Supplier = new("Supplier", "Prestataire");
    public static readonly Words Successor = new("Successor", "Repreneur");
    public static readonly Words Cut = new("Access cut", "Coupure des accès");
    public static readonly Words SearchLabel = new("Consultant’s name", "Nom du consultant");
    public static readonly Words CutOn = new("cut", "coupure");
    public static readonly Words CutUndone = new("undone since", "annulée depuis");
    public static readonly Words Reschedule = new("Reschedule", "Reporter");
    public static readonly Words RescheduleTitle = new("Reschedule the departure of {0}", "Reporter le départ {0}");
    public static readonly Words RescheduleHelp = new(
        "The planned cut and the open tasks follow the last day. First you see what moves; nothing moves before you agree.",
        "La coupure planifiée et les tâches à faire suivent le dernier jour. Vous voyez d’abord ce qui change ; rien ne bouge avant votre accord.");
    public static readonly Words SeeWhatMoves = new("See what moves", "Voir ce qui change");
    public static readonly Words WhatMoves = new("What moves", "Ce qui change");
    public static readonly Words RescheduleDo = new("Agree and reschedule", "Approuver et reporter");
    public static readonly Words NoTaskMoves = new("No task moves.", "Aucune tâche ne change de date.");
    public static readonly Words OthersStay = new("Every other task stays where it is.", "Les autres tâches ne changent pas.");
    public static readonly Words CutsAtOnce = new(
        "That instant has passed: the cut would start at once.", "Cet instant est passé : la coupure démarrerait aussitôt.");
    public static readonly Words MovedMeanwhile = new("This departure changed while you were reading", "Ce départ a changé pendant votre lecture");
    public static readonly Words MovedMeanwhileHow = new(
        "Nothing was moved. Below is what your dates would move now: agree again if it still holds.",
        "Rien n’a bougé. Voici ce que vos dates changeraient maintenant : approuvez de nouveau si cela vaut toujours.");
    public static readonly Words CutTime = new("Hour of the cut", "Heure de la coupure");
    public static readonly Words ZoneLabel = new("Time zone", "Fuseau horaire");
    public static readonly Words Rescheduled = new("Rescheduled: access is cut {0}.", "Reporté : coupure des accès {0}.");
    public static readonly Words Cancel = new("Cancel the departure", "Annuler le départ");
    public static readonly Words CancelTitle = new("Cancel the departure of {0}?", "Annuler le départ {0} ?");
    public static readonly Words CancelHelp = new(
        "The mission goes on and the planned cut is withdrawn. What is still to be done is withdrawn too.",
        "La mission continue et la coupure planifiée est retirée. Ce qui restait à faire l’est aussi.");
    public static readonly Words Cancelled = new("The departure is cancelled; nothing will be cut.", "Le départ est annulé ; rien ne sera coupé.");
    public static readonly Words CancelCutHelp = new(
        "The mission goes on after all: what is still to be done is withdrawn. The access stays cut until it is given back: that is offered next.",
        "La mission continue finalement\u00a0: ce qui restait à faire est retiré. Les accès restent coupés tant qu’on ne les rétablit pas\u00a0: c’est proposé à l’étape suivante.");
    public static readonly Words CancelledCut = new("The departure is cancelled; the access is still cut.", "Le départ est annulé\u00a0; les accès restent coupés.");
    public static readonly Words StillCut = new("The access is still cut", "Les accès sont encore coupés");
    public static readonly Words StillCutWhy = new("The departure was cancelled after its cut: nothing comes back by itself.", "Le départ a été annulé après sa coupure\u00a0: les accès ne se rétablissent pas d’eux-mêmes.");
    public static readonly Words SeeWhatComesBack = new("See what would come back, and give it back", "Voir ce qui reviendrait, et rétablir");
    public static readonly Words AskToGiveBack = new("IT operations, security or an administrator gives it back.", "Les opérations informatiques, le RSSI ou un administrateur peuvent les rétablir.");
    public static readonly Words MissionGoesOn = new("The mission goes on", "La mission continue");
    public static readonly Words CloseIt = new("Close the departure", "Clore le départ");
    public static readonly Words CloseTitle = new("Close the departure of {0}?", "Clore le départ {0}\u00a0?");
    private static readonly Words CloseLeavesOne = new(
        "One task is still to be done. It does not block closing and can be done later, but no reminder of it is sent any more.",
        "Une tâche reste à faire. Elle ne bloque pas la clôture et pourra être faite plus tard, mais aucun rappel ne sera plus envoyé à son sujet.");
    private static readonly Words CloseLeavesMany = new(
        "{0} tasks are still to be done. They do not block closing and can be done later, but no reminder of them is sent any more.",
        "{0} tâches restent à faire. Elles ne bloquent pas la clôture et pourront être faites plus tard, mais aucun rappel ne sera plus envoyé à leur sujet.");
    public static readonly Words ClosedNow = new("The departure is closed.", "Le départ est clos.");
    public static readonly Words Facts = new("In short", "En bref");
    public static readonly Words KindLabel = new("Kind", "Nature");
    public static readonly Words ReasonLabel = new("Reason", "Motif");
    public static readonly Words CutDone = new("All closed", "Tout fermé");
    public static readonly Words FromToday = new("From today on, the next cut first.", "À partir d’aujourd’hui, prochaine coupure d’abord.");
    public static readonly Words SeePast = new("See past cuts", "Voir les coupures passées");
    public static readonly Words PastCuts = new("Past cuts, the latest first.", "Coupures passées, la plus récente d’abord.");
    public static readonly Words ComingCuts = new("See what is next", "Voir les prochaines");
    public static readonly Words NewTitle = new("Open a departure", "Ouvrir un départ");
    public static readonly Words WhoLeaves = new("Who leaves?", "Qui part ?");
    public static readonly Words WhichMission = new("Which mission ends?", "Quelle mission s’achève ?");
    public static readonly Words CutTimeHelp = new("Local time of the departure.", "Heure locale du départ.");
    public static readonly Words ZoneHelp = new("For example Europe/Paris.", "Par exemple Europe/Paris.");
    public static readonly Words Opened = new("Departure opened: access is cut {0}.", "Départ ouvert : coupure des accès {0}.");
    public static readonly Words HasDeparture = new("its departure is open", "son départ est ouvert");
    public static readonly Words SuccessorHelp = new("An address that the record knows.", "Une adresse électronique que connaît le registre.");
    public static readonly Words OwnMissions = new("Which of your missions ends?", "Laquelle de vos missions s’achève ?");
    public static readonly Words NoOwnMission = new("No mission of yours", "Aucune mission dont vous soyez responsable");
    public static readonly Words NoOwnMissionHow = new(
        "You open the departures of the missions you manage. If one is missing here, tell HR and procurement.",
        "Vous ouvrez les départs des missions dont vous êtes responsable. S’il en manque une ici, signalez-le aux RH et achats de prestations.");
    public static readonly Words NoMissionToEnd = new("{0} has no mission: a departure ends one.", "{0} n’a aucune mission : un départ en termine une.");
    public static readonly Words EndsOn = new("ends", "fin le");
    public static readonly Words SomeoneElse = new("Someone else", "Quelqu’un d’autre");
    public static readonly Words AnnounceHelp = new("The first tasks are counted from this day.", "Les premières tâches se comptent à partir de ce jour.");
    public static readonly Words TemplateLabel = new("Template of the tasks", "Modèle des tâches");
    public static readonly Words TemplateAutomatic = new("Automatic: {0}", "Automatique : {0}");
    public static readonly Words TemplateNone = new("None", "Aucun");
    public static readonly Words TemplateBecause = new("“{0}” is made for such a departure ({1}).", "« {0} » est prévu pour un tel départ ({1}).");
    public static readonly Words NoTemplate = new("No template is made for such a mission: choose one, or the departure has no tasks.", "Aucun modèle n’est prévu pour une telle mission : choisissez-en un, sinon le départ n’aura pas de tâches.");
    public static readonly Words Fact = new("{0}: {1}", "{0} : {1}");
    public static readonly Words NobodyCalled = new("Nobody of the record answers to “{0}”.", "Personne dans le registre ne répond à « {0} ».");
    public static readonly Words NoneFound = new("No departure matches", "Aucun départ ne correspond");
    public static readonly Words NoneFoundHow = new("Try another name, another state or other filters.", "Essayez un autre nom, un autre état ou d’autres filtres.");
    public static readonly Words NoneYet = new("No departure yet", "Aucun départ pour l’instant");
    public static readonly Words NoneYetHow = new(
        "A departure is the end of one mission: open it when the last day is known, and the cut is planned at its hour.",
        "Un départ est la fin d’une mission : ouvrez-le dès que le dernier jour est connu, et la coupure se planifie à son heure.");

    public static readonly Problem NotOpen = Problem.Conflict("departure-not-open", new(
        "This departure is no longer open: nothing was changed.",
        "Ce départ n’est plus ouvert : rien n’a été modifié."));

    public static readonly Problem OnlyPrepared = Problem.Conflict("departure-only-prepared", new(
        "This departure was prepared because nobody said whether the mission is renewed, and its end date holds: answer the question, or grant a bridge there.",
        "Ce départ a été préparé faute de réponse sur le renouvellement de la mission, et sa date de fin tient : répondez à la question, ou accordez-y un délai de régularisation."));

    public static readonly Problem NotCut = Problem.Conflict("departure-not-cut", new(
        "Accounts are still open or not proved closed: the departure cannot be closed yet.",
        "Des comptes sont encore ouverts ou non prouvés fermés : le départ ne peut pas encore être clos."));

    public static readonly Problem OwnSuccessor = Problem.Invalid("successor", "own-successor", new(
        "The person who leaves cannot take over from themself.",
        "La personne qui part ne peut pas être son propre repreneur."));

    public static readonly Problem AlreadyOpen = Problem.Conflict("departure-already-open", new(
        "This mission already has an open departure.",
        "Cette mission a déjà un départ ouvert."));

    /// <summary>A day that no departure can have; null when it can.</summary>
    public static Problem? OutOfRange(string field, Words label, DateOnly day) =>
        day == default ? Problem.Required(field, label)
        : day >= Depart.Departures.Departure.Days.First && day <= Depart.Departures.Departure.Days.Last ? null
        : Problem.Invalid(field, "day-out-of-range", new Words("{0}: a day between {1:d} and {2:d} is expected.", "{0}\u00a0: un jour compris entre le {1:d} et le {2:d} est attendu.").With(label, Depart.Departures.Departure.Days.First, Depart.Departures.Departure.Days.Last));

    /// <summary>Departures in some states: « 1 000+ » where there are more, or may be.</summary>
    public static string Counted(params IReadOnlyCollection<StateCount> counts) => string.Create(
        System.Globalization.CultureInfo.CurrentCulture, $"{counts.Sum(count => count.Count):N0}{(counts.Any(count => count.More) ? "+" : "")}");

    /// <summary>What is counted up to a number: « 99+ ».</summary>
    public static string CountedTo(int most, params IReadOnlyCollection<int> counts) => string.Create(
        System.Globalization.CultureInfo.CurrentCulture,
        $"{counts.Sum(count => Math.Min(count, most)):N0}{(counts.Any(count => count > most) ? "+" : "")}");

    /// <summary>What closing leaves to be done, and that nobody is reminded of it any more.</summary>
    public static Words CloseLeaves(int tasks) => Words.Count(tasks, CloseLeavesOne, CloseLeavesMany);

    public static Words Of(DepartureState state) => state switch
    {
        DepartureState.Open => new("Open", "Ouvert"),
        DepartureState.Disconnecting => new("Disconnecting", "Déconnexion en cours"),
        DepartureState.Cut => new("Cut", "Accès coupés"),
        DepartureState.NeedsAttention => new("Needs attention", "À traiter"),
        DepartureState.GivenBack => new("Given back", "Accès rétablis"),
        DepartureState.Closed => new("Closed", "Clos"),
        _ => new("Cancelled", "Annulé"),
    };

    public static Words Of(DepartureReason reason) => reason switch
    {
        DepartureReason.MissionEnd => new("End of mission", "Fin de mission"),
        DepartureReason.EarlyEnd => new("Mission ended early", "Fin de mission anticipée"),
        DepartureReason.Replacement => new("Replaced by the supplier", "Remplacement par le prestataire"),
        DepartureReason.Security => new("Security precaution", "Mesure de sécurité"),
        _ => new("Other reason", "Autre motif"),
    };

    public static Words Of(DepartureKind kind) => kind == DepartureKind.Planned ? new("Planned", "Planifié") : new("Immediate", "Immédiat");
}
