using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>The words of imports.</summary>
internal static class ImportsText
{
    public static readonly Words Import = new("Import", "Import");
    public static readonly Words Imports = new("Imports", "Imports");
    public static readonly Words File = new("File", "Fichier");
    public static readonly Words Nothing = new("nothing", "rien");
    public static readonly Words WithoutKeys = new("without a number or an address", "sans numéro ni adresse");

    public static readonly Words NoKey = new(
        "Nothing tells whom this line is about: give a number or an e-mail address, or both names.",
        "Rien ne dit de qui parle cette ligne : indiquez un numéro interne ou une adresse électronique, ou le prénom et le nom.");

    public static readonly Words NobodyWithKey = new(
        "Nobody in the record has “{0}”, and the line does not give both names needed to add a person.",
        "Personne dans le registre n’a « {0} », et la ligne ne donne pas le prénom et le nom nécessaires pour ajouter une personne.");

    public static readonly Words TooManyMissions = new(
        "{0} has more than {1} missions: is this really one person?",
        "{0} compte plus de {1} missions : est-ce bien une seule personne ?");

    public static readonly Words AmbiguousInFile = new(
        "Ambiguous: several lines name {0} without a number or an address. One person or several? Give a number or an address.",
        "Ambigu : plusieurs lignes nomment {0} sans numéro ni adresse. Une personne ou plusieurs ? Indiquez un numéro interne ou une adresse.");

    public static readonly Words AmbiguousInRecord = new(
        "Ambiguous: {1} people of the record are called {0}. Give a number or an address.",
        "Ambigu : {1} personnes du registre s’appellent {0}. Indiquez un numéro interne ou une adresse.");

    public static readonly Words Perhaps = new(
        "Ambiguous: {0} is already in the record ({1}), and nothing tells whether this is the same person. Give a number or an address they share, or correct the person’s page.",
        "Ambigu : {0} est déjà dans le registre ({1}), et rien ne dit si c’est la même personne. Indiquez un numéro interne ou une adresse en commun, ou corrigez la fiche de la personne.");

    public static readonly Words Homonym = new(
        "Another person called {0} is in the record ({1}), with another number or address: a second person is added.",
        "Une autre personne nommée {0} est dans le registre ({1}), avec un autre numéro ou une autre adresse : une seconde personne est donc ajoutée.");

    public static readonly Words SeveralPeople = new(
        "The number and the addresses of this line belong to different people: {0}.",
        "Le numéro interne et les adresses de cette ligne appartiennent à des personnes différentes : {0}.");

    public static readonly Words OtherNumber = new(
        "The address {0} is {1}’s, whose number is {2}.", "L’adresse {0} est celle {1}, dont le numéro interne est {2}.");

    public static readonly Words OtherNames = new(
        "“{0}” belongs to {1}, and the line names {2}: both names differ, so this is not taken for a change of name.",
        "« {0} » appartient à {1}, et la ligne nomme {2} : prénom et nom diffèrent tous deux, ce n’est donc pas pris pour un changement de nom.");

    public static readonly Words Contradicts = new(
        "Line {0} says otherwise: “{1}” there, “{2}” here.", "La ligne {0} dit autre chose : « {1} » là-bas, « {2} » ici.");

    public static readonly Words SeveralMissions = new(
        "Ambiguous: {0} has {1} missions that fit. Give the title, the start or the order reference.",
        "Ambigu : {0} a {1} missions qui conviennent. Indiquez l’intitulé, le début ou la référence de commande.");

    public static readonly Words StrayMissionWords = new(
        "What is said of a mission was left out: the line gives neither its title, nor a date, nor an order reference.",
        "Ce qui est dit d’une mission n’est pas repris : la ligne ne donne ni intitulé, ni date, ni référence de commande.");

    public static readonly Words ManagerUnknown = new(
        "The manager “{0}” is not in the record: the mission is taken without them. Use an e-mail address or a number that is known.",
        "Le responsable « {0} » n’est pas dans le registre : la mission est reprise sans lui. Utilisez une adresse électronique ou un numéro interne connus.");

    public static readonly Words SupplierOfMissionOnly = new(
        "The person’s supplier stays {0}; {1} is kept for this mission.", "Le prestataire de la personne reste {0} ; {1} est repris pour cette mission.");

    public static readonly Words OtherContact = new(
        "Line {0} already gives the contact of {1}: this one is left out.", "La ligne {0} donne déjà un contact pour {1} : celui-ci n’est pas repris.");

    public static readonly Words ChangedSincePreview = new(
        "The record changed since the preview: {0}. Import the file again to see what remains.",
        "Le registre a changé depuis l’aperçu : {0}. Importez de nouveau le fichier pour voir ce qui reste à faire.");

    public static readonly Words PersonGone = new("the person is no longer there", "la personne n’y est plus");
    public static readonly Words KeyTakenSince = new("{0} is now {1}’s", "{0} est désormais à {1}");
    public static readonly Words NameTakenSince = new("somebody called {0} was added", "une personne nommée {0} a été ajoutée");
    public static readonly Words FieldChangedSince = new("{0} is now “{1}”", "{0} vaut désormais « {1} »");
    public static readonly Words PersonRefused = new("The person of this line was not added: {0}", "La personne de cette ligne n’a pas été ajoutée : {0}");

    public static readonly Words ColumnLine = new("line", "ligne");
    public static readonly Words ColumnReason = new("reason for refusal", "motif du refus");

    public static readonly Problem NotReady = Problem.Conflict("import-not-ready", new(
        "This import cannot be applied: it was applied already, is running, or its file was deleted.",
        "Cet import ne peut pas être exécuté : il l’a déjà été, il est en cours, ou son fichier a été supprimé."));

    public static readonly Problem Running = Problem.Conflict("import-running", new(
        "This import is running: wait for its end.", "Cet import est en cours : attendez sa fin."));

    public static readonly Problem Empty = SheetReader.Refused("file-without-lines", new(
        "The file has a header and no line below it.", "Le fichier a une ligne de titres et aucune ligne en dessous."));

    public static Words Of(LineState state) => state switch
    {
        LineState.Create => new("To create", "À créer"),
        LineState.Change => new("To change", "À modifier"),
        LineState.Unchanged => new("Unchanged", "Sans changement"),
        _ => new("Refused", "Refusée"),
    };

    public static Words Of(ImportState state) => state switch
    {
        ImportState.Reading => new("Being read", "En cours de lecture"),
        ImportState.Ready => new("To be confirmed", "À confirmer"),
        ImportState.Applying => new("Running", "En cours"),
        ImportState.Applied => new("Done", "Terminé"),
        _ => new("File deleted", "Fichier supprimé"),
    };

    public static Words Of(DateOrder order) => order switch
    {
        DateOrder.DayFirst => new("dates read as day/month/year", "dates lues jour/mois/année"),
        DateOrder.MonthFirst => new("dates read as month/day/year", "dates lues mois/jour/année"),
        _ => new("dates that can be read in two ways are refused", "les dates lisibles de deux façons sont refusées"),
    };
}
