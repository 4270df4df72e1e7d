using Depart.Foundation;

namespace Depart.Missions;

/// <summary>The words of the pages on people.</summary>
internal static class PeopleText
{
    public static readonly Words People = new("People", "Personnes");
    public static readonly Words SearchLabel = new("Name, mail, login or number", "Nom, courriel, identifiant ou numéro interne");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words Supplier = new("Supplier", "Prestataire");
    public static readonly Words MissionLabel = new("Mission", "Mission");
    public static readonly Words Unit = new("Unit", "Entité");
    public static readonly Words MissionEnd = new("End of mission", "Fin de mission");
    public static readonly Words Mail = new("Mail", "Courriel");
    public static readonly Words NobodyFound = new("Nobody answers to this search", "Personne ne répond à cette recherche");
    public static readonly Words NobodyFoundHow = new(
        "Accents and case do not matter; try part of the name, the mail or the login.",
        "Accents et majuscules ne comptent pas ; essayez une partie du nom, du courriel ou de l’identifiant.");
    public static readonly Words NobodyYet = new("Nobody is recorded yet", "Personne n’est encore enregistré");
    public static readonly Words NobodyYetHow = new(
        "People and missions are recorded while the mission runs: import your list, or add one person.",
        "Personnes et missions s’enregistrent pendant la mission : importez votre liste, ou ajoutez une personne.");
    public static readonly Words Choose = new("Choose {0}", "Choisir {0}");
    public static readonly Words ChooseShort = new("Choose", "Choisir");
    public static readonly Words Add = new("Add a person", "Ajouter une personne");
    public static readonly Words AddHelp = new("For one person.", "Pour une seule personne.");
    public static readonly Words ImportInstead = new("For a list, import a file.", "Pour une liste, importez un fichier.");
    public static readonly Words ImportFile = new("Import a file", "Importer un fichier");
    public static readonly Words Added = new("{0} is in the record.", "{0} est dans le registre.");
    public static readonly Words Change = new("Change", "Modifier");
    public static readonly Words ChangeTitle = new("Change what is known of {0}", "Modifier la fiche {0}");
    public static readonly Words Changed = new("The changes are saved.", "Les modifications sont enregistrées.");
    public static readonly Words MailsHelp = new("One a line, the main one first. Accounts are matched by them.", "Une par ligne, la principale en premier : elles servent à rattacher les comptes.");
    public static readonly Words LoginsHelp = new("One a line, when known: Depart also finds accounts by them.", "Un par ligne, s’ils sont connus : ils servent aussi à retrouver les comptes.");
    public static readonly Words NumberHelp = new("The one that your systems know the person by, if they do.", "Celui par lequel vos systèmes désignent la personne, s’il existe.");
    public static readonly Words OneALine = new("One a line.", "Une par ligne.");
    public static readonly Words FirstMission = new("Their mission", "Sa mission");
    public static readonly Words FirstMissionHelp = new(
        "A departure ends a mission. Leave the title empty to add the mission later, with all its details.",
        "Un départ met fin à une mission. Laissez l’intitulé vide pour ajouter la mission plus tard, avec tous ses détails.");
    public static readonly Words PrivateHelp = new(
        "Held only with consent: it reaches the person when the company account is closed.",
        "Conservée avec l’accord de la personne seulement : elle permet de la joindre une fois le compte de l’entreprise fermé.");
    public static readonly Words ConsentByHelp = new("A signed form, a mail of such a day.", "Formulaire signé, message de tel jour.");
    public static readonly Words HoldPrivate = new("Hold this address", "Conserver cette adresse");
    public static readonly Words PrivateHeld = new("The private address is held.", "L’adresse privée est conservée.");
    public static readonly Words ForgetPrivate = new("Forget this address", "Oublier cette adresse");
    public static readonly Words PrivateForgotten = new("The private address is forgotten.", "L’adresse privée est oubliée.");
    public static readonly Words RecordedBy = new("recorded by {0}", "enregistré par {0}");
    public static readonly Words AddMission = new("Add the mission", "Ajouter la mission");
    public static readonly Words AddMissionShort = new("Add a mission", "Ajouter une mission");
    public static readonly Words AddMissionTitle = new("New mission of {0}", "Nouvelle mission {0}");
    public static readonly Words ChangeMission = new("Change the mission", "Modifier la mission");
    public static readonly Words ChangeMissionOne = new("Change the mission {0}", "Modifier la mission {0}");
    public static readonly Words MissionAdded = new("The mission is added.", "La mission est ajoutée.");
    public static readonly Words MissionChanged = new("The mission is changed.", "La mission est modifiée.");
    public static readonly Words ManagerHelp = new("Name or mail of somebody of the record.", "Nom ou courriel d’une personne du registre.");
    public static readonly Words NobodyCalled = new("Nobody of the record answers to “{0}”. Add them first, as internal.", "Personne dans le registre ne répond à « {0} ». Ajoutez-la d’abord, comme interne.");
    public static readonly Words SeveralCalled = new("Several people answer to “{0}”: give the e-mail address.", "Plusieurs personnes répondent à « {0} » : indiquez l’adresse électronique.");
    public static readonly Words Circle = new("Circle", "Cercle");
    public static readonly Words CircleHelp = new("Whom the person works with: they will be told of the departure.", "Avec qui la personne travaille : ils seront avertis du départ.");
    public static readonly Words Missions = new("Missions", "Missions");
}
