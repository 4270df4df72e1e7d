using Depart.Foundation;

namespace Depart.Missions.Imports;

/// <summary>The words of the pages of imports.</summary>
internal static class ImportPageText
{
    public static readonly Words Title = new("Import a file", "Importer un fichier");
    public static readonly Words About = new(
        "A CSV or Excel file, with French or English headers. You see line by line what it would do; nothing is changed before you confirm.",
        "Un fichier CSV ou Excel, aux en-têtes français ou anglais. Vous voyez ligne à ligne ce qu’il ferait ; rien n’est modifié avant votre confirmation.");
    public static readonly Words Choose = new("The file", "Le fichier");
    public static readonly Words ChooseHelp = new(
        "CSV or XLSX, at most 20 MB and 50,000 lines. Kept encrypted for seven days, then deleted.",
        "CSV ou XLSX, 20 Mo et 50 000 lignes au plus. Conservé chiffré sept jours, puis supprimé.");
    public static readonly Words KindLabel = new("What it holds", "Ce qu’il contient");
    public static readonly Words KindPeople = new("People, with their missions", "Des personnes et leurs missions");
    public static readonly Words KindMissions = new("Missions", "Des missions");
    public static readonly Words KindDepartures = new("Departures to open", "Des départs à ouvrir");
    public static readonly Words DeparturesAbout = new(
        "Number, Email or Order reference says which mission ends; Last day when it ends. Hour of the cut, Time zone, Announcement, Template, Reason and Successor if they are other than usual. "
        + "Nothing is cut at once by a file, and nobody is added.",
        "Numéro interne, Courriel ou Référence de commande dit quelle mission s’achève ; Dernier jour, quand elle s’achève. Heure de la coupure, Fuseau horaire, Annonce, Modèle, Motif et Repreneur s’ils sortent de l’ordinaire. "
        + "Un fichier ne coupe rien aussitôt et n’ajoute personne.");
    public static readonly Words SeeDepartures = new("See the departures", "Voir les départs");
    public static readonly Words DatesLabel = new("Dates", "Dates");
    public static readonly Words DatesFound = new("Find out from the file", "À déduire du fichier");
    public static readonly Words DayFirst = new("Day first: 31/12/2026", "Jour d’abord : 31/12/2026");
    public static readonly Words MonthFirst = new("Month first: 12/31/2026", "Mois d’abord : 12/31/2026");
    public static readonly Words Preview = new("See what it would do", "Voir ce qu’il ferait");
    public static readonly Words ColumnsAbout = new(
        "Headers as people write them: Nom, Prénom, Courriel, Numéro interne, Prestataire, Mission, Début, Fin; or Last name, First name, Email, Number, Supplier, Mission, Start, End. "
        + "A person is recognised by number or e-mail address. An empty cell changes nothing.",
        "Des en-têtes comme on les écrit : Nom, Prénom, Courriel, Numéro interne, Prestataire, Mission, Début, Fin ; ou Last name, First name, Email, Number, Supplier, Mission, Start, End. "
        + "Une personne se reconnaît à son numéro interne ou à son adresse. Une cellule vide ne change rien.");
    public static readonly Words Expect = new("What the file should look like", "À quoi doit ressembler le fichier");
    public static readonly Words Earlier = new("Earlier imports", "Imports précédents");
    public static readonly Words NoneYet = new("No file was imported yet", "Aucun fichier n’a encore été importé");
    public static readonly Words NoneYetHow = new(
        "Send the list your company keeps today, as it is: what is not understood is said line by line.",
        "Envoyez la liste que tient déjà votre entreprise, telle quelle : ce qui n’est pas compris est dit ligne à ligne.");
    public static readonly Words SentBy = new("sent by {0}", "envoyé par {0}");
    public static readonly Words NoFile = new("Choose a file first: nothing was sent.", "Choisissez d’abord un fichier : rien n’a été envoyé.");
    public static readonly Words Expired = new("This form is too old: choose the file again. Nothing was done.", "Ce formulaire a expiré : choisissez de nouveau le fichier. Rien n’a été fait.");
    public static readonly Words Line = new("Line", "Ligne");
    public static readonly Words Whom = new("Whom", "Qui");
    public static readonly Words What = new("What becomes of it", "Ce qu’elle devient");
    public static readonly Words Details = new("Details", "Détails");
    public static readonly Words LeftOut = new("Columns not understood and left out: {0}.", "Colonnes non reprises : {0}.");
    public static readonly Words ConfirmAbout = new("Refused lines are left out; the others are applied.", "Les lignes refusées sont laissées de côté ; les autres sont appliquées.");
    public static readonly Words Every = new("All", "Toutes");
    public static readonly Words Lines = new("Lines", "Lignes");
    public static readonly Words OnlyRefused = new("Nothing to apply: the lines that are not refused are already known.", "Rien à appliquer : les lignes qui ne sont pas refusées sont déjà connues.");
    public static readonly Words NothingToDo = new("This file changes nothing: everything it says is already known.", "Ce fichier ne change rien : tout ce qu’il dit est déjà connu.");
    public static readonly Words AllRefused = new("No line can be taken. Correct the file and send it again.", "Aucune ligne ne peut être reprise. Corrigez le fichier et renvoyez-le.");
    public static readonly Words Applying = new("The lines are being applied. Closing this page stops nothing.", "Les lignes sont en cours d’application. Fermer cette page n’arrête rien.");
    public static readonly Words Download = new("Download the refused lines", "Télécharger les lignes refusées");
    public static readonly Words DownloadHelp = new("With the reason in a last column: correct them there and import that file.", "Avec le motif en dernière colonne : corrigez-les là et importez ce fichier.");
    public static readonly Words Forget = new("Delete the file", "Supprimer le fichier");
    public static readonly Words ForgetTitle = new("Delete this file?", "Supprimer ce fichier ?");
    public static readonly Words ForgetHelp = new("Its lines are deleted now; what was applied stays in the record.", "Ses lignes sont supprimées maintenant ; ce qui a été appliqué reste dans le registre.");
    public static readonly Words ForgottenNow = new("The file is deleted.", "Le fichier est supprimé.");
    public static readonly Words Started = new("The import has started.", "L’import a commencé.");
    public static readonly Words Another = new("Import another file", "Importer un autre fichier");
    public static readonly Words NoSuchLine = new("No such line", "Aucune ligne de ce genre");
    public static readonly Words NoSuchLineHow = new("Choose another tab.", "Choisissez un autre onglet.");
    public static readonly Words SeePeople = new("See the people", "Voir les personnes");

