using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Processes;

/// <summary>The words of process templates.</summary>
internal static class ProcessesText
{
    public static readonly Words Template = new("Process template", "Modèle de processus");
    public static readonly Words Version = new("Version", "Version");
    public static readonly Words Task = new("Task", "Tâche");
    public static readonly Words TitleInBoth = new("Give the name in French and in English.", "Donnez le nom en français et en anglais.");
    public static readonly Words Elsewhere = new("{0}: {1}", "{0} : {1}");

    // The file as such.
    public static readonly Words TooLarge = new("the file is larger than {0} MB.", "le fichier dépasse {0} Mo.");
    public static readonly Words NotYaml = new(
        "this cannot be read as YAML from here on: look at the indentation (spaces, never tabs), the quotation marks and the colons on this line and the one before.",
        "à partir d’ici, ce n’est plus du YAML : vérifiez le retrait (des espaces, jamais de tabulations), les guillemets et les deux-points sur cette ligne et la précédente.");
    public static readonly Words Empty = new("the file is empty.", "le fichier est vide.");
    public static readonly Words NotMapping = new("a template is written as “key: value” lines, beginning with “key:”.", "un modèle s’écrit en lignes « clé: valeur », à commencer par « key: ».");
    public static readonly Words SeveralDocuments = new("a file holds one template only.", "un fichier ne contient qu’un seul modèle.");
    public static readonly Words TooDeep = new("nested too deep: {0} levels at most.", "imbrication trop profonde : {0} niveaux au plus.");
    public static readonly Words TooManyPieces = new("there is too much in this file to be a process.", "ce fichier contient trop d’éléments pour un processus.");
    public static readonly Words NoAlias = new("anchors and aliases (& and *) are not accepted here: write the value again.", "les ancres et les alias (& et *) ne sont pas admis ici : écrivez de nouveau la valeur.");
    public static readonly Words NoTag = new("tags (!…) are not accepted here: write the value alone.", "les balises (!…) ne sont pas admises ici : écrivez la valeur seule.");
    public static readonly Words NotKey = new("a key is a single word.", "une clé est un simple mot.");

    // Keys and values.
    public static readonly Words UnknownKey = new("there is no key “{0}” here. Known ones: {1}.", "la clé « {0} » n’existe pas ici. Clés connues : {1}.");
    public static readonly Words UnknownKeyMeant = new("there is no key “{0}” here; did you mean “{1}”?", "la clé « {0} » n’existe pas ici ; vouliez-vous dire « {1} » ?");
    public static readonly Words DuplicateKey = new("“{0}” is given twice; the first is on line {1}.", "« {0} » est donné deux fois ; la première est à la ligne {1}.");
    public static readonly Words Required = new("“{0}” is missing.", "« {0} » manque.");
    public static readonly Words NoValue = new("“{0}” has no value.", "« {0} » n’a pas de valeur.");
    public static readonly Words EmptyText = new("this text is empty.", "ce texte est vide.");
    public static readonly Words TooLong = new("{0} characters: at most {1} are accepted.", "{0} caractères : {1} au plus sont admis.");
    public static readonly Words OneLine = new("this text is written on one line, without control characters.", "ce texte tient sur une ligne, sans caractère de contrôle.");
    public static readonly Words ControlCharacters = new("this text has control characters.", "ce texte contient des caractères de contrôle.");
    public static readonly Words ExpectedText = new("a text is expected here.", "un texte est attendu ici.");
    public static readonly Words ExpectedBilingual = new("a text in both languages is expected here: “fr: …” and “en: …” below the key.", "un texte dans les deux langues est attendu ici : « fr: … » et « en: … » sous la clé.");
    public static readonly Words MissingFrench = new("the French text (“fr:”) is missing.", "le texte français (« fr: ») manque.");
    public static readonly Words MissingEnglish = new("the English text (“en:”) is missing.", "le texte anglais (« en: ») manque.");
    public static readonly Words ExpectedFlag = new("true or false is expected here, without quotation marks.", "true ou false est attendu ici, sans guillemets.");
    public static readonly Words ExpectedNumber = new("a whole number from {0} to {1} is expected here.", "un nombre entier de {0} à {1} est attendu ici.");
    public static readonly Words ExpectedMapping = new("“key: value” lines are expected here.", "des lignes « clé: valeur » sont attendues ici.");
    public static readonly Words ExpectedList = new("a list is expected here, one “- …” a line.", "une liste est attendue ici, un « - … » par ligne.");
    public static readonly Words TooManyItems = new("too many: {0} at most.", "il y en a trop : {0} au plus.");
    public static readonly Words UnknownValue = new("“{0}” is not known here. Known words: {1}.", "« {0} » n’est pas connu ici. Mots connus : {1}.");
    public static readonly Words UnknownValueMeant = new("“{0}” is not known here; did you mean “{1}”?", "« {0} » n’est pas connu ici ; vouliez-vous dire « {1} » ?");
    public static readonly Words BadKey = new(
        "“{0}” cannot be a key: lower-case letters without accents, digits and hyphens, {1} at most, as in “announce-teams”.",
        "« {0} » ne peut pas être une clé : minuscules sans accent, chiffres et traits d’union, {1} au plus, comme « announce-teams ».");
    public static readonly Words BadOffset = new(
        "“{0}” is no offset. Examples: 0 days, -3 days, -10 business days, 2 business days.", "« {0} » n’est pas un décalage. Exemples : 0 days, -3 days, -10 business days, 2 business days.");
    public static readonly Words BadSpan = new("“{0}” is no length of time. Examples: 2 days, 1 business day.", "« {0} » n’est pas une durée. Exemples : 2 days, 1 business day.");
    public static readonly Words TooFar = new("“{0}” is more than two years away.", "« {0} » est à plus de deux ans.");
    public static readonly Words BadHour = new("“{0}” is no hour of the day. Example: \"09:00\".", "« {0} » n’est pas une heure de la journée. Exemple : \"09:00\".");
    public static readonly Words UnknownZone = new("there is no time zone named “{0}”. Example: Europe/Paris.", "aucun fuseau horaire ne s’appelle « {0} ». Exemple : Europe/Paris.");
    public static readonly Words EscalationOutside = new(
        "a late task is told inside the company: manager, it, hr or security.", "le retard d’une tâche se signale dans l’entreprise : manager, it, hr ou security.");
    public static readonly Words ForNeedsStatus = new(
        "“for” says at least for which contractual status the process is made: “status: [independent, …]”.",
        "« for » dit au moins pour quel statut contractuel le processus est fait : « status: [independent, …] ».");
    public static readonly Words VariantForAll = new("a variant says for which departures it is; without a condition, change the task’s own text.", "une variante dit pour quels départs elle est faite ; sans condition, changez le texte de la tâche.");
    public static readonly Words VariantEmpty = new("this variant changes no text: give title, instructions or done.", "cette variante ne change aucun texte : donnez title, instructions ou done.");

