namespace Depart.Evidence;

/// <summary>The words of the report for the words of the journal; what is not known here is shown as it stands.</summary>
internal static class ReportWords
{
    public static readonly IReadOnlyList<string> Levels = ["Accepted", "ReadBack", "SignInRefused", "NoActivitySince", "Attested"];

    /// <summary>Whether an account with this verdict counts as closed.</summary>
    public static bool IsClosed(string verdict) => verdict is "NotFound" or "AlreadyGone" or "GoneVerified" or "GoneResidual" or "AcceptedUnverified" or "Attested";

    public static Told Verdict(string verdict) => verdict switch
    {
        "Pending" => new("In progress", "En cours"),
        "NotFound" => new("No such account", "Compte introuvable"),
        "AlreadyGone" => new("Already closed, verified", "Déjà fermé, vérifié"),
        "GoneVerified" => new("Closed, verified", "Fermé, vérifié"),
        "GoneResidual" => new("Closed, verified; what was already open expires", "Fermé, vérifié ; ce qui était déjà ouvert expire"),
        "AcceptedUnverified" => new("Accepted by the system, not verified", "Accepté par le système, non vérifié"),
        "Attested" => new("Attested by a person", "Attesté par une personne"),
        "Refused" => new("Refused by the system", "Refusé par le système"),
        "Failed" => new("NOT closed", "NON fermé"),
        "Unknown" => new("Not known", "Inconnu"),
        _ => new(verdict, verdict),
    };

    public static Told Level(string? level) => level switch
    {
        null => new("none", "aucune"),
        "Accepted" => new("V0 · accepted, not read back", "V0 · accepté, non relu"),
        "ReadBack" => new("V1 · read back", "V1 · relu sur le système"),
        "SignInRefused" => new("V2 · sign-in refused", "V2 · connexion refusée"),
        "NoActivitySince" => new("V3 · no activity since", "V3 · aucune activité depuis"),
        "Attested" => new("V4 · attested by a person", "V4 · attesté par une personne"),
        _ => new(level, level),
    };

    public static Told LevelMeans(string level) => level switch
    {
        "Accepted" => new("The system accepted the request. Nothing more is known.", "Le système a accepté la demande. On n’en sait pas plus."),
        "ReadBack" => new("The account was read again afterwards, and is closed.", "Le compte a été relu après coup, et il est fermé."),
        "SignInRefused" => new(
            "A sign-in with the account was tried afterwards, and refused for the right reason.",
            "Une connexion avec le compte a été tentée après coup, et refusée pour la bonne raison."),
        "NoActivitySince" => new("The system’s own log shows no activity of the account since.", "Le journal du système ne montre aucune activité du compte depuis."),
        _ => new("A person, named here, says so and says on what grounds. Never shown as verified.", "Une personne, nommée ici, l’affirme et dit sur quoi elle se fonde. Jamais présenté comme vérifié."),
    };

    public static Told Outcome(string outcome) => outcome switch
    {
        "Done" => new("Done", "Fait"),
        "AlreadySo" => new("It was so already", "C’était déjà le cas"),
        "Refused" => new("Refused", "Refusé"),
        "NotAttempted" => new("Not attempted", "Non tenté"),
        "Unknown" => new("Not known", "Inconnu"),
        _ => new(outcome, outcome),
    };

    public static Told Failure(string failure) => failure switch
    {
        "Unreachable" => new("the system could not be reached", "le système était injoignable"),
        "TimedOut" => new("no answer in time", "pas de réponse à temps"),
        "IdentityRefused" => new("certificate or host key not trusted", "certificat ou clé d’hôte non reconnu"),
        "SignInRefused" => new("Depart’s own sign-in was refused", "la connexion de Départ a été refusée"),
        "RightMissing" => new("a right is missing", "un droit manque"),
        "Throttled" => new("the system asked to slow down", "le système a demandé de ralentir"),
        "SystemError" => new("the system failed by itself", "le système est en panne"),
        "Garbage" => new("the answer could not be understood", "la réponse était incompréhensible"),
        "Conflict" => new("somebody else changed the account meanwhile", "quelqu’un d’autre a modifié le compte entre-temps"),
        "Invalid" => new("the request cannot be carried out", "la demande ne peut pas être exécutée"),
        _ => new(failure, failure),
    };

    public static Told AccountState(string state) => state switch
    {
        "Enabled" => new("open", "ouvert"),
        "Disabled" => new("closed", "fermé"),
        "Absent" => new("no such account", "compte inexistant"),
        _ => new("not known", "inconnu"),
    };

    public static Told Action(string? action) => action switch
    {
        "snapshot" => new("Record the account as it is", "Relever l’état du compte"),
        "verify" => new("Verify that access is closed", "Vérifier que l’accès est fermé"),
        _ => new(action ?? "?", action ?? "?"),
    };

    public static Told Decision(string decision) => decision switch
    {
        "Retry" => new("asked for another try", "a demandé un nouvel essai"),
        "Skip" => new("skipped this step", "a ignoré cette étape"),
        "ByHand" => new("attests to have done it by hand", "atteste l’avoir fait à la main"),
        _ => new(decision, decision),
    };

