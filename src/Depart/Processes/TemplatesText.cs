using Depart.Foundation;
using Depart.Foundation.Design;

namespace Depart.Processes;

/// <summary>The words of the pages of templates.</summary>
internal static class TemplatesText
{
    public static readonly Words Templates = new("Templates", "Modèles");
    public static readonly Words Lead = new(
        "A template says which tasks a departure is made of. Extend a shipped one rather than changing it.", "Un modèle dit de quelles tâches un départ est fait. Prolongez un modèle fourni plutôt que de le modifier.");
    public static readonly Words New = new("Write a template", "Écrire un modèle");
    public static readonly Words Name = new("Template", "Modèle");
    public static readonly Words Version = new("Version", "Version");
    public static readonly Words VersionOf = new("version {0}", "version {0}");
    public static readonly Words Extends = new("Extends", "Prolonge");
    public static readonly Words State = new("State", "État");
    public static readonly Words Shipped = new("shipped", "fourni");
    public static readonly Words DraftWaiting = new("a draft is open", "un brouillon est ouvert");
    public static readonly Words Edit = new("Edit the draft", "Modifier le brouillon");
    public static readonly Words NewVersion = new("New version", "Nouvelle version");
    public static readonly Words Publish = new("Publish", "Publier");
    public static readonly Words PublishTitle = new("Publish this version?", "Publier cette version ?");
    public static readonly Words PublishHelp = new(
        "It never changes any more, and new departures use it. Departures under way stay on their version.",
        "Elle ne changera plus, et les nouveaux départs l’utiliseront. Les départs en cours restent sur leur version.");
    public static readonly Words PublishedNow = new("Published: new departures use it.", "Publié : les nouveaux départs l’utilisent.");
    public static readonly Words Withdraw = new("Withdraw", "Retirer");
    public static readonly Words WithdrawTitle = new("Withdraw this version?", "Retirer cette version ?");
    public static readonly Words WithdrawHelp = new("It is not offered any more. Departures that run on it go on.", "Elle n’est plus proposée. Les départs qui l’utilisent continuent.");
    public static readonly Words WithdrawnNow = new("Withdrawn: it is not offered any more.", "Retiré : ce modèle n’est plus proposé.");
    public static readonly Words Compare = new("Compare with what it extends", "Comparer à ce qu’il prolonge");
    public static readonly Words CompareVersions = new("Compare with version {0}", "Comparer à la version {0}");
    public static readonly Words Comparison = new("Comparison", "Comparaison");
    public static readonly Words ComparedWith = new("{0}, version {1} · compared with {2}, version {3}", "{0}, version {1} · comparé à {2}, version {3}");
    public static readonly Words Before = new("Before", "Avant");
    public static readonly Words After = new("After", "Après");
    public static readonly Words Task = new("Task", "Tâche");
    public static readonly Words FieldOfTask = new("Field", "Champ");
    public static readonly Words BackToIt = new("The template", "Le modèle");
    public static readonly Words What = new("What became of it", "Ce qu’elle devient");
    public static readonly Words OneTask = new("{0} task", "{0} tâche");
    public static readonly Words ManyTasks = new("{0} tasks", "{0} tâches");
    public static readonly Words Due = new("Due", "Échéance");
    public static readonly Words Owner = new("Owner", "Qui s’en charge");
    public static readonly Words DoneWhen = new("Done when", "Terminé quand");
    public static readonly Words Blocking = new("blocking", "bloquante");
    public static readonly Words Evidence = new("proof required", "preuve exigée");
    public static readonly Words OnlyWhen = new("Only when", "Seulement si");
    public static readonly Words Unless = new("Unless", "Sauf si");
    public static readonly Words Waits = new("Waits for", "Attend");
    public static readonly Words Variants = new("Other texts for", "Autres textes pour");
    public static readonly Words PreviewDated = new("Preview with dates", "Aperçu daté");
    public static readonly Words NotFor = new("The template is not made for such a departure.", "Le modèle n’est pas fait pour un tel départ.");
    public static readonly Words HasErrors = new("This draft has errors: what it extends was published anew since.", "Ce brouillon contient des erreurs : ce qu’il prolonge a été publié de nouveau depuis.");
    public static readonly Words File = new("The file (YAML)", "Le fichier (YAML)");
    public static readonly Words FileHelp = new("All errors are told with their lines. Nothing is published by saving.", "Chaque erreur est signalée avec sa ligne. Enregistrer ne publie rien.");
    public static readonly Words Check = new("Check", "Vérifier");
    public static readonly Words Save = new("Save the draft", "Enregistrer le brouillon");
    public static readonly Words SavedNow = new("The draft is saved.", "Le brouillon est enregistré.");
    public static readonly Words Sound = new("No error: {0}.", "Aucune erreur : {0}.");
    public static readonly Words Line = new("Line {0}", "Ligne {0}");
    public static readonly Words Every = new("all", "toutes");
    public static readonly Words Yes = new("yes", "oui");
    public static readonly Words No = new("no", "non");

