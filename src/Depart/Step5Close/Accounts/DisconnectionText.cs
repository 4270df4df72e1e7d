using Depart.Connectors;
using Depart.Foundation;

namespace Depart.Step5Close.Accounts;

/// <summary>The words of the page that disconnects.</summary>
internal static class DisconnectionText
{
    public static readonly Words PlanTitle = new("Disconnect {0}", "Déconnecter {0}");
    public static readonly Words RunTitle = new("Disconnection of {0}", "Déconnexion {0}");
    public static readonly Words PlannedFor = new("cut planned for", "coupure prévue");
    public static readonly Words Planned = new("Planned order", "Ordre planifié");
    public static readonly Words Immediate = new("Immediate order", "Ordre immédiat");
    public static readonly Words WhatIsCut = new("What will be cut", "Ce qui sera coupé");
    public static readonly Words NothingToCut = new("Nothing to cut", "Rien à couper");
    public static readonly Words NothingToCutHow = new(
        "No system holds an account that is surely this person’s. Look at what is left untouched below, or wait for the systems that did not answer.",
        "Aucun système ne porte de compte qui soit à coup sûr celui de cette personne. Voyez ci-dessous ce qui n’est pas touché, ou attendez les systèmes qui n’ont pas répondu.");
    public static readonly Words Order = new("In this order", "Dans cet ordre");
    public static readonly Words OrderHelp = new(
        "Steps on one line run side by side; a line starts when what it waits for is done.",
        "Les étapes d’une même ligne vont de front ; une ligne commence quand ce qu’elle attend est fait.");
    public static readonly Words Why = new("Why this order", "Pourquoi cet ordre");
    public static readonly Words AfterStep = new("after “{0}”", "après « {0} »");
    public static readonly Words NothingElse = new("No other account looks like theirs.", "Aucun autre compte ne semble lui appartenir.");
    public static readonly Words AllComesBack = new("Everything in this plan can be given back.", "Tout ce que prévoit ce plan peut être rétabli.");
    public static readonly Words Untouched = new("Left untouched", "Laissé intact");
    public static readonly Words CannotComeBack = new("What undo cannot give back", "Ce que l’annulation ne rendra pas");
    public static readonly Words NoAnswer = new("{0} could not be searched", "{0} n’a pas pu être interrogé");
    public static readonly Words NoAnswerThen = new(
        "Accounts there may be missing from this plan. The systems are searched again when you confirm; what stays unsearched keeps the departure “to be dealt with”.",
        "Des comptes peuvent manquer à ce plan. Les systèmes sont de nouveau interrogés à la confirmation ; ce qui reste sans réponse maintient le départ « à traiter ».");
    public static readonly Words Confirm = new("Disconnect now", "Déconnecter maintenant");
    public static readonly Words ConfirmTitle = new("Cut the access of {0}?", "Couper les accès {0} ?");
    public static readonly Words ConfirmUndo = new(
        "Access can be given back afterwards from the recorded state, except for what the plan names.",
        "L’accès pourra être rétabli ensuite depuis l’état relevé, hormis ce que le plan désigne.");
    public static readonly Words EarlierThanPlanned = new(
        "The cut is planned for {0}: you would cut before that.",
        "La coupure est prévue {0} : vous couperiez avant.");
    public static readonly Words Rehearse = new("Dry run", "Répétition à blanc");
    public static readonly Words Rehearsed = new("Dry run: nothing was written. Each step says what it would change.", "Répétition à blanc : rien n’a été modifié. Chaque étape dit ce qu’elle changerait.");
    public static readonly Words RandomValue = new("a random value", "une valeur aléatoire");
    public static readonly Words KeptSecret = new("not shown", "non montré");
    public static readonly Words RehearseHelp = new("Asks every system what each step would change; writes nothing.", "Demande à chaque système ce que chaque étape modifierait ; n’écrit rien.");
    public static readonly Words WouldChange = new("What would change", "Ce qui changerait");
    public static readonly Words WouldChangeNothing = new("would change nothing", "ne modifierait rien");
    public static readonly Words ByHand = new("by hand", "à la main");
    public static readonly Words NewOwner = new("New owner", "Nouveau propriétaire");
    public static readonly Words NewOwnersTitle = new("Who takes over what they own", "Qui reprend ce que ses comptes possèdent");
    public static readonly Words NewOwnersHelp = new(
        "An account of the same system receives it. Without one it stays with the account that is closed, and is named after the cut.",
        "Un compte du même système le reçoit. Sans nouveau propriétaire, cela reste au compte fermé et sera nommé après la coupure.");
    public static readonly Words NewOwnersOptional = new("Who takes over what they own (may be said later)", "Qui reprend ce que ses comptes possèdent (peut s’indiquer plus tard)");
    public static readonly Words NewOwnerOn = new("New owner on {0}", "Nouveau propriétaire sur {0}");
    public static readonly Words NewOwnersKeep = new("Keep for the cut", "Retenir pour la coupure");
    public static readonly Words NewOwnersKept = new("Who takes over is kept with the departure.", "Le nouveau propriétaire est enregistré avec le départ.");
    public static readonly Words NameNewOwner = new("Name a new owner", "Désigner un nouveau propriétaire");
    public static readonly Words PassItOn = new("Pass it on now", "Transmettre maintenant");
    public static readonly Words PassesTo = new("to {0}", "à {0}");
    public static readonly Words Started = new("The disconnection has started. Closing this page stops nothing.", "La déconnexion a commencé. Fermer cette page n’arrête rien.");
    public static readonly Words Lost = new("The connection to the server is lost; what is shown may be out of date. The disconnection goes on.", "La connexion au serveur est perdue ; l’affichage peut être en retard. La déconnexion, elle, continue.");
    public static readonly Words RunsOn = new("Closing this page stops nothing.", "Fermer cette page n’arrête rien.");
    public static readonly Words StartedAt = new("started", "commencée");
    public static readonly Words EndedAt = new("ended", "terminée");
    public static readonly Words AllClosed = new("Everything is closed", "Tout est fermé");
    public static readonly Words SomeOpen = new("Something needs you", "Votre intervention est nécessaire");
    public static readonly Words NotAllClosed = new("Not everything is closed", "Tout n’est pas fermé");
    public static readonly Words LeftByHand = new("What is left is done by hand", "Le reste se fait à la main");
    public static readonly Words Running = new("Closing access", "Fermeture des accès en cours");
    public static readonly Words GivenBack = new("Access was given back", "Accès rétabli");
    public static readonly Words StepsDone = new("{0} of {1} steps", "étapes : {0} sur {1}");
    public static readonly Words StepsFailed = new("{0} failed", "{0} en échec");
    public static readonly Words Retry = new("Try again", "Réessayer");
    public static readonly Words Skip = new("Skip, with a reason", "Ignorer, avec un motif");
    public static readonly Words SkipDo = new("Skip this step", "Ignorer cette étape");
    public static readonly Words HandDo = new("Say that it is done", "Attester que c’est fait");
    public static readonly Words ToDoByHand = new("To be done by hand", "À faire à la main");
    public static readonly Words Hand = new("Done by hand, with proof", "Fait à la main, avec preuve");
    public static readonly Words SkipWhy = new("Why it is skipped", "Pourquoi elle est ignorée");
    public static readonly Words HandWhy = new("What proves it", "Ce qui le prouve");
    public static readonly Words HandHelp = new("A ticket, a screenshot’s place, a name: it is shown as attested, never as verified.", "Une référence de demande, l’emplacement d’une capture, un nom : affiché comme attesté, jamais comme vérifié.");
    public static readonly Words Settled = new("Recorded.", "Enregistré.");
    public static readonly Words BlockedBy = new("Waits for “{0}”, which failed.", "Bloqué par « {0} », qui a échoué.");
    public static readonly Words Attempts = new("attempts: {0}", "tentatives : {0}");
    public static readonly Words LeftFor = new("Still usable for", "Encore utilisable pendant");
    public static readonly Words UntilUnknown = new("for a time that cannot be known", "pour une durée qu’on ne peut pas connaître");
    public static readonly Words SeeDeparture = new("See the departure", "Voir le départ");
    public static readonly Words Steps = new("Steps", "Étapes");
    public static readonly Words NotSearched = new("Not closed by this run", "Non fermé par cette déconnexion");
    public static readonly Words NotSearchedWhy = new(
        "A system that did not answer or an account left as it is may still let the person in: the departure is not said cut.",
        "Un système sans réponse ou un compte laissé en l’état peut encore donner accès : le départ n’est pas déclaré coupé.");
    public static readonly Words ConfirmIt = new("Confirm whose it is", "Confirmer à qui il est");
    public static readonly Words SearchAgain = new("Search again and close what is found", "Chercher de nouveau et fermer ce qui reste");
    public static readonly Words Undo = new("Give access back", "Rétablir l’accès");
    public static readonly Words UndoTitle = new("Give {0} access back?", "Rétablir l’accès {0} ?");
    public static readonly Words UndoHelp = new(
        "Each account returns to the state recorded before the cut. What cannot come back, such as a password, is replaced by a one-time one where the system allows.",
        "Chaque compte retrouve l’état relevé avant la coupure. Ce qui ne peut pas revenir, comme un mot de passe, est remplacé par un mot de passe à usage unique si le système le permet.");
    public static readonly Words WouldComeBack = new("What would come back", "Ce qui reviendrait");
    public static readonly Words WouldComeBackHow = new("Each system was asked just now; nothing is changed yet.", "Chaque système vient d’être interrogé\u00a0; rien n’est encore modifié.");
    public static readonly Words WouldNotBack = new("Would not come back: {0}", "Ne reviendrait pas\u00a0: {0}");
    public static readonly Words BackWhole = new("Comes back as it was", "Revient à l’identique");
    public static readonly Words BackInPart = new("Not entirely", "Pas entièrement");
    public static readonly Words BackUnknown = new("Cannot be said now", "Indéterminé pour l’instant");
    public static readonly Words SeeFirst = new("See first what would come back", "Voir d’abord ce qui reviendrait");
    public static readonly Words LeaveCut = new("Leave it cut", "Laisser coupé");
    public static readonly Words UndoWhy = new("Reason", "Motif");
    public static readonly Words UndoneTitle = new("Access of {0} given back", "Accès {0} rétablis");
    public static readonly Words AskedAt = new("asked", "demandé");
    public static readonly Words GivingBack = new("Access is being given back", "Les accès sont en cours de rétablissement");
    public static readonly Words AllBack = new("Access is back as it was", "Les accès sont rétablis");
    public static readonly Words SomeNotBack = new("Some access is not back", "Certains accès ne sont pas rétablis");
    public static readonly Words UndoFailedWhy = new("The system says: {0} Give it back on the system itself.", "Le système répond : {0} Rétablissez l’accès sur le système lui-même.");
    public static readonly Words NotBack = new("Not given back: {0}", "Non rétabli : {0}");
    public static readonly Words ShowPassword = new("Show the one-time password", "Montrer le mot de passe à usage unique");
    public static readonly Words PasswordOnce = new("One-time password of {0}: it is shown only now", "Mot de passe à usage unique {0} : il n’est montré que maintenant");
    public static readonly Words PasswordOnceHow = new(
        "Hand it over by a safe way; the person changes it at the first sign-in. It is written nowhere.",
        "Transmettez-le par une voie sûre ; la personne le change à la première connexion. Il n’est écrit nulle part.");
    public static readonly Words StillLeaves = new("The departure is open again: access is cut {0} unless it is rescheduled or cancelled.", "Le départ est de nouveau ouvert : coupure des accès {0}, sauf report ou annulation.");
    public static readonly Words OpenUnplanned = new(
        "No cut is planned any more: reschedule the departure, or cancel it if the mission goes on.",
        "Plus aucune coupure n’est prévue : reportez le départ, ou annulez-le si la mission continue.");
    public static readonly Words NoLongerLeaves = new("No cut is planned.", "Aucune coupure n’est prévue.");
    private static readonly Words UndoneOne = new("Access is being given back on {0} account.", "L’accès est en cours de rétablissement sur {0} compte.");
    private static readonly Words UndoneMany = new("Access is being given back on {0} accounts.", "L’accès est en cours de rétablissement sur {0} comptes.");
    public static readonly Words Evidence = new("Download the evidence", "Télécharger les preuves");
    public static readonly Words ToDeparture = new("Departure", "Départ");
    public static readonly Words CycleTitle = new("The order goes round in a circle", "L’ordre tourne en rond");

