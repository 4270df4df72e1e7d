using Depart.Foundation;

namespace Depart.Departures.Tasks;

/// <summary>The words of the preview of a template on a sample departure.</summary>
internal static class PreviewText
{
    public static readonly Words Lead = new("What such a departure would be asked for, and when. Nothing is kept.", "Ce qui serait demandé à un tel départ, et quand. Rien n’est enregistré.");
    public static readonly Words Sample = new("The sample departure", "Le départ d’essai");
    public static readonly Words MissionEnd = new("End of the contract", "Fin de la mission");
    public static readonly Words CalendarLabel = new("Calendar of business days", "Calendrier des jours ouvrés");
    public static readonly Words FromRecord = new("Take a real mission", "Prendre une mission réelle");
    public static readonly Words FromRecordHelp = new("Name of the consultant", "Nom du consultant");
    public static readonly Words OfMission = new("Facts of the mission of {0}: {1}", "Faits de la mission {0} : {1}");
    public static readonly Words InventInstead = new("Enter the facts by hand instead", "Saisir plutôt les faits à la main");
    public static readonly Words NobodyFound = new("No mission of anybody called so.", "Aucune mission pour ce nom.");
    public static readonly Words Show = new("Compute the dates", "Calculer les dates");
    public static readonly Words Asked = new("What would be asked", "Ce qui serait demandé");
    public static readonly Words Due = new("Due", "Échéance");
    public static readonly Words Task = new("Task", "Tâche");
    public static readonly Words Owner = new("Owner", "Qui s’en charge");
    public static readonly Words Waits = new("Waits for", "Attend");
    public static readonly Words Order = new("Order", "Ordre");
    public static readonly Words OrderHelp = new("1 may begin at once; each number waits for the one before it.", "1 peut commencer aussitôt ; chaque rang attend le précédent.");
    public static readonly Words TooEarly = new("Due before what it waits for: with these dates it would be late from the start.", "Échéance avant celle de ce qu’elle attend : à ces dates, elle serait d’emblée en retard.");
    public static readonly Words LeftOut = new("What would not be asked, and why", "Ce qui ne serait pas demandé, et pourquoi");
    public static readonly Words Needs = new("only when {0}", "seulement si {0}");
    public static readonly Words Excluded = new("not when {0}", "sauf si {0}");
    public static readonly Words NothingLeftOut = new("Every task of the template applies.", "Toutes les tâches du modèle s’appliquent.");
    public static readonly Words Year = new("The year at a glance", "L’année en un coup d’œil");
    public static readonly Words Holidays = new("Public holidays and closing days", "Jours fériés et de fermeture");
    public static readonly Words DayOfTasks = new("tasks due", "échéances de tâches");
    public static readonly Words OneDue = new("{0} task due", "{0} échéance");
    public static readonly Words ManyDue = new("{0} tasks due", "{0} échéances");
    public static readonly Words Holiday = new("holiday", "jour férié");
    public static readonly Words Weekend = new("weekend", "week-end");
    public static readonly Words Legend = new("Legend", "Légende");
    public static readonly Words LastDayMark = new("last working day", "dernier jour travaillé");
}
