using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Proof;

/// <summary>The words of the journal.</summary>
internal static class JournalText
{
    public static readonly Words Journal = new("Journal", "Journal");
    public static readonly Words JournalOfDeparture = new("Journal of a departure", "Journal d’un départ");
    public static readonly Words About = new("Every change with who, when and what; each entry seals the one before.", "Chaque changement avec qui, quand et quoi ; chaque entrée scelle la précédente.");
    public static readonly Problem Held = Problem.Conflict("under-embargo", new(
        "This departure is under embargo: its evidence is sealed, and can be exported, once the embargo is lifted.",
        "Ce départ est sous embargo\u00a0: ses preuves seront scellées, et pourront être exportées, dès la levée de l’embargo."));

    public static readonly Words Entry = new("Journal entry", "Entrée du journal");
    public static readonly Words What = new("What", "Quoi");
    public static readonly Words Who = new("Who", "Qui");
    public static readonly Words When = new("When", "Quand");
    public static readonly Words Where = new("Chain", "Chaîne");
    public static readonly Words House = new("Outside departures", "Hors départ");
    private static readonly Words Whose = new("Departure of {0}", "Départ {0}");
    private static readonly Words Chain = new("Chain {0}", "Chaîne {0}");
    public static readonly Words OfDeparture = new("A departure", "Un départ");
    public static readonly Words OnlyThis = new("its entries", "ses entrées");
    public static readonly Words SeeDeparture = new("See the departure", "Voir le départ");
    public static readonly Words Subject = new("About", "Sujet");
    public static readonly Words AnySubject = new("Everything", "Tout");
    public static readonly Words Until = new("Until", "Jusqu’au");
    public static readonly Words Verify = new("Verify the journal", "Vérifier le journal");
    public static readonly Words VerifyChain = new("Verify this chain", "Vérifier cette chaîne");
    public static readonly Words Intact = new("The journal holds", "Le journal est intact");
    public static readonly Words Console = new("the server’s console", "la console du serveur");
    private static readonly Words EntryOne = new("{0} entry", "{0} entrée");
    private static readonly Words EntryMany = new("{0} entries", "{0} entrées");
    private static readonly Words ChainOne = new("{0} chain", "{0} chaîne");
    private static readonly Words ChainMany = new("{0} chains", "{0} chaînes");
    private static readonly Words ReadAgainOne = new("{0} in {1} was read again: every link fits.", "{0} dans {1} a été relue : chaque lien concorde.");
    private static readonly Words ReadAgainMany = new("{0} in {1} were read again: every link fits.", "{0} dans {1} ont été relues : chaque lien concorde.");
    private static readonly Words ErasedOne = new("{0} personal value was erased since; the chain still holds.", "{0} valeur personnelle a été effacée depuis ; la chaîne tient toujours.");
    private static readonly Words ErasedMany = new("{0} personal values were erased since; the chain still holds.", "{0} valeurs personnelles ont été effacées depuis ; la chaîne tient toujours.");
    public static readonly Words Broken = new("The journal does not hold", "Le journal n’est pas intact");
    public static readonly Words NoEntry = new("No entry here", "Aucune entrée ici");
    public static readonly Words NoEntryHow = new("Try another subject or another day.", "Essayez un autre sujet ou un autre jour.");
    public static readonly Words Erased = new("erased", "effacé");
    public static readonly Words Content = new("Content", "Contenu");
    public static readonly Words Personal = new("Names and personal values", "Noms et valeurs personnelles");
    public static readonly Words PersonalHelp = new("Only their digests are chained, so that they can be erased.", "Seules leurs empreintes sont chaînées, afin qu’elles puissent être effacées.");
    public static readonly Words Seal = new("Seal", "Scellement");
    public static readonly Words Hash = new("Hash of this entry", "Empreinte de cette entrée");
    public static readonly Words Previous = new("Hash of the entry before", "Empreinte de l’entrée précédente");
    public static readonly Words Exact = new("Exact bytes", "Octets exacts");
    public static readonly Words Engine = new("Depart itself", "Départ lui-même");
    public static readonly Words Key = new("Signing key", "Clé de signature");

