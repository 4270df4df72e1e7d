using Depart.Foundation;

namespace Depart.Departures.Together;

/// <summary>The words of what is done to several departures.</summary>
internal static class TogetherText
{
    public static readonly Words Title = new("Several departures", "Plusieurs départs");
    public static readonly Words About = new("First you see what happens to each; nothing is changed before you agree.", "Vous voyez d’abord ce qui arrive à chacun ; rien n’est modifié avant votre accord.");
    public static readonly Words Select = new("Select {0}", "Choisir {0}");
    public static readonly Words Every = new("All", "Tout");
    public static readonly Words None = new("None", "Rien");
    public static readonly Words SelectAll = new("Select all of this page", "Choisir toute la page");
    public static readonly Words SelectNone = new("Select none", "Ne rien choisir");
    public static readonly Words WithSelected = new("With those selected:", "Avec les départs choisis :");
    public static readonly Words Reschedule = new("Reschedule…", "Reporter…");
    public static readonly Words Cancel = new("Cancel…", "Annuler…");
    public static readonly Words Assign = new("Give the manager’s tasks…", "Confier les tâches du responsable…");
    public static readonly Words RescheduleTitle = new("Reschedule departures", "Reporter des départs");
    public static readonly Words CancelTitle = new("Cancel departures", "Annuler des départs");
    public static readonly Words AssignTitle = new("Give the managers’ tasks to somebody", "Confier les tâches des responsables");
    public static readonly Words ToDay = new("To this last day", "À ce dernier jour");
    public static readonly Words ByDays = new("Or by so many days", "Ou de tant de jours");
    public static readonly Words ByDaysHelp = new("7 puts off by a week, −7 brings forward.", "7 reporte d’une semaine, −7 avance d’autant.");
    public static readonly Words ToWhom = new("To whom", "À qui");
    public static readonly Words BackToManager = new("Back to the mission manager", "De nouveau au responsable de mission");
    public static readonly Words See = new("See what happens", "Voir ce qui se passe");
    public static readonly Words Left = new("Left alone", "Laissé tel quel");
    public static readonly Words WillMove = new("last day {0}", "dernier jour {0}");
    public static readonly Words WillCancel = new("is withdrawn; nothing will be cut", "est retiré ; rien ne sera coupé");
    public static readonly Words Agree = new("Agree and reschedule", "Approuver et reporter");
    public static readonly Words AgreeCancel = new("Agree and cancel", "Approuver et annuler");
    public static readonly Words AgreeAssign = new("Agree and give", "Approuver et confier");
    public static readonly Words NoneLeft = new("Nothing happens to any of them.", "Il n’arrive rien à aucun d’eux.");
    public static readonly Words Result = new("Done", "Fait");
    public static readonly Words BackToList = new("Back to the list", "Retour à la liste");
    public static readonly Words NoneChosen = new("Choose at least one departure.", "Choisissez au moins un départ.");
    public static readonly Words TooMany = new("At most {0} departures at once.", "{0} départs à la fois au plus.");
    public static readonly Words DayOrDays = new("Say a last day, or a number of days.", "Indiquez un dernier jour, ou un nombre de jours.");
    public static readonly Words OneOfBoth = new("Say a day or a number of days, not both.", "Indiquez un jour ou un nombre de jours, pas les deux.");
    public static readonly Words DaysRange = new("A number of days other than 0, at most {0}.", "Un nombre de jours autre que 0, {0} au plus.");
    public static readonly Words AtOnce = new("That instant has passed: the cut would start at once. Do it on its own page.", "Cet instant est passé : la coupure démarrerait aussitôt. Faites-le sur sa page.");
    public static readonly Words SameDay = new("Nothing changes.", "Rien ne change.");
    public static readonly Words NotAhead = new("Its cut has begun: look at it on its own page.", "Sa coupure a commencé : voyez-le sur sa page.");
    public static readonly Words NoManagersTasks = new("The mission manager has nothing left to do.", "Le responsable de mission n’a plus rien à faire.");

    public static Words TasksMove(int count) => Words.Count(count, new("{0} task moves", "{0} tâche change de date"), new("{0} tasks move", "{0} tâches changent de date"));

    public static Words TasksPass(int count) => Words.Count(count, new("{0} task", "{0} tâche"), new("{0} tasks", "{0} tâches"));

    public static Words TasksEnd(int count) => Words.Count(count, new("{0} task is withdrawn", "{0} tâche est retirée"), new("{0} tasks are withdrawn", "{0} tâches sont retirées"));

    public static Words Done(int count) => Words.Count(count, new("Done for {0} departure.", "Fait pour {0} départ."), new("Done for {0} departures.", "Fait pour {0} départs."));

    public static Words Refused(int count) => Words.Count(count, new("{0} was left alone.", "{0} a été laissé tel quel."), new("{0} were left alone.", "{0} ont été laissés tels quels."));
}