    // Inheritance.
    public static readonly Words DropWithoutBase = new("nothing can be dropped: the template extends no other.", "rien ne peut être retiré : le modèle n’en prolonge aucun autre.");
    public static readonly Words DuplicateTask = new("the task “{0}” is described twice; the first is on line {1}.", "la tâche « {0} » est décrite deux fois ; la première est à la ligne {1}.");
    public static readonly Words UnknownBase = new("there is no published template “{0}” to extend.", "aucun modèle publié « {0} » à prolonger.");
    public static readonly Words BaseRefused = new("the template “{0}” that this one extends has errors of its own.", "le modèle « {0} », que celui-ci prolonge, contient lui-même des erreurs.");
    public static readonly Words ExtendsCircle = new("templates extend one another in a circle: {0}.", "des modèles se prolongent en cercle : {0}.");
    public static readonly Words UnknownDrop = new("there is no task “{0}” in “{1}” to drop.", "il n’y a pas de tâche « {0} » à retirer dans « {1} ».");
    public static readonly Words DroppedAndChanged = new("the task “{0}” is both dropped and changed: keep one of the two.", "la tâche « {0} » est à la fois retirée et modifiée : gardez l’un des deux.");
    public static readonly Words UnknownOverrideMeant = new(
        "there is no inherited task “{0}” to change; did you mean “{1}”?", "il n’y a pas de tâche héritée « {0} » à modifier ; vouliez-vous dire « {1} » ?");
    public static readonly Words UnknownOverride = new(
        "there is no inherited task “{0}” to change; to add it as a new one, also give: {1}.", "il n’y a pas de tâche héritée « {0} » à modifier ; pour l’ajouter, donnez aussi : {1}.");

