using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The words of the leaver's own door, as the house reads them.</summary>
internal static class DoorText
{
    public static readonly Words Title = new("The leaver’s own door", "L’espace du consultant");
    public static readonly Words Stands = new("Where it stands", "Où il en est");
    public static readonly Words Help = new(
        "An access of its own, which outlives the company’s accounts: own papers and tasks, nothing else. It is none of the company’s accounts and is not counted among them.",
        "Un accès à part, qui survit aux comptes de l’entreprise : ses propres documents et tâches, rien d’autre. Il ne fait pas partie des comptes de l’entreprise et n’est pas compté parmi eux.");
    private static readonly Words Open = new("Open", "Ouvert");
    private static readonly Words Closed = new("Closed", "Fermé");
    private static readonly Words NotOpened = new("Not opened yet", "Pas encore ouvert");
    private static readonly Words NeverOpened = new("Never opened", "Jamais ouvert");
    private static readonly Words CouldBeUntil = new("Could be opened until", "Pouvait être ouvert jusqu’au");
    private static readonly Words Over = new("Its time is over", "Échu");
    private static readonly Words Until = new("Open until", "Ouvert jusqu’au");
    private static readonly Words WouldBeUntil = new("Would be open until", "Serait ouvert jusqu’au");
    private static readonly Words WasUntil = new("Was open until", "Ouvert jusqu’au");
    public static readonly Words OpenedBy = new("Opened", "Ouverture");
    public static readonly Words ByDepart = new("by Depart itself", "par Départ");
    public static readonly Words By = new("by {0}", "par {0}");
    public static readonly Words ClosedBy = new("Closed", "Fermeture");
    public static readonly Words LastUsed = new("Last used", "Dernier passage");
    public static readonly Words NeverUsed = new("Nobody came yet", "Personne n’est encore venu");
    private static readonly Words SessionsOne = new("{0} session runs now", "{0} session en cours");
    private static readonly Words SessionsMany = new("{0} sessions run now", "{0} sessions en cours");
    public static readonly Words Manage = new("Ways in and end", "Entrées et échéance");

    public static readonly Words LetIn = new("Let the leaver in", "Faire entrer le consultant");
    public static readonly Words SendPrivate = new("Send a link to the private address", "Envoyer un lien à l’adresse privée");
    public static readonly Words SendPrivateHelp = new("Held with consent. Good for 14 days, once.", "Détenue avec consentement. Valable 14 jours, une fois.");
    public static readonly Words NoPrivateHelp = new("No private address is held. It takes the person’s consent: HR records it in the record.", "Aucune adresse privée n’est détenue. Il faut le consentement de la personne : les RH le consignent dans sa fiche.");
    public static readonly Words SendContact = new("Send a link through the supplier’s contact", "Envoyer un lien par le contact du prestataire");
    public static readonly Words SendContactHelp = new("{0} is asked to pass it on unopened. Good for 14 days, once.", "{0} est prié de le transmettre sans l’ouvrir. Valable 14 jours, une fois.");
    public static readonly Words NoContactHelp = new("The mission has no supplier whose contact is known.", "La mission n’a pas de prestataire dont le contact soit connu.");
    public static readonly Words Print = new("Make a code on paper", "Créer un code sur papier");
    public static readonly Words PrintIt = new("Make", "Créer");
    public static readonly Words PrintHelp = new("To hand over in person: whoever holds it comes in. Good for 30 days, once; the one before ends.", "À remettre en main propre : qui le détient peut entrer. Valable 30 jours, une fois ; le précédent prend fin.");
    public static readonly Words SendIt = new("Send", "Envoyer");
    public static readonly Words Sent = new("The link goes to the mail server, at once or as soon as there is one.", "Le lien est confié au serveur de messagerie, aussitôt ou dès qu’il y en a un.");
    public static readonly Words End = new("Until when", "Échéance");
    public static readonly Words EndHelp = new("Six months after the last day unless you say otherwise, 24 at most.", "Six mois après le dernier jour sauf avis contraire, 24 au plus.");
    public static readonly Words KeepUntil = new("Open until the end of", "Ouvert jusqu’à la fin du");
    public static readonly Words Keep = new("Keep open until then", "Garder ouvert jusque-là");
    public static readonly Words Reopen = new("Open again until then", "Rouvrir jusque-là");
    public static readonly Words Kept = new("The end of the door is recorded.", "L’échéance est enregistrée.");
    public static readonly Words CloseNow = new("Close at once", "Fermer tout de suite");
    public static readonly Words CloseTitle = new("Close the own door {0}?", "Fermer l’espace {0} ?");
    public static readonly Words CloseHelp = new("Links and codes end, and so do passkeys and the sessions that run when no other door of the person is open. It can be opened again.", "Les liens et les codes prennent fin, ainsi que les clés d’accès et les sessions en cours si aucun autre espace de la personne n’est ouvert. Il peut être rouvert.");
    public static readonly Words ClosedNow = new("The door is closed.", "L’espace est fermé.");
    public static readonly Words Ways = new("Ways in", "Entrées");
    public static readonly Words NoWay = new("None yet.", "Aucune pour le moment.");
    public static readonly Words PasskeyOfLeaver = new("Passkey of the leaver", "Clé d’accès du consultant");
    public static readonly Words MadeAt = new("made", "créée");
    public static readonly Words LastUsedAt = new("last used", "dernier passage");
    public static readonly Words Used = new("Used", "A servi");
    public static readonly Words Expired = new("Expired", "Hors délai");
    public static readonly Words Ended = new("Ended", "Sans effet");
    public static readonly Words Good = new("Good", "Valable");
    public static readonly Words GoodUntil = new("until", "jusqu’au");

