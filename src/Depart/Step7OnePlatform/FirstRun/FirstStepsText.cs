using Depart.Foundation;

namespace Depart.Step7OnePlatform.FirstRun;

/// <summary>The words of the first steps.</summary>
internal static class FirstStepsText
{
    public static readonly Words Title = new("First steps", "Premiers pas");
    public static readonly Words About = new(
        "From here to a first departure in ten minutes or so. Leave at any point: what is done stays done, and this page knows it.",
        "D’ici à un premier départ, comptez une dizaine de minutes. Arrêtez-vous quand vous voulez : ce qui est fait reste fait, et cette page le sait.");
    public static readonly Words Count = new("{0} of {1} done", "{0} sur {1}");
    public static readonly Words Next = new("Next", "Suite");
    public static readonly Words Done = new("Done", "Fait");
    public static readonly Words ToDo = new("To do", "À faire");
    public static readonly Words Later = new("Later", "Plus tard");
    public static readonly Words LeaveOne = new("Later: {0}", "Plus tard : {0}");
    public static readonly Words TakeUp = new("Take up", "Reprendre");
    public static readonly Words TakeUpOne = new("Take up: {0}", "Reprendre : {0}");
    public static readonly Words PutAway = new("Put this guide away", "Ranger ce guide");
    public static readonly Words PutAwayNow = new("The guide is put away; the settings lead to it.", "Le guide est rangé ; les réglages y mènent.");
    public static readonly Words BringBack = new("Show it on the home page again", "Le remontrer à l’accueil");
    public static readonly Words BroughtBack = new("The guide is on the home page again.", "Le guide est de nouveau à l’accueil.");
    public static readonly Words IsAway = new("This guide is put away: the home page does not show it.", "Ce guide est rangé : l’accueil ne le montre pas.");
    public static readonly Words AllDone = new("All is done: what comes next is on the home page.", "Tout est fait : la suite est à l’accueil.");
    public static readonly Words AllDoneButLater = new("Nothing is left but what you left for later.", "Il ne reste que ce que vous avez remis à plus tard.");
    public static readonly Words ByFile = new("From a file instead", "Plutôt par un fichier");

    public static readonly Words OrganisationHow = new("Its name on every page and mail, and whom leavers write to.", "Son nom sur chaque page et courriel, et à qui écrit la personne qui part.");
    public static readonly Words MailHow = new("For reminders and links; a test says whether it works. Without it mails wait.", "Pour les rappels et les liens ; un essai dit s’il fonctionne. Sans lui, les courriels attendent.");
    public static readonly Words SystemHow = new("A directory or an application where consultants have accounts: connect, test, read. Nothing is changed there.", "Un annuaire ou une application où les consultants ont des comptes : connecter, tester, lire. Rien n’y est modifié.");
    public static readonly Words SystemToRead = new("{0} is connected: run a discovery to see its accounts.", "{0} est connecté : lancez une découverte pour voir ses comptes.");
    public static readonly Words PeopleHow = new("By hand to begin with, or the list your company keeps, as it is.", "À la main pour commencer, ou la liste que tient déjà votre entreprise, telle quelle.");
    public static readonly Words PeopleThere = new("People are recorded.", "Des personnes sont enregistrées.");
    public static readonly Words MissionHow = new("What the person does here, and until when: a departure ends a mission.", "Ce que la personne fait ici, et jusqu’à quand : un départ termine une mission.");
    public static readonly Words MissionsThere = new("Missions are recorded.", "Des missions sont enregistrées.");
    public static readonly Words DepartureHow = new("With its last day and hour; the plan then shows what will be closed. Nothing is cut before.", "Avec son dernier jour et son heure ; le plan montre ensuite ce qui sera fermé. Rien n’est coupé avant.");

    private static readonly Words ReadOne = new("{0}: {1} account read", "{0} : {1} compte lu");
    private static readonly Words ReadMany = new("{0}: {1} accounts read", "{0} : {1} comptes lus");

    public static Words SystemRead(string system, int read) => new(
        (read == 1 ? ReadOne : ReadMany).With(system, read.ToString("N0", Words.English)).En, (read < 2 ? ReadOne : ReadMany).With(system, read.ToString("N0", Words.French)).Fr);

    /// <summary>What a step is called.</summary>
    public static Words Of(FirstStep step) => step switch
    {
        FirstStep.Organisation => new("Say who you are", "Présenter l’organisation"),
        FirstStep.Mail => new("Set the mail server", "Régler le serveur de messagerie"),
        FirstStep.System => new("Connect a first system", "Connecter un premier système"),
        FirstStep.People => new("Record a consultant", "Enregistrer un consultant"),
        FirstStep.Mission => new("Record their mission", "Enregistrer sa mission"),
        FirstStep.Departure => new("Plan a first departure", "Planifier un premier départ"),
        _ => Title,
    };
}