    public static readonly Words LinkBroken = new("{0}, entry {1}: the link to the entry before is broken.", "{0}, entrée {1} : le lien avec l’entrée précédente est rompu.");
    public static readonly Words ValueChanged = new("{0}, entry {1}: “{2}” was changed.", "{0}, entrée {1} : « {2} » a été modifié.");
    public static readonly Words ColumnChanged = new("{0}, entry {1}: its kind or instant was changed beside it.", "{0}, entrée {1} : sa nature ou son instant a été modifié en dehors d’elle.");
    public static readonly Words Unreadable = new("{0}, entry {1}: it can no longer be read.", "{0}, entrée {1} : elle n’est plus lisible.");
    public static readonly Words TailMissing = new("{0}: the last entries are missing.", "{0} : les dernières entrées manquent.");
    public static readonly Words CutOff = new("{0}: a checkpoint covered entry {1}; the chain ends with entry {2}.", "{0} : un point de contrôle couvrait l’entrée {1} ; la chaîne finit à l’entrée {2}.");
    public static readonly Words NotCovered = new(
        "{0}: its head says that checkpoints cover it up to entry {1}; they end at entry {2}.",
        "{0} : sa tête dit que les points de contrôle la couvrent jusqu’à l’entrée {1} ; ils s’arrêtent à l’entrée {2}.");
    public static readonly Words NotAsSealed = new("{0}, entry {1}: it is not the one that a checkpoint covered.", "{0}, entrée {1} : ce n’est pas celle qu’un point de contrôle couvrait.");
    public static readonly Words ChainGone = new("{0}: the whole chain is gone; a checkpoint covered it up to entry {1}.", "{0} : la chaîne entière a disparu ; un point de contrôle la couvrait jusqu’à l’entrée {1}.");
    public static readonly Words HeadGone = new("{0}: the head of the chain is missing.", "{0} : la tête de la chaîne manque.");
    public static readonly Words CheckpointForged = new("Checkpoint {0} is not signed by a key of this server.", "Le point de contrôle {0} n’est pas signé par une clé de ce serveur.");
    public static readonly Words CheckpointGone = new("Checkpoint {0} is missing.", "Le point de contrôle {0} manque.");
    public static readonly Words CheckpointOther = new("Checkpoint {0} does not fit the chains that it covers: something was taken away or changed since.", "Le point de contrôle {0} ne concorde plus avec les chaînes qu’il couvre : quelque chose a été retiré ou modifié depuis.");
    public static readonly Words Rewound = new(
        "{0} shows checkpoint {1} of {2:yyyy-MM-dd HH:mm:ss} UTC, and the database no longer holds it: it was restored from a backup, rewound, or is another one.",
        "{0} montre le point de contrôle {1} du {2:yyyy-MM-dd HH:mm:ss} UTC, et la base ne le contient plus : elle a été restaurée, ramenée en arrière, ou c’en est une autre.");

    public static readonly Words SealedUntil = new("Last checkpoint: no. {0},", "Dernier point de contrôle : n° {0},");
    public static readonly Words KeyGone = new(
        "The key that signs evidence is missing from the database though it signed before: restore a backup that holds it.",
        "La clé qui signe les preuves manque dans la base alors qu’elle a déjà servi : restaurez une sauvegarde qui la contient.");

    public static readonly Words KeyUnreadable = new(
        "The signing key {0} cannot be opened with the key ring of this database: restore a backup that holds both.",
        "La clé de signature {0} ne s’ouvre pas avec le trousseau de cette base : restaurez une sauvegarde qui contient les deux.");

    public static readonly Words KeyFileBad = new(
        "{0} is not a signing key: put the right one back, or move it away to have a new key made.",
        "{0} n’est pas une clé de signature : remettez la bonne, ou écartez-le pour qu’une nouvelle clé soit créée.");

    /// <summary>Subjects by which the journal is filtered: the beginning of the kind.</summary>
    public static readonly IReadOnlyList<(string Prefix, Words Name)> Subjects =
    [
        ("departure.", new("Departures", "Départs")),
        ("task.", new("Tasks", "Tâches")),
        ("renewal", new("Renewals", "Renouvellements")),
        ("embargo.", new("Embargoes", "Embargos")),
        ("disconnection.", new("Disconnections", "Déconnexions")),
        ("revocation.", new("Steps of disconnections", "Étapes des déconnexions")),
        ("account", new("Accounts", "Comptes")),
        ("system.", new("Systems", "Systèmes")),
        ("discovery.", new("Discoveries", "Découvertes")),
        ("person.", new("People", "Personnes")),
        ("mission.", new("Missions", "Missions")),
        ("user.", new("Users", "Utilisateurs")),
        ("provider.", new("Identity providers", "Fournisseurs d’identité")),
        ("token.", new("Tokens", "Jetons")),
        ("evidence.", new("Evidence", "Preuves")),
    ];

