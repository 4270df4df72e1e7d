using Depart.Foundation;

namespace Depart.Processes;

/// <summary>The words of the editor of templates.</summary>
internal static class EditorText
{
    public static readonly Words Editor = new("Edit the template", "Modifier le modèle");
    public static readonly Words ExtendsTitle = new("extends “{0}”", "prolonge « {0} »");
    public static readonly Words AsYaml = new("Edit as a file (YAML)", "Modifier en fichier (YAML)");
    public static readonly Words BeginsDraft = new(
        "This version is published and never changes: your first change begins the draft of the next one.",
        "Cette version est publiée et ne change plus : votre première modification ouvre le brouillon de la suivante.");

    public static readonly Words AddTask = new("Add a task", "Ajouter une tâche");
    public static readonly Words KeyOf = new("key", "clé");
    public static readonly Words Acts = new("Actions", "Actions");
    public static readonly Words Inherited = new("Inherited", "Hérité");
    public static readonly Words Same = new("the same", "identique");
    public static readonly Words Change = new("Change", "Modifier");
    public static readonly Words Drop = new("Drop", "Retirer");
    public static readonly Words Restore = new("Take back", "Reprendre");
    public static readonly Words Revert = new("As inherited", "Comme hérité");
    public static readonly Words One = new("{0}: {1}", "{0} : {1}");
    public static readonly Words Kept = new("The draft is kept. Nothing is published.", "Le brouillon est gardé. Rien n’est publié.");
    public static readonly Words TitleFr = new("Title in French", "Intitulé en français");
    public static readonly Words TitleEn = new("Title in English", "Intitulé en anglais");
    public static readonly Words Step = new("Step", "Étape");
    public static readonly Words Kind = new("Kind", "Nature");
    public static readonly Words When = new("When it is due", "Échéance");
    public static readonly Words Days = new("Days", "Jours");
    public static readonly Words Count = new("Which days", "Quels jours");
    public static readonly Words BusinessDays = new("business days", "jours ouvrés");
    public static readonly Words CalendarDays = new("calendar days", "jours calendaires");
    public static readonly Words Side = new("Before, after", "Avant, après");
    public static readonly Words BeforeThe = new("before", "avant");
    public static readonly Words AfterThe = new("after", "après");
    public static readonly Words Anchor = new("Counted from", "Compté à partir de");
    public static readonly Words Hour = new("Hour", "Heure");
    public static readonly Words HourHelp = new("Without an hour: the end of the working day. 0 days is the day itself.", "Sans heure : la fin de la journée. 0 jour désigne le jour même.");
    public static readonly Words DaysWrong = new("Days: a whole number from 0 to {0}.", "Jours : un nombre entier de 0 à {0}.");
    public static readonly Words NoTask = new("no task", "aucune tâche");
    public static readonly Words Blocking = new("The departure is not closed before it is done", "Le départ n’est pas clos tant qu’elle n’est pas faite");
    public static readonly Words Evidence = new("It is done with a proof", "Elle se termine par une preuve");
    public static readonly Words Texts = new("What to do", "Ce qu’il faut faire");
    public static readonly Words InstructionsFr = new("Instructions in French", "Consignes en français");
    public static readonly Words InstructionsEn = new("Instructions in English", "Consignes en anglais");
    public static readonly Words DoneFr = new("Done when, in French", "Terminé quand, en français");
    public static readonly Words DoneEn = new("Done when, in English", "Terminé quand, en anglais");
    public static readonly Words ForWhom = new("For which departures", "Pour quels départs");
    public static readonly Words ForWhomHelp = new(
        "Several values of one fact: any of them. Several facts: all of them. Nothing ticked: it does not matter.",
        "Plusieurs valeurs d’un même critère : l’une d’elles suffit. Plusieurs critères : tous sont exigés. Rien de coché : peu importe.");
    public static readonly Words Always = new("always", "toujours");
    public static readonly Words Never = new("no exception", "aucune exception");
    public static readonly Words Several = new("several: separated by ;", "plusieurs : séparez par ;");
    public static readonly Words Notices = new("Reminders and lateness", "Rappels et retard");
    public static readonly Words Reminders = new("Its owner is reminded", "La personne qui en est chargée reçoit un rappel");
    public static readonly Words ReminderOf = new("Reminder {0}", "Rappel {0}");
    public static readonly Words BeforeDue = new("before it is due", "avant l’échéance");
    public static readonly Words Escalation = new("When it is late, somebody else is told", "En cas de retard, quelqu’un d’autre est prévenu");
    public static readonly Words AfterDue = new("after it was due:", "après l’échéance :");
    public static readonly Words EscalateTo = new("Who is told", "Qui est prévenu");
    public static readonly Words Nobody = new("nobody", "personne");
    public static readonly Words SpanWrong = new("Reminders and lateness: a whole number of days from 1 to {0}.", "Rappels et retard : un nombre entier de jours, de 1 à {0}.");
    public static readonly Words Variants = new("Other texts for some departures", "D’autres textes pour certains départs");
    public static readonly Words NewVariant = new("Add other texts", "Ajouter d’autres textes");
    public static readonly Words VariantHelp = new(
        "Say for which departures, most often by contractual status, and only the texts that differ: the others stay.",
        "Indiquez pour quels départs, le plus souvent selon le statut contractuel, et seulement les textes qui changent : les autres restent.");
    public static readonly Words RemoveVariant = new("Remove these texts", "Retirer ces textes");
    public static readonly Words Zone = new("Time zone of the hour", "Fuseau horaire de l’heure");
    public static readonly Words ZoneHelp = new("Empty: that of each departure.", "Vide : celui de chaque départ.");
    public static readonly Words Was = new("Inherited: {0}", "Hérité : {0}");
    public static readonly Words Begin = new("Begin a template", "Commencer un modèle");
    public static readonly Words MadeFor = new("Taken by itself for", "Pris de lui-même pour");
    public static readonly Words MadeForHelp = new("A template of your own comes before those that came with the product.", "Votre propre modèle passe avant ceux qui sont fournis avec Départ.");
    public static readonly Words BeginLead = new("It inherits every task of the one that it extends; you then change, drop or add.", "Il hérite de toutes les tâches de celui qu’il prolonge ; vous modifiez, retirez ou ajoutez ensuite.");
    public static readonly Words Extends = new("Template to extend", "Modèle à prolonger");
    public static readonly Words NameFr = new("Name in French", "Nom en français");
    public static readonly Words NameEn = new("Name in English", "Nom en anglais");
    public static readonly Words YamlInstead = new("Write a file instead", "Écrire plutôt un fichier");

    /// <summary>Which departures a new template is for.</summary>
    public static Words Of(MadeFor made) => made switch
    {
        Processes.MadeFor.Consultants => new("departures of external consultants", "les départs de consultants externes"),
        Processes.MadeFor.ByChoice => new("none: it is chosen at the opening", "aucun : il est choisi à l’ouverture"),
        _ => new("the same departures as the one that it extends", "les mêmes départs que celui qu’il prolonge"),
    };
}