    private static readonly Words AccountOne = new("{0} account", "{0} compte");
    private static readonly Words AccountMany = new("{0} accounts", "{0} comptes");
    private static readonly Words SystemOne = new("on {0} system", "sur {0} système");
    private static readonly Words SystemMany = new("on {0} systems", "sur {0} systèmes");
    private static readonly Words CutOne = new("Cut {0} account", "Couper {0} compte");
    private static readonly Words CutMany = new("Cut {0} accounts", "Couper {0} comptes");
    private static readonly Words AttestedOne = new("{0} attested by a person", "dont {0} attesté par une personne");
    private static readonly Words AttestedMany = new("{0} attested by a person", "dont {0} attestés par une personne");
    private static readonly Words ClosedOf = new("{0} of {1} accounts closed", "Comptes fermés : {0} sur {1}");

    public static Words CountOf(int accounts, int systems) => new Words("{0} {1}", "{0} {1}").With(
        Words.Count(accounts, AccountOne, AccountMany), Words.Count(systems, SystemOne, SystemMany));

    public static Words CountOf(int accounts) => Words.Count(accounts, AccountOne, AccountMany);

    public static Words StateOf(AccountState state) => state switch
    {
        AccountState.Enabled => new("Open", "Ouvert"),
        AccountState.Disabled => new("Closed", "Fermé"),
        AccountState.Absent => new("No such account", "Inexistant"),
        _ => new("Unknown", "Inconnu"),
    };