    /// <summary>A short text to begin with.</summary>
    public static readonly Words Example = new(
        "key: ours\nextends: consultant-regie\ntitle:\n  fr: Notre consultant en régie\n  en: Our consultant on time and materials\ndescription:\n  fr: Comme le modèle fourni, à un détail près.\n  en: Like the shipped one, but for one detail.\nfor:\n  kind: regie\n  status: [independent, suppliers-employee, portage-salarial, temporary-worker, second-rank-subcontractor]\ntasks:\n  - key: thank\n    at: \"11:00\"\n",
        "key: le-notre\nextends: consultant-regie\ntitle:\n  fr: Notre consultant en régie\n  en: Our consultant on time and materials\ndescription:\n  fr: Comme le modèle fourni, à un détail près.\n  en: Like the shipped one, but for one detail.\nfor:\n  kind: regie\n  status: [independent, suppliers-employee, portage-salarial, temporary-worker, second-rank-subcontractor]\ntasks:\n  - key: thank\n    at: \"11:00\"\n");

    public static Words Of(TaskChange change) => change switch
    {
        TaskChange.Inherited => new("inherited", "héritée"),
        TaskChange.Changed => new("changed", "modifiée"),
        TaskChange.Dropped => new("dropped", "retirée"),
        _ => new("added", "ajoutée"),
    };

    /// <summary>Several of them.</summary>
    public static Words OfMany(TaskChange change) => change switch
    {
        TaskChange.Inherited => new("inherited", "héritées"),
        TaskChange.Changed => new("changed", "modifiées"),
        TaskChange.Dropped => new("dropped", "retirées"),
        _ => new("added", "ajoutées"),
    };

    public static Words Of(TaskOriginKind origin) => origin switch
    {
        TaskOriginKind.Inherited => Of(TaskChange.Inherited),
        TaskOriginKind.Changed => Of(TaskChange.Changed),
        _ => Of(TaskChange.Added),
    };

    /// <summary>When a task is due: « dernier jour travaillé − 5 jours ouvrés, 12 h ».</summary>
    public static string DueOf(TaskTemplate task) => string.Join(' ', new[] { ProcessesText.Of(task.Anchor).ToString(), ProcessesText.Of(task.Offset).ToString() }.Where(part => part.Length > 0))
        + (task.At is { } hour ? $", {Said.Hour(hour)}" : "");

    /// <summary>A condition for people: « Nature de la mission : Régie ».</summary>
    public static string Of(FactConditions conditions) => string.Join(" · ", TemplateFact.All.Where(fact => conditions.Facts.ContainsKey(fact.Name)).Select(fact =>
        new Words("{0}: {1}", "{0} : {1}").With(fact.Label, string.Join(", ", conditions.Facts[fact.Name].Select(value => ValueOf(fact, value)))).ToString()));

    /// <summary>Whether the one who leaves takes part.</summary>
    public static Words Of(LeaverPresence presence) => presence switch
    {
        LeaverPresence.Present => new("Present", "Présent"),
        LeaverPresence.Absent => new("Absent", "Absent"),
        _ => new("Replaced", "Remplacé"),
    };

    /// <summary>A value of a fact for people.</summary>
    public static string ValueOf(TemplateFact fact, string value) => fact switch
    {
        { Name: "kind" } => Missions.MissionsText.Of(Enum.GetValues<Missions.MissionKind>().First(kind => TemplateFact.WordOf(kind) == value)).ToString(),
        { Name: TemplateFact.Status } => Missions.MissionsText.Of(Enum.GetValues<Missions.ContractualStatus>().First(status => TemplateFact.WordOf(status) == value)).ToString(),
        { Name: TemplateFact.Leaver } => Of(Enum.GetValues<LeaverPresence>().First(presence => TemplateFact.WordOf(presence) == value)).ToString(),
        { Values: not null } => (value == "true" ? Yes : No).ToString(),
        _ => value,
    };
}
