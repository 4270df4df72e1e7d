using Depart.Foundation;

namespace Depart.Step7OnePlatform;

/// <summary>The words of the shell and of the pages that join rooms.</summary>
internal static class PlatformText
{
    public static readonly Words Home = new("Home", "Accueil");
    public static readonly Words SkipToContent = new("Skip to content", "Aller au contenu");
    public static readonly Words Menu = new("Menu", "Menu");
    public static readonly Words CutNow = new("Cut now", "Couper maintenant");
    public static readonly Words CutShort = new("Cut", "Couper");
    public static readonly Words SignOut = new("Sign out", "Se déconnecter");
    public static readonly Words Language = new("Language", "Langue");
    public static readonly Words Theme = new("Theme", "Thème");
    public static readonly Words ThemeSystem = new("System", "Système");
    public static readonly Words ThemeLight = new("Light", "Clair");
    public static readonly Words ThemeDark = new("Dark", "Sombre");
    public static readonly Words Everywhere = new("Everywhere in Départ", "Dans tout Départ");
    public static readonly Words You = new("You", "Vous");
    public static readonly Words Demo = new("Demonstration", "Démonstration");
    public static readonly Words ThisIsADemo = new("Demonstration: everything here is fictional.", "Démonstration : tout y est fictif.");

    public static readonly Words NotFoundTitle = new("This page does not exist", "Cette page n’existe pas");
    public static readonly Words NotFoundBody = new(
        "The address may have changed, or the link was cut short. Nothing was lost.",
        "L’adresse a peut-être changé, ou le lien a été tronqué. Rien n’est perdu.");
    public static readonly Words ForbiddenTitle = new("This page is not for your role", "Cette page n’est pas ouverte à votre rôle");
    public static readonly Words ForbiddenBody = new(
        "If you need it, ask an administrator to give you the role.",
        "Si vous en avez besoin, demandez le rôle à un administrateur.");
    public static readonly Words BrokenTitle = new("Something went wrong on our side", "Une erreur est survenue de notre côté");
    public static readonly Words BrokenBody = new(
        "Nothing that runs was stopped. Try again; if it comes back, give this number to the administrator: {0}",
        "Rien de ce qui est en cours n’a été arrêté. Recommencez ; si cela se reproduit, donnez ce numéro à l’administrateur : {0}");
    public static readonly Words ExpiredTitle = new("This form is too old", "Ce formulaire a expiré");
    public static readonly Words ExpiredBody = new(
        "Nothing was done. Open the page again and send it once more.",
        "Rien n’a été fait. Rouvrez la page et envoyez-le de nouveau.");

    public static readonly Words StoppedWork = new("Stopped work", "Travaux arrêtés");
    public static readonly Words StoppedWorkAbout = new(
        "Tried as often as it may be; it waits for a decision.", "Essayés autant de fois que permis ; ils attendent une décision.");
    public static readonly Words NothingStopped = new("Nothing is stopped", "Rien n’est arrêté");
    public static readonly Words NothingStoppedAbout = new(
        "What cannot be done is tried again by itself; what was given up would be listed here.",
        "Ce qui échoue est réessayé automatiquement ; ce qui a été abandonné apparaîtrait ici.");
    public static readonly Words Work = new("Work", "Travail");
    public static readonly Words About = new("About", "Concerne");
    public static readonly Words GivenUpAt = new("Given up", "Abandonné");
    public static readonly Words Tried = new("tried {0} times", "essayé {0} fois");
    public static readonly Words WhyStopped = new("Last answer", "Dernière réponse");
    public static readonly Words Decide = new("Decide", "Décider");
    public static readonly Words TryAgain = new("Try again", "Réessayer");
    public static readonly Words TryAgainOne = new("Try again: {0}", "Réessayer : {0}");
    public static readonly Words TriedAgain = new("It is tried again now.", "Un nouvel essai commence.");

    public static Words StoppedCount(int count) => count > 1 ? new("items of stopped work", "travaux arrêtés") : new("item of stopped work", "travail arrêté");

    public static readonly Words SeeDeparture = new("See the departure", "Voir le départ");
    public static readonly Words Accounts = new("Accounts", "Comptes");
    public static readonly Words NoAccounts = new(
        "No account is known yet: every system is searched when the plan is shown.",
        "Aucun compte connu pour l’instant : chaque système est interrogé à l’affichage du plan.");
    public static readonly Words Privileged = new("Privileged", "Privilégié");
    public static readonly Words ToConfirmStays = new(
        "What is to be confirmed is left open by the cut: only the name matches.", "Ce qui est à confirmer reste ouvert après la coupure : seul le nom concorde.");
    public static readonly Words ConfirmThem = new("Say whose they are", "Dire à qui ils sont");
    public static readonly Words ToConfirm = new("To be confirmed", "À confirmer");
    public static readonly Words SeenOn = new("read", "lu");
    public static readonly Words NoDeparture = new("No departure.", "Aucun départ.");
    public static readonly Words Identity = new("Known as", "Identité");
    public static readonly Words Logins = new("Logins", "Identifiants");
    public static readonly Words Number = new("Number", "Numéro interne");
    public static readonly Words Missions = new("Missions", "Missions");
    public static readonly Words NoMission = new("No mission.", "Aucune mission.");
    public static readonly Words Until = new("until", "jusqu’au");