    public static Words Undone(int accounts) => Words.Count(accounts, UndoneOne, UndoneMany);

    public static Words Of(UndoState state) => state switch
    {
        UndoState.Pending => new("In progress", "En cours"),
        UndoState.GivenBack => new("Given back", "Rétabli"),
        _ => new("Not given back", "Non rétabli"),
    };

    public static Words CutThese(int accounts) => Words.Count(accounts, CutOne, CutMany);

    public static Words Attested(int accounts) => Words.Count(accounts, AttestedOne, AttestedMany);

    public static Words Closed(int closed, int all) => ClosedOf.With(closed, all);

    /// <summary>How a cut was proved.</summary>
    public static Words Of(ProofLevel level) => level switch
    {
        ProofLevel.Accepted => new("not read back", "non relu"),
        ProofLevel.ReadBack => new("read back", "relu sur le système"),
        ProofLevel.SignInRefused => new("sign-in refused", "connexion refusée"),
        ProofLevel.NoActivitySince => new("no activity since", "aucune activité depuis"),
        _ => new("attested by a person", "attesté par une personne"),
    };

    public static Words Of(RevocationState state) => state switch
    {
        RevocationState.Waiting => new("waiting", "en attente"),
        RevocationState.Running => new("in progress", "en cours"),
        RevocationState.ToDoByHand => new("to be done by hand", "à faire à la main"),
        RevocationState.Done => new("done", "fait"),
        RevocationState.AlreadySo => new("was so already", "l’était déjà"),
        RevocationState.Failed => new("failed", "échec"),
        RevocationState.Blocked => new("blocked", "bloqué"),
        RevocationState.Skipped => new("left out", "ignoré"),
        _ => new("done by hand", "fait à la main"),
    };

    public static string IconOf(RevocationState state) => state switch
    {
        RevocationState.Waiting => "waiting",
        RevocationState.Running => "running",
        RevocationState.Done or RevocationState.AlreadySo => "done",
        RevocationState.ToDoByHand or RevocationState.ByHand => "attested",
        RevocationState.Skipped => "skipped",
        _ => "attention",
    };
}