    public static Told State(string? state) => state switch
    {
        null => new("—", "—"),
        "Open" => new("Open: the cut is still to come", "Ouvert : la coupure est à venir"),
        "Disconnecting" => new("Disconnecting", "Déconnexion en cours"),
        "Cut" => new("Cut: every account to be cut is closed", "Accès coupés : chaque compte à couper est fermé"),
        "NeedsAttention" => new("Needs attention: something is not closed", "À traiter : quelque chose n’est pas fermé"),
        "GivenBack" => new("Given back: no cut is planned", "Accès rétablis : aucune coupure n’est prévue"),
        "Closed" => new("Closed", "Clos"),
        "Cancelled" => new("Cancelled", "Annulé"),
        _ => new(state, state),
    };

    public static Told Reason(string? reason) => reason switch
    {
        null => new("—", "—"),
        "MissionEnd" => new("End of mission", "Fin de mission"),
        "EarlyEnd" => new("Mission ended early", "Fin de mission anticipée"),
        "Replacement" => new("Replaced by the supplier", "Remplacement par le prestataire"),
        "Security" => new("Security precaution", "Mesure de sécurité"),
        "Other" => new("Other", "Autre"),
        _ => new(reason, reason),
    };

    public static Told Kind(string kind) => kind switch
    {
        "departure.opened" => new("Departure opened", "Départ ouvert"),
        "departure.rescheduled" => new("Departure rescheduled", "Départ reporté"),
        "departure.given-back" => new("Departure after access was given back", "Départ après rétablissement des accès"),
        "departure.new-owner-chosen" => new("New owner chosen", "Nouveau propriétaire choisi"),
        "departure.cancelled" => new("Departure cancelled", "Départ annulé"),
        "departure.closed" => new("Departure closed", "Départ clos"),
        "disconnection.planned" => new("Disconnection planned", "Déconnexion planifiée"),
        "disconnection.started" => new("Disconnection started", "Déconnexion commencée"),
        "revocation.attempted" => new("Steps attempted on an account", "Étapes tentées sur un compte"),
        "revocation.decided" => new("Step decided by a person", "Étape tranchée par une personne"),
        "disconnection.ended" => new("Disconnection ended", "Déconnexion terminée"),
        "disconnection.undo-asked" => new("Giving access back, asked for", "Rétablissement des accès demandé"),
        "one-time-password.shown" => new("One-time password shown", "Mot de passe à usage unique montré"),
        "account.undone" => new("Access given back", "Accès rétabli"),
        "departure.prepared" => new("Departure prepared without an answer", "Départ préparé faute de réponse"),
        "departure.confirmed" => new("Prepared departure confirmed", "Départ préparé, puis confirmé"),
        "departure.bridged" => new("End date bridged by a few days", "Délai de régularisation accordé"),
        "departure.presence" => new("Presence of the consultant noted", "Présence du consultant notée"),
        "departure.tasks-taken-over" => new("Tasks of a newer template taken over", "Tâches d’un modèle plus récent reprises"),
        "embargo.named" => new("Somebody let in on an embargo", "Personne mise dans la confidence"),
        "embargo.lifted" => new("Embargo lifted", "Embargo levé"),
        "door.opened" => new("Own door opened to the leaver", "Espace ouvert au consultant"),
        "door.link-sent" => new("Link through the own door sent", "Lien vers l’espace du consultant envoyé"),
        "door.code-printed" => new("Code for the own door made on paper", "Code sur papier créé pour l’espace du consultant"),
        "door.entered" => new("Somebody came through the own door", "Entrée dans l’espace du consultant"),
        "door.kept" => new("End of the own door set", "Échéance de l’espace du consultant fixée"),
        "door.closed" => new("Own door closed", "Espace du consultant fermé"),
        "task.done" => new("Task done", "Tâche faite"),
        "task.skipped" => new("Task left out", "Tâche écartée"),
        "task.reopened" => new("Task taken back", "Tâche reprise"),
        "task.assigned" => new("Task given to somebody", "Tâche confiée à quelqu’un"),
        "task.followed-parties" => new("Task with another manager or supplier", "Tâche passée à un autre responsable ou prestataire"),
        "task.handed-by-link" => new("Task handed over by a link", "Tâche confiée par un lien"),
        "task.links-withdrawn" => new("Links to a task withdrawn", "Liens d’une tâche retirés"),
        "task.declined" => new("Task given back by whoever had the link", "Tâche rendue par la personne qui avait le lien"),
        "task.commented" => new("Comment on a task", "Commentaire sur une tâche"),
        "task.file-added" => new("File attached to a task", "Fichier joint à une tâche"),
        "task.file-removed" => new("File of a task removed", "Fichier d’une tâche retiré"),
        "work.retried" => new("Stopped work tried again", "Travail arrêté relancé"),
        _ => new(kind, kind),
    };
}