    public static readonly Words SheetTitle = new("Your own page at the end of your mission", "Votre espace de fin de mission");
    public static readonly Words SheetFor = new("For {0}", "Pour {0}");
    public static readonly Words SheetHow = new("Open this address on your phone or computer, choose “{0}” and type the code.", "Ouvrez cette adresse sur votre téléphone ou votre ordinateur, choisissez « {0} » et saisissez le code.");
    public static readonly Words SheetCode = new("Your code", "Votre code");
    public static readonly Words SheetUntil = new("It serves once, until", "Il sert une seule fois, jusqu’au");
    public static readonly Words SheetKeep = new("Whoever has this code can come in: keep this sheet to yourself. It gives no access to the company’s systems.", "Qui détient ce code peut entrer : gardez cette feuille pour vous. Elle ne donne aucun accès aux systèmes de l’entreprise.");
    public static readonly Words SheetOnce = new("This code is shown only now. Print the page, or copy it by hand.", "Ce code n’est affiché que maintenant. Imprimez la page, ou recopiez-le.");
    public static readonly Words PrintPage = new("Print", "Imprimer");

    public static readonly Problem NoPrivateAddress = Problem.Conflict("no-private-address", new(
        "No private address of this person is held: it takes their consent. Use the supplier’s contact or a code on paper.",
        "Aucune adresse privée de cette personne n’est détenue : il faut son consentement. Passez par le contact du prestataire ou par un code sur papier."));

    public static readonly Problem NoContact = Problem.Conflict("no-contact", new(
        "The mission has no supplier whose contact has an address.", "La mission n’a pas de prestataire dont le contact ait une adresse."));

    public static readonly Problem IsClosed = Problem.Conflict("door-closed", new(
        "This door is closed: set until when it is open first.", "Cet espace est fermé : fixez d’abord jusqu’à quand il est ouvert."));

    public static readonly Words UntilWrong = new("Open until: between {0} and {1}. To close it, choose Close at once.", "Ouvert jusqu’au : entre le {0} et le {1}. Pour le fermer, choisissez Fermer tout de suite.");

    private static readonly Problem Hidden = Problem.Conflict("under-embargo", new(
        "This departure is under embargo: the leaver must learn nothing. The door opens by itself once the embargo is lifted, if a private address is held.",
        "Ce départ est sous embargo : l’intéressé ne doit rien en apprendre. L’espace s’ouvrira de lui-même à la levée de l’embargo, si une adresse privée est détenue."));

    private static readonly Problem NoDeparture = Problem.Conflict("door-no-departure", new(
        "The mission goes on: there is no departure to open a door to.", "La mission se poursuit : il n’y a pas de départ auquel ouvrir un espace."));

    /// <summary>Why no door is open to such a departure.</summary>
    public static Problem NotNow(Departure departure) => departure.UnderEmbargo ? Hidden : NoDeparture;

    /// <summary>Where a door stands.</summary>
    public static Words StateOf(OwnDoorView door) => door.Open ? Open : !door.Opened ? door.Over ? NeverOpened : NotOpened : door.ClosedAt is not null ? Closed : Over;

    /// <summary>What the last day of a door means.</summary>
    public static Words UntilOf(OwnDoorView door) => door.Open ? Until : door.Opened ? WasUntil : door.Over ? CouldBeUntil : WouldBeUntil;

    public static Words Sessions(int count) => Words.Count(count, SessionsOne, SessionsMany);

    public static Words DayOf(DateOnly day) => Said.OnPaper(day);

    public static Words Of(WayInKind kind) => kind switch
    {
        WayInKind.Asked => new("Link asked for by the leaver", "Lien demandé par le consultant"),
        WayInKind.Sent => new("Link to the private address", "Lien à l’adresse privée"),
        WayInKind.Supplier => new("Link through the supplier’s contact", "Lien par le contact du prestataire"),
        _ => new("Code on paper", "Code sur papier"),
    };
}
