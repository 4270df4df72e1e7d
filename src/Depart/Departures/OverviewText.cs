using Depart.Foundation;

namespace Depart.Departures;

/// <summary>The words of filters and of the timeline.</summary>
internal static class OverviewText
{
    public static readonly Words List = new("List", "Liste");
    public static readonly Words Timeline = new("Timeline", "Frise");
    public static readonly Words View = new("View", "Affichage");
    public static readonly Words Unit = new("Unit", "Entité");
    public static readonly Words Manager = new("Mission manager", "Responsable de mission");
    public static readonly Words Step = new("Left to do in step", "Reste à faire à l’étape");
    public static readonly Words OfStep = new("{0}. {1}", "{0}. {1}");
    public static readonly Words Unclosed = new("Hour passed, not verified closed", "Heure passée, fermeture non vérifiée");
    public static readonly Words Late = new("With late tasks", "Avec des tâches en retard");
    public static readonly Words From = new("Access cut from", "Accès coupés à partir du");
    public static readonly Words To = new("until", "jusqu’au");
    public static readonly Words Any = new("Any", "Indifférent");
    public static readonly Words NotOffered = new("{0} (on no mission)", "{0} (sur aucune mission)");
    public static readonly Words MoreFilters = new("More filters", "Plus de filtres");
    public static readonly Words StepRange = new("A step from 1 to 7 is expected.", "Une étape de 1 à 7 est attendue.");
    public static readonly Words EndsBefore = new("The period ends before it begins.", "La période finit avant de commencer.");
    public static readonly Words TooLong = new("A timeline covers a year at most.", "Une frise couvre un an au plus.");
    public static readonly Words Period = new("Period", "Période");
    public static readonly Words Earlier = new("Earlier", "Avant");
    public static readonly Words Later = new("Later", "Après");
    public static readonly Words Today = new("Today", "Aujourd’hui");
    public static readonly Words Span = new("Length of the period", "Durée de la période");
    public static readonly Words Month = new("5 weeks", "5 semaines");
    public static readonly Words Quarter = new("3 months", "3 mois");
    public static readonly Words Year = new("1 year", "1 an");
    public static readonly Words Between = new("Access cut from {0} to {1}", "Accès coupés du {0} au {1}");
    public static readonly Words Progress = new("Course", "Déroulement");
    public static readonly Words NoneInPeriod = new("Nobody’s access is cut in this period", "Aucune coupure d’accès sur cette période");
    public static readonly Words NoneInPeriodHow = new("Go to another period, or clear the filters.", "Changez de période, ou effacez les filtres.");
    public static readonly Words LegendPast = new("time gone by since the announcement", "temps écoulé depuis l’annonce");
    public static readonly Words LegendToCome = new("time left until the cut", "temps restant avant la coupure");
    public static readonly Words LegendCut = new("access cut", "coupure des accès");
    public static readonly Words LegendEnd = new("contract still running", "mission encore en cours");
    public static readonly Words Legend = new("Legend", "Légende");

    /// <summary>A bar, in words: what an ear and a pointer get.</summary>
    public static readonly Words Bar = new("Announced {0}; access cut {1}; {2}.", "Annonce le {0} ; coupure des accès le {1} ; {2}.");

    /// <summary>Tasks of a departure in short.</summary>
    public static Words Tasks(int all, int left, int late) => (all, late) switch
    {
        (0, _) => new("no task", "aucune tâche"),
        (_, 0) => new Words("tasks done: {0} of {1}", "tâches faites : {0} sur {1}").With(all - left, all),
        _ => new Words("tasks done: {0} of {1}; late: {2}", "tâches faites : {0} sur {1} ; en retard : {2}").With(all - left, all, late),
    };
}