    /// <summary>A chain as people call it: whose departure it is where the reader may know, otherwise its key.</summary>
    public static Words ChainOf(string chain, string? whose) => chain == Fact.House ? House : whose is { } name ? Whose.With(Said.Of(name)) : Chain.With(chain);

    /// <summary>What was read again when every link fits.</summary>
    public static Words ReadAgain(int entries, int chains) =>
        (entries > 1 ? ReadAgainMany : ReadAgainOne).With(Words.Count(entries, EntryOne, EntryMany), Words.Count(chains, ChainOne, ChainMany));

    /// <summary>How much was erased since it was written.</summary>
    public static Words ErasedSince(int values) => Words.Count(values, ErasedOne, ErasedMany);

    /// <summary>A kind in words; what is not known here is shown as it stands.</summary>
    public static Words Of(string kind) => kind switch
    {
        "account.added" => new("Account recorded by hand", "Compte enregistré à la main"),
        "account.confirmed" => new("Account confirmed", "Compte confirmé"),
        "account.matched" => new("Account matched", "Compte rattaché"),
        "account.found" => new("Account found", "Compte trouvé"),
        "account.ignored" => new("Account left aside", "Compte écarté"),
        "account.refused" => new("Account said not theirs", "Compte déclaré d’une autre personne"),
        "account.regarded" => new("Account looked at again", "Compte réexaminé"),
        "account.service-declared" => new("Service account declared", "Compte de service déclaré"),
        "account.password-shown" or "one-time-password.shown" => new("One-time password shown", "Mot de passe à usage unique montré"),
        "account.undone" => new("Access given back", "Accès rétabli"),
        "accounts.read" => new("Accounts read", "Comptes lus"),
        "accounts.vanished" => new("Accounts gone", "Comptes disparus"),
        "settings.changed" => new("Settings changed", "Réglages modifiés"),
        "calendar.added" => new("Calendar added", "Calendrier ajouté"),
        "calendar.changed" => new("Calendar changed", "Calendrier modifié"),
        "calendar.removed" => new("Calendar removed", "Calendrier retiré"),
        "provider.added" => new("Identity provider added", "Fournisseur d’identité ajouté"),
        "provider.changed" => new("Identity provider changed", "Fournisseur d’identité modifié"),
        "provider.enabled" => new("Sign-in by an identity provider opened", "Connexion par un fournisseur d’identité ouverte"),
        "provider.disabled" => new("Sign-in by an identity provider closed", "Connexion par un fournisseur d’identité fermée"),
        "provider.removed" => new("Identity provider removed", "Fournisseur d’identité retiré"),
        "mail-server.set" => new("Mail server set", "Serveur de messagerie réglé"),
        "mail-server.changed" => new("Mail server changed", "Serveur de messagerie modifié"),
        "mail-server.forgotten" => new("Mail server forgotten", "Serveur de messagerie oublié"),
        "departure.opened" => new("Departure opened", "Départ ouvert"),
        "departure.rescheduled" => new("Departure rescheduled", "Départ reporté"),
        "departure.given-back" => new("Departure after access was given back", "Départ après rétablissement des accès"),
        "departure.new-owner-chosen" => new("New owner chosen", "Nouveau propriétaire choisi"),
        "departure.tasks-taken-over" => new("Tasks of a newer template taken over", "Tâches d’un modèle plus récent reprises"),
        "departure.cancelled" => new("Departure cancelled", "Départ annulé"),
        "departure.closed" => new("Departure closed", "Départ clos"),
        "disconnection.started" => new("Disconnection started", "Déconnexion commencée"),
        "disconnection.ended" => new("Disconnection ended", "Déconnexion terminée"),
        "disconnection.undo-asked" => new("Giving back asked", "Rétablissement demandé"),
        "revocation.attempted" => new("Step attempted", "Étape tentée"),
        "revocation.decided" => new("Step decided by a person", "Étape tranchée par une personne"),
        "discovery.asked" => new("Discovery asked", "Découverte demandée"),
        "discovery.started" => new("Discovery started", "Découverte commencée"),
        "discovery.ended" => new("Discovery ended", "Découverte terminée"),
        "discovery.cancel-asked" => new("Discovery stopped", "Découverte arrêtée"),
        "engine.recovered" => new("Work taken up after a stop", "Travail repris après un arrêt"),
        "signing-key.made" => new("Signing key made", "Clé de signature créée"),
        "signing-key.imported" => new("Signing key taken over from its file", "Clé de signature reprise de son fichier"),
        "signing-key.rotated" => new("Signing key replaced", "Clé de signature remplacée"),
        "journal.rewound" => new("Database found older than its last checkpoint", "Base trouvée plus ancienne que son dernier point de contrôle"),
        "disconnection.planned" => new("Disconnection planned", "Déconnexion planifiée"),
        "evidence.exported" => new("Evidence exported", "Preuves exportées"),
        "backup.made" => new("Backup made", "Sauvegarde faite"),
        "import.uploaded" => new("File sent for import", "Fichier envoyé pour import"),
        "import.confirmed" => new("Import confirmed", "Import confirmé"),
        "import.applied" => new("Import done", "Import terminé"),
        "import.forgotten" => new("Imported file deleted", "Fichier importé supprimé"),
        "mission.added" => new("Mission added", "Mission ajoutée"),
        "mission.changed" => new("Mission changed", "Mission modifiée"),
        "person.added" => new("Person added", "Personne ajoutée"),
        "person.changed" => new("Person changed", "Personne modifiée"),
        "person.private-address-held" => new("Private address recorded", "Adresse privée enregistrée"),
        "person.private-address-forgotten" => new("Private address erased", "Adresse privée effacée"),
        "template.installed" => new("Shipped template installed", "Modèle fourni installé"),
        "template.saved" => new("Template draft saved", "Brouillon de modèle enregistré"),
        "template.published" => new("Template published", "Modèle publié"),
        "template.withdrawn" => new("Template withdrawn", "Modèle retiré"),
        "supplier.added" => new("Supplier added", "Prestataire ajouté"),
        "supplier.changed" => new("Supplier changed", "Prestataire modifié"),
        "system.added" => new("System connected", "Système connecté"),
        "system.changed" => new("System changed", "Système modifié"),
        "system.accepted" => new("Values of a system accepted", "Valeurs d’un système acceptées"),
        "system.paused" => new("System paused", "Système mis en pause"),
        "system.resumed" => new("System resumed", "Système remis en service"),
        "system.removed" => new("System removed", "Système retiré"),
        "absence.planned" => new("Absence planned", "Absence prévue"),
        "absence.ended" => new("Absence ended", "Fin d’absence"),
        "door.opened" => new("Own door opened to the leaver", "Espace ouvert au consultant"),
        "door.link-sent" => new("Link through the own door sent", "Lien vers l’espace du consultant envoyé"),
        "door.code-printed" => new("Code for the own door made on paper", "Code sur papier créé pour l’espace du consultant"),
        "door.entered" => new("Somebody came through the own door", "Entrée dans l’espace du consultant"),
        "door.passkey-added" => new("Passkey for the own door made by the leaver", "Clé d’accès créée par le consultant pour son espace"),
        "door.passkey-removed" => new("Passkey for the own door removed", "Clé d’accès à l’espace du consultant retirée"),
        "door.kept" => new("End of the own door set", "Échéance de l’espace du consultant fixée"),
        "door.closed" => new("Own door closed", "Espace du consultant fermé"),
        "notice.written" => new("Public notice written", "Mentions publiques modifiées"),
        "notice.restored" => new("Public notice back to the shipped text", "Mentions publiques ramenées au texte fourni"),
        "organisation.changed" => new("Organisation described", "Organisation renseignée"),
        "organisation.accent-chosen" => new("Accent colour chosen", "Couleur d’accent choisie"),
        "organisation.logo-shown" => new("Logo shown", "Logo affiché"),
        "organisation.logo-removed" => new("Logo removed", "Logo retiré"),
        "first-steps.left" => new("First step left for later", "Premier pas remis à plus tard"),
        "first-steps.taken-up" => new("First step taken up again", "Premier pas repris"),
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
        "token.created" => new("Token created", "Jeton créé"),
        "token.revoked" => new("Token revoked", "Jeton révoqué"),
        "set-up.offered" => new("Set-up link made", "Lien de mise en route créé"),
        "set-up.done" => new("Set-up done", "Mise en route faite"),
        "user.added" => new("User added", "Utilisateur ajouté"),
        "user.bound" => new("User tied to a person", "Utilisateur rattaché à une personne"),
        "user.disabled" => new("User disabled", "Utilisateur désactivé"),
        "user.enabled" => new("User enabled", "Utilisateur réactivé"),
        "user.invited" or "user.invited-again" => new("User invited", "Utilisateur invité"),
        "user.invitation-taken" => new("Invitation taken up", "Invitation acceptée"),
        "user.guessed" => new("Wrong passwords or codes in a row: their source must wait", "Mots de passe ou codes erronés en série : leur origine doit attendre"),
        "user.second-step-on" => new("Second step of sign-in turned on", "Seconde étape de connexion activée"),
        "user.second-step-off" => new("Second step of sign-in turned off", "Seconde étape de connexion désactivée"),
        "user.second-step-removed" => new("Second step and passkeys removed by an administrator", "Seconde étape et clés d’accès retirées par un administrateur"),
        "user.passkey-added" => new("Passkey added", "Clé d’accès ajoutée"),
        "user.passkey-removed" => new("Passkey removed", "Clé d’accès retirée"),
        "user.recovery-codes-renewed" => new("Recovery codes made anew", "Codes de secours renouvelés"),
        "user.recovery-code-used" => new("Recovery code used", "Code de secours utilisé"),
        "user.password-changed" => new("Password changed", "Mot de passe changé"),
        "user.language-kept" => new("Language of a user kept", "Langue d’un utilisateur retenue"),
        "user.zone-chosen" => new("Time zone of a user chosen", "Fuseau horaire d’un utilisateur choisi"),
        "user.proved" => new("Proved again who they are", "Identité prouvée de nouveau"),
        "user.made-by-provider" => new("User made at their first sign-in by an identity provider", "Utilisateur créé à sa première connexion par un fournisseur d’identité"),
        "user.tied" => new("User tied to an identity provider", "Utilisateur rattaché à un fournisseur d’identité"),
        "user.untied" => new("User untied from an identity provider", "Utilisateur détaché d’un fournisseur d’identité"),
        "user.ended-by-provider" => new("Session ended by the identity provider", "Session fermée par le fournisseur d’identité"),
        "user.role-kept" => new("Role of the last administrator kept, against the identity provider", "Rôle du dernier administrateur conservé, malgré le fournisseur d’identité"),
        "user.role-granted" => new("Role granted", "Rôle accordé"),
        "user.role-withdrawn" => new("Role withdrawn", "Rôle retiré"),
        "user.signed-in" => new("Signed in", "Connexion"),
        "user.signed-out" => new("Signed out", "Fin de session"),
        "user.session-ended" => new("Session ended from elsewhere", "Session fermée à distance"),
        "user.sessions-ended" => new("Other sessions ended", "Autres sessions fermées"),
        "departure.bridged" => new("End date bridged by a few days", "Délai de régularisation accordé"),
        "departure.prepared" => new("Departure prepared without an answer", "Départ préparé faute de réponse"),
        "departure.confirmed" => new("Prepared departure confirmed", "Départ préparé, puis confirmé"),
        "departure.presence" => new("Presence of the consultant noted", "Présence du consultant notée"),
        "embargo.named" => new("Somebody let in on an embargo", "Personne mise dans la confidence"),
        "embargo.lifted" => new("Embargo lifted", "Embargo levé"),
        "mail.again" => new("Mail sent again", "Courriel renvoyé"),
        "mail.withdrawn" => new("Mail withdrawn", "Courriel retiré"),
        "nightly-import.saved" => new("Nightly import set up or changed", "Import de nuit enregistré"),
        "nightly-import.removed" => new("Nightly import removed", "Import de nuit supprimé"),
        "nightly-import.ran" => new("Nightly import run", "Import de nuit exécuté"),
        "renewal.asked" => new("Renewal asked about", "Question de renouvellement posée"),
        "renewal.answered" => new("Renewal question answered", "Réponse à la question de renouvellement"),
        "renewal.unanswered" => new("Renewal question left without an answer", "Question de renouvellement restée sans réponse"),
        "renewal.bridged" => new("Bridge granted", "Délai de régularisation accordé"),
        "renewal.overtaken" => new("Renewal question overtaken by the record", "Question de renouvellement devenue sans objet"),
        "renewals.set" => new("Renewal settings changed", "Réglages des renouvellements modifiés"),
        "work.retried" => new("Stopped work tried again", "Travail arrêté relancé"),
        _ => Words.Same(kind),
    };
}
