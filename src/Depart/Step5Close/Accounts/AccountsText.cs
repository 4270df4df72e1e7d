using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Step5Close.Accounts;

/// <summary>The words of accounts and their disconnection.</summary>
internal static class AccountsText
{
    public static readonly Words System = new("System", "Système");
    public static readonly Words Account = new("Account", "Compte");
    public static readonly Words Person = new("Person", "Personne");
    public static readonly Words Step = new("Step of the disconnection", "Étape de la déconnexion");
    public static readonly Words Disconnection = new("Disconnection", "Déconnexion");
    public static readonly Words Reason = new("Reason", "Motif");
    public static readonly Words Proof = new("Proof", "Preuve");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words NameTaken = new("Another system is already called {0}.", "Un autre système s’appelle déjà {0}.");
    public static readonly Words UnknownConnector = new("There is no connector “{0}”. Known ones: {1}.", "Aucun connecteur « {0} ». Connecteurs connus : {1}.");

    public static readonly Words SecretAgain = new(
        "{0}: enter it again, since the address changes. It would otherwise be sent to another place than the one it was given for.",
        "{0} : à saisir de nouveau, puisque l’adresse change. Ce secret serait sinon envoyé ailleurs que là où il a été confié.");

    public static readonly Words Discovery = new("Discovery", "Découverte");
    public static readonly Words Responsible = new("Who answers for it", "Responsable");
    public static readonly Words Login = new("Login", "Identifiant");

    public static readonly Problem StillRuns = Problem.Conflict("step-runs", new(
        "This step is not waiting for a person.", "Cette étape n’attend pas l’intervention d’une personne."));

    public static readonly Problem NothingToUndo = Problem.Conflict("nothing-to-undo", new(
        "There is no ended disconnection to undo for this person.", "Il n’y a aucune déconnexion terminée à annuler pour cette personne."));

    public static readonly Words SystemRemoved = new("The system was removed before.", "Le système a été retiré avant.");

    public static readonly Problem UndoneSince = Problem.Conflict("disconnection-undone", new(
        "This disconnection was undone, or the departure is closed: nothing more is decided here. Disconnect again instead.",
        "Cette déconnexion a été annulée, ou le départ est clos : plus rien ne se décide ici. Déconnectez plutôt de nouveau."));

    public static readonly Problem NoOneTimePassword = Problem.Conflict("no-one-time-password", new(
        "No password waits to be shown: it was shown already, or its quarter of an hour is over. Set a new one on the system itself.",
        "Aucun mot de passe n’attend d’être montré : il l’a déjà été, ou son quart d’heure est passé. Définissez-en un nouveau sur le système lui-même."));

    public static readonly Problem RunsAlready = Problem.Conflict("disconnection-runs", new(
        "The disconnection runs already: who takes over is now said on the step itself, once it has named what stays.",
        "La déconnexion est déjà en cours : le nouveau propriétaire s’indique désormais sur l’étape elle-même, une fois qu’elle a nommé ce qui reste."));

    public static Problem CannotOpen(string why) => new(ProblemKind.Unavailable, "system-unusable", Words.Same(why));

    public static Problem Cycle(IReadOnlyList<string> names) => Problem.Conflict("order-cycle", new Words(
        "The order goes round in a circle: {0}. Change one of these constraints.",
        "L’ordre tourne en rond : {0}. Modifiez l’une de ces contraintes.").With(string.Join(" → ", names)));

    public static readonly Words Privileged = new("Privileged", "Privilégié");
    public static readonly Words Absent = new("The account no longer exists.", "Le compte n’existe plus.");

    /// <summary>Why an account is thought to be a person's.</summary>
    public static Words MatchedBy(MatchKind match) => match switch
    {
        MatchKind.Confirmed => new("confirmed by a person", "confirmé par une personne"),
        MatchKind.EmployeeNumber => new("same number", "même numéro interne"),
        MatchKind.Mail => new("same e-mail address", "même adresse électronique"),
        MatchKind.Login => new("known login", "identifiant connu"),
        MatchKind.Name => new("same name only", "même nom seulement"),
        _ => new("nobody’s", "à personne"),
    };

    public static Words Of(Verdict verdict) => verdict switch
    {
        Verdict.Pending => new("In progress", "En cours"),
        Verdict.NotFound => new("No such account", "Compte introuvable"),
        Verdict.AlreadyGone => new("Already closed, verified", "Déjà fermé, vérifié"),
        Verdict.GoneVerified => new("Closed, verified", "Fermé, vérifié"),
        Verdict.GoneResidual => new("Closed; what was already open expires", "Fermé ; ce qui était déjà ouvert expire"),
        Verdict.AcceptedUnverified => new("Accepted, not verified", "Accepté, non vérifié"),
        Verdict.Attested => new("Attested by a person", "Attesté par une personne"),
        Verdict.Refused => new("Refused by the system", "Refusé par le système"),
        Verdict.Failed => new("Not closed", "Non fermé"),
        _ => new("Unknown", "Inconnu"),
    };
}