    // The whole.
    public static readonly Words NeverHolds = new("the task “{0}” can never apply: its conditions contradict each other, or the “for” of the template.", "la tâche « {0} » ne peut jamais s’appliquer : ses conditions se contredisent, ou contredisent le « for » du modèle.");
    public static readonly Words InheritedNeverHolds = new("the task “{0}”, inherited from “{1}”, can never apply here: drop it.", "la tâche « {0} », héritée de « {1} », ne peut jamais s’appliquer ici : retirez-la (drop).");
    public static readonly Words VariantNeverHolds = new("variant {0} of “{1}” can never apply.", "la variante {0} de « {1} » ne peut jamais s’appliquer.");
    public static readonly Words UnknownDependency = new("“{0}” waits for “{1}”, which does not exist.", "« {0} » attend « {1} », qui n’existe pas.");
    public static readonly Words UnknownDependencyMeant = new("“{0}” waits for “{1}”, which does not exist; did you mean “{2}”?", "« {0} » attend « {1} », qui n’existe pas ; vouliez-vous dire « {2} » ?");
    public static readonly Words DependencyDropped = new("“{0}” waits for “{1}”, which is dropped.", "« {0} » attend « {1} », qui est retirée.");
    public static readonly Words DependencyCircle = new("these tasks wait for each other: {0}.", "ces tâches s’attendent l’une l’autre : {0}.");
    public static readonly Words CutWaits = new(
        "nothing human may delay a cut: “{0}” would wait for a task that a person does ({1}, {2}). Take the dependency away; what must be ready before is given an earlier date.",
        "rien d’humain ne retarde une coupure : « {0} » attendrait une tâche faite par une personne ({1}, {2}). Retirez la dépendance ; ce qui doit être prêt avant reçoit une date antérieure.");
    public static readonly Words ImpossibleDate = new("“{0}” is due ({1}) before “{2}”, for which it waits ({3}).", "« {0} » est due ({1}) avant « {2} », qu’elle attend ({3}).");
    public static readonly Words DueAt = new("{0} {1}, {2}", "{0} {1}, {2}");

    // Versions.
    public static readonly Problem NotDraft = Problem.Conflict("not-a-draft", new(
        "Only a draft can be changed or published: a published version never changes. Begin a draft from it.",
        "Seul un brouillon se modifie ou se publie : une version publiée ne change jamais. Commencez un brouillon à partir d’elle."));

    public static readonly Problem AlreadyWithdrawn = Problem.Conflict("already-withdrawn", new("This version was withdrawn already.", "Cette version est déjà retirée."));

    public static readonly Problem DraftExists = Problem.Conflict("draft-exists", new(
        "There is a draft of this process already: finish or withdraw it first.", "Ce processus a déjà un brouillon : terminez-le ou retirez-le d’abord."));

    public static readonly Words TemplateTaken = new("There is a template “{0}” already.", "Il existe déjà un modèle « {0} ».");
    public static readonly Words NothingToCompare = new("“{0}” extends no other template: say which one to compare it with.", "« {0} » n’en prolonge aucun autre : indiquez à quel modèle le comparer.");

    /// <summary>The state of a version.</summary>
    public static Words Of(TemplateState state) => state switch
    {
        TemplateState.Draft => new("Draft", "Brouillon"),
        TemplateState.Published => new("Published", "Publié"),
        _ => new("Withdrawn", "Retiré"),
    };

    /// <summary>The anchor.</summary>
    public static Words Of(TaskAnchor anchor) => anchor switch
    {
        TaskAnchor.Announcement => new("announcement", "annonce"),
        TaskAnchor.LastDay => new("last working day", "dernier jour travaillé"),
        _ => new("end of the mission", "fin de la mission"),
    };

    /// <summary>« + 3 jours ouvrés », nothing for the day itself.</summary>
    public static Words Of(DayOffset offset)
    {
        var (sign, days) = (offset.Days < 0 ? "−" : "+", Math.Abs(offset.Days));
        return offset.Days == 0 ? Words.Same("") : offset.Business
            ? Words.Count(days, new(sign + " {0} business day", sign + " {0} jour ouvré"), new(sign + " {0} business days", sign + " {0} jours ouvrés"))
            : Words.Count(days, new(sign + " {0} day", sign + " {0} jour"), new(sign + " {0} days", sign + " {0} jours"));
    }

    /// <summary>The owner.</summary>
    public static Words Of(TaskOwner owner) => owner switch
    {
        TaskOwner.Manager => new("Mission manager", "Responsable de mission"),
        TaskOwner.It => new("IT operations", "Opérations informatiques"),
        TaskOwner.Hr => new("HR and procurement", "RH et achats de prestations"),
        TaskOwner.Security => new("Security officer", "RSSI"),
        TaskOwner.Consultant => new("The person who leaves", "La personne qui part"),
        TaskOwner.Successor => new("Successor", "Repreneur"),
        TaskOwner.SystemOwner => new("System’s owner", "Responsable du système"),
        _ => new("Supplier’s contact", "Contact du prestataire"),
    };

    /// <summary>The seven steps.</summary>
    public static Words OfStep(int step) => step switch
    {
        1 => new("Announce", "Annoncer"),
        2 => new("Recognise", "Valoriser"),
        3 => new("Hand over", "Transmettre"),
        4 => new("Listen", "Écouter"),
        5 => new("Close", "Clôturer"),
        6 => new("Keep in touch", "Garder le lien"),
        _ => new("One platform", "Tout réunir"),
    };
}