    public static readonly Words Record = new("Record", "Traces");
    public static readonly Words SeeJournal = new("See its journal", "Voir son journal");
    public static readonly Words Next = new("What to do next", "À faire maintenant");
    public static readonly Words SevenSteps = new("The seven steps", "Les sept étapes");
    public static readonly Words Step7State = new("This page", "Cette page");
    public static readonly Words CutPlanned = new("Cut planned", "Coupure planifiée");
    public static readonly Words StepsSettled = new("{0} of {1} steps", "étapes : {0} sur {1}");
    public static readonly Words Access = new("Access", "Accès");
    public static readonly Words SeeDisconnection = new("See the disconnection", "Voir la déconnexion");
    public static readonly Words SeePlan = new("See the plan and cut", "Voir le plan et couper");
    public static readonly Words SeePlanOnly = new("See the plan", "Voir le plan");
    public static readonly Words LeftOpen = new("Not closed by this run: {0}", "Non fermé par cette déconnexion : {0}");
    public static readonly Words SearchedAtPlan = new(
        "Every connected system is searched when the plan is shown, and again at the instant of the cut.",
        "Chaque système connecté est interrogé à l’affichage du plan, puis de nouveau à l’instant de la coupure.");

    private static readonly Words OpenOne = new("{0} open account", "{0} compte ouvert");
    private static readonly Words OpenMany = new("{0} open accounts", "{0} comptes ouverts");

    public static Words OpenAccounts(int count) => Words.Count(count, OpenOne, OpenMany);

    public static readonly Words WasUndone = new("Access was given back", "Accès rétablis");
    public static readonly Words SeeUndo = new("See account by account", "Voir compte par compte");
    public static readonly Words CutsByItself = new("The cut starts by itself", "La coupure démarrera d’elle-même");
    public static readonly Words In = new("in", "dans");
    public static readonly Words CannotWait = new("It cannot wait for the last day?", "Cela ne peut pas attendre le dernier jour ?");
    public static readonly Words CutWho = new("Whose access?", "Les accès de qui ?");
    public static readonly Words CutTitle = new("Cut {0}’s access now", "Couper maintenant les accès {0}");
    public static readonly Words CutExplain = new(
        "Immediate departure: every system is searched again, then every account is closed at once. Nobody else is told.",
        "Départ immédiat : chaque système est de nouveau interrogé, puis tous les comptes sont fermés aussitôt. Personne d’autre n’est averti.");
    public static readonly Words CutReason = new("Reason", "Motif");
    public static readonly Words CutReasonHelp = new("From a neutral list: others will read it.", "Liste neutre : d’autres liront ce motif.");
    public static readonly Words CutPassword = new("Your password, again", "Votre mot de passe, encore une fois");
    public static readonly Words CutKnown = new("Known accounts", "Comptes connus");
    public static readonly Words CutNoneKnown = new("None known yet; the search at the click decides.", "Aucun connu pour l’instant ; la recherche au moment du clic fait foi.");
    public static readonly Words CutDo = new("Cut the access now", "Couper les accès maintenant");
    public static readonly Words CutNoMission = new("{0} is on no mission: record one first, a departure ends a mission.", "{0} n’a aucune mission : enregistrez-en une d’abord, un départ termine une mission.");
    public static readonly Words CutStarted = new("The cut has started.", "La coupure a commencé.");
    public static readonly Words CutRuns = new("The access of {0} is already being cut or is cut.", "Les accès {0} sont déjà coupés ou en cours de coupure.");

    public static readonly Words Hello = new("Hello {0}", "Bonjour {0}");
    public static readonly Words AtAGlance = new("At a glance", "En un coup d’œil");
    private static readonly Words ToComeOne = new("departure to come", "départ à venir");
    private static readonly Words ToComeMany = new("departures to come", "départs à venir");
    private static readonly Words DealOne = new("departure needs you", "départ à traiter");
    private static readonly Words DealMany = new("departures need you", "départs à traiter");
    private static readonly Words DoubtOne = new("account to confirm", "compte à confirmer");
    private static readonly Words DoubtMany = new("accounts to confirm", "comptes à confirmer");
    private static readonly Words GoneOne = new("open account of someone gone", "compte ouvert d’une personne partie");
    private static readonly Words GoneMany = new("open accounts of people gone", "comptes ouverts de personnes parties");
    public static readonly Words NeedsYou = new("Needs attention", "À traiter");
    public static readonly Words NothingNeedsYou = new("Nothing needs you right now.", "Rien à traiter pour l’instant.");
    public static readonly Words RunningNow = new("Running now", "En cours");
    public static readonly Words Coming = new("Leaving in the coming days", "Prochains départs");
    public static readonly Words NobodyLeaves = new("No departure is planned.", "Aucun départ n’est prévu.");
    public static readonly Words AllDepartures = new("All departures", "Tous les départs");
    public static readonly Words StartHere = new("Start here", "Par où commencer");
    public static readonly Words DemoFirst = new(
        "Open the first departure below, look at the plan, and press the red button: the accounts really close, on two services of this demo.",
        "Ouvrez le premier départ ci-dessous, regardez le plan, puis appuyez sur le bouton rouge : les comptes se ferment vraiment, sur deux services de cette démonstration.");
    public static readonly Words JustCut = new("Recently cut", "Récemment coupés");

    public static Words ToCome(int count) => Words.Count(count, ToComeOne, ToComeMany);

    public static Words ToDealWith(int count) => Words.Count(count, DealOne, DealMany);

    public static Words DoubtfulAccounts(int count) => Words.Count(count, DoubtOne, DoubtMany);

    public static Words OfSomeoneGone(int count) => Words.Count(count, GoneOne, GoneMany);
}