    private static readonly Words ApplyOne = new("Apply {0} line", "Appliquer {0} ligne");
    private static readonly Words ApplyMany = new("Apply {0} lines", "Appliquer {0} lignes");
    private static readonly Words ReadyOne = new("{0} line to apply", "{0} ligne à appliquer");
    private static readonly Words ReadyMany = new("{0} lines to apply", "{0} lignes à appliquer");
    private static readonly Words LineOne = new("{0} line", "{0} ligne");
    private static readonly Words LineMany = new("{0} lines", "{0} lignes");
    private static readonly Words RefusedOne = new("{0} refused", "{0} refusée");
    private static readonly Words RefusedMany = new("{0} refused", "{0} refusées");
    private static readonly Words DoneOne = new("{0} line is applied", "{0} ligne est appliquée");
    private static readonly Words DoneMany = new("{0} lines are applied", "{0} lignes sont appliquées");

    public static Words Apply(int lines) => Words.Count(lines, ApplyOne, ApplyMany);

    public static Words ToApply(int lines) => Words.Count(lines, ReadyOne, ReadyMany);

    /// <summary>The lines of a state together, as a tab names them: before the import what is to be done, after it what was.</summary>
    public static Words Of(LineState state, bool applied) => (state, applied) switch
    {
        (LineState.Create, true) => new("Created", "Créées"),
        (LineState.Change, true) => new("Changed", "Modifiées"),
        (LineState.Refused, _) => new("Refused", "Refusées"),
        _ => ImportsText.Of(state),
    };

    public static Words LinesOf(int lines) => Words.Count(lines, LineOne, LineMany);

    public static Words RefusedOf(int lines) => Words.Count(lines, RefusedOne, RefusedMany);

    public static Words Done(int lines) => Words.Count(lines, DoneOne, DoneMany);
}
