using Depart.Connectors;
using Depart.Foundation;

namespace Depart.Step5Close.Accounts;

/// <summary>The words of the pages on systems and their accounts.</summary>
internal static class SystemsText
{
    public static readonly Words Systems = new("Systems", "Systèmes");
    public static readonly Words Connect = new("Connect a system", "Connecter un système");
    public static readonly Words ConnectWhich = new("Which kind of system?", "Quel type de système ?");
    public static readonly Words None = new("No system is connected yet", "Aucun système n’est encore connecté");
    public static readonly Words NoneHow = new(
        "Connect the directories and applications where consultants have accounts: a departure can then close them and prove it.",
        "Connectez les annuaires et applications où les consultants ont des comptes : un départ peut alors les fermer et le prouver.");
    public static readonly Words Kind = new("Kind", "Type");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words NameHelp = new("As people call it: “Intranet”.", "Comme on l’appelle : « Intranet ».");
    public static readonly Words Accounts = new("Accounts", "Comptes");
    public static readonly Words LastRead = new("Last discovery", "Dernière découverte");
    public static readonly Words Never = new("never", "jamais");
    public static readonly Words StateLabel = new("State", "État");
    public static readonly Words Ready = new("In service", "En service");
    public static readonly Words Paused = new("Paused", "En pause");
    public static readonly Words Held = new("Held back", "Mis en attente");
    public static readonly Words HeldUntil = new("It misbehaves: nothing is sent to it until {0}.", "Il répond mal : rien ne lui est envoyé avant {0}.");
    public static readonly Words ByHand = new("By hand", "À la main");
    public static readonly Words Settings = new("Settings", "Réglages");
    public static readonly Words MoreSettings = new("More settings", "Autres réglages");
    public static readonly Words SecretKept = new("Already set; leave empty to keep it.", "Déjà renseigné ; laissez vide pour le conserver.");
    public static readonly Words Protection = new("Protection and limits", "Protection et limites");
    public static readonly Words ProtectionOnly = new("Protection", "Protection");
    public static readonly Words Protected = new("Protected accounts", "Comptes protégés");
    public static readonly Words ProtectedHelp = new("One login a line, * for any text. No departure touches them.", "Un identifiant par ligne, * pour un texte quelconque. Aucun départ n’y touche.");
    public static readonly Words Concurrency = new("Parallel calls", "Appels simultanés");
    public static readonly Words ConcurrencyHelp = new("From 1 to 64.", "De 1 à 64.");
    public static readonly Words Rate = new("Calls per second", "Appels par seconde");
    public static readonly Words RateHelp = new("Empty: no limit.", "Vide : sans limite.");
    public static readonly Words After = new("Cut only after", "Coupé seulement après");
    public static readonly Words Test = new("Test the connection", "Tester la connexion");
    public static readonly Words TestOk = new("The connection works", "La connexion fonctionne");
    public static readonly Words TestMissing = new("Reached, but a right is missing", "Système joint, mais il manque un droit");
    public static readonly Words TestFailed = new("The connection failed", "La connexion a échoué");
    public static readonly Words Server = new("It says that it is", "Il se présente comme");
    public static readonly Words Rights = new("Rights", "Droits");
    public static readonly Words Held1 = new("Held", "Accordé");
    public static readonly Words Missing = new("Missing", "Manquant");
    public static readonly Words NotChecked = new("Not checked", "Non vérifié");
    public static readonly Words Proposed = new("Found on the system, to be accepted", "Trouvé sur le système, à accepter");
    public static readonly Words Accept = new("Accept these values", "Accepter ces valeurs");
    public static readonly Words Accepted = new("The values are accepted.", "Les valeurs sont acceptées.");
    public static readonly Words Save = new("Save", "Enregistrer");
    public static readonly Words Saved = new("{0} is saved.", "{0} est enregistré.");
    public static readonly Words ConnectThis = new("Connect this system", "Connecter ce système");
    public static readonly Words ConnectedNow = new("{0} is connected. Run a discovery to see its accounts.", "{0} est connecté. Lancez une découverte pour voir ses comptes.");
    public static readonly Words Discover = new("Discover accounts", "Découvrir les comptes");
    public static readonly Words SeeFound = new("See what was found", "Voir ce qui a été trouvé");
    public static readonly Words DiscoverStarted = new("The discovery was started.", "La découverte a été lancée.");
    public static readonly Words Pause = new("Pause", "Mettre en pause");
    public static readonly Words PauseHelp = new("Nothing is sent to the system until you resume; cuts wait and say so.", "Rien n’est envoyé au système jusqu’à la reprise ; les coupures attendent et le disent.");
    public static readonly Words PausedHow = new("Nothing is sent to it until it is resumed; cuts wait.", "Rien ne lui est envoyé jusqu’à la reprise ; les coupures attendent.");
    public static readonly Words PausedFor = new("Paused by {0} ({1}): {2}", "Mis en pause par {0} ({1}) : {2}");
    public static readonly Words Resume = new("Resume", "Reprendre");
    public static readonly Words PausedNow = new("The system is paused.", "Le système est en pause.");
    public static readonly Words ResumedNow = new("The system is in service again.", "Le système est de nouveau en service.");
    public static readonly Words Remove = new("Remove", "Retirer");
    public static readonly Words RemoveTitle = new("Remove {0}?", "Retirer {0} ?");
    public static readonly Words RemoveHelp = new("Depart forgets its settings and no longer closes accounts there. The journal stays.", "Départ oublie ses réglages et n’y ferme plus de compte. Le journal demeure.");
    public static readonly Words RemoveAccounts = new("Also forget its accounts", "Oublier aussi ses comptes");
    public static readonly Words Removed = new("{0} is removed.", "{0} est retiré.");
    public static readonly Words WhatItDoes = new("What a cut does there", "Ce qu’y fait une coupure");
    public static readonly Words BestProof = new("Best proof: {0}", "Meilleure preuve : {0}");
    public static readonly Words NotRestored = new("not given back", "non rendu");
    private static readonly Words ReadOne = new("{0} read", "{0} lu");
    private static readonly Words ReadMany = new("{0} read", "{0} lus");
    private static readonly Words MatchedOne = new("{0} matched", "{0} rattaché");
    private static readonly Words MatchedMany = new("{0} matched", "{0} rattachés");
    private static readonly Words DoubtfulAny = new("{0} doubtful", "{0} douteux");
    private static readonly Words OrphanOne = new("{0} nobody’s", "{0} orphelin");
    private static readonly Words OrphanMany = new("{0} nobody’s", "{0} orphelins");
    public static readonly Words VanishedConfirm = new("They are really gone", "Ils ont vraiment disparu");
    public static readonly Words VanishedDone = new("Accounts marked gone: {0}.", "Comptes marqués disparus : {0}.");
    public static readonly Words StopDiscovery = new("Stop", "Arrêter");
    public static readonly Words Stopping = new("The discovery was asked to stop.", "L’arrêt de la découverte est demandé.");
    public static readonly Words Choose = new("Choose", "Choisir");

    public static readonly Words AllAccounts = new("Accounts", "Comptes");
    public static readonly Words SearchLabel = new("Login, name or mail", "Identifiant, nom ou courriel");
    public static readonly Words AnySystem = new("All systems", "Tous les systèmes");
    public static readonly Words Whose = new("Whose", "À qui");
    public static readonly Words Nobodys = new("nobody’s", "à personne");
    public static readonly Words Perhaps = new("perhaps {0}", "peut-être {0}");
    public static readonly Words IsTheirs = new("Theirs", "C’est le sien");
    public static readonly Words IsTheirsLong = new("{0} is the account of {1}", "{0} est le compte {1}");
    public static readonly Words NotTheirs = new("Not theirs", "Ce n’est pas le sien");
    public static readonly Words NotTheirsLong = new("{0} is not the account of {1}", "{0} n’est pas le compte {1}");
    public static readonly Words RecordPerson = new("Record this person", "Enregistrer cette personne");
    public static readonly Words Ignore = new("Leave aside", "Écarter");
    public static readonly Words IgnoreOne = new("Leave {0} aside", "Écarter {0}");
    public static readonly Words IgnoreWhy = new("Why", "Motif");
    public static readonly Words Decided = new("Recorded.", "Enregistré.");
    public static readonly Words PersonGone = new("has left", "personne partie");
    public static readonly Words ProtectedOne = new("Protected", "Protégé");
    public static readonly Words NoAccount = new("No account here", "Aucun compte ici");
    public static readonly Words NoAccountHow = new("Run a discovery on a system, or try another filter.", "Lancez une découverte sur un système, ou essayez un autre filtre.");
    public static readonly Words LastUsed = new("Last used", "Dernier usage");
    public static readonly Words Acts = new("Actions", "Actions");

    public static Words Of(AccountClass standing) => standing switch
    {
        AccountClass.Matched => new("Matched", "Rattachés"),
        AccountClass.Doubtful => new("Doubtful", "Douteux"),
        AccountClass.Orphan => new("Nobody’s", "Orphelins"),
        AccountClass.Zombie => new("Of people gone", "De personnes parties"),
        AccountClass.PrivilegedUnknown => new("Privileged, nobody’s", "Privilégiés inconnus"),
        AccountClass.Service => new("Service", "De service"),
        AccountClass.Ignored => new("Left aside", "Écartés"),
        _ => new("Gone", "Disparus"),
    };

    /// <summary>What a discovery found.</summary>
    public static Words Counts(int read, int matched, int doubtful, int orphan) => new Words("{0} · {1} · {2} · {3}", "{0} · {1} · {2} · {3}").With(
        Words.Count(read, ReadOne, ReadMany), Words.Count(matched, MatchedOne, MatchedMany), Words.Count(doubtful, DoubtfulAny, DoubtfulAny), Words.Count(orphan, OrphanOne, OrphanMany));

    /// <summary>What a class means, for whoever meets it first.</summary>
    public static Words Meaning(AccountClass standing) => standing switch
    {
        AccountClass.Matched => new("Surely somebody’s, who is here: closed when they leave.", "À coup sûr à quelqu’un de présent : fermés à son départ."),
        AccountClass.Doubtful => new("Perhaps somebody’s: say yes or no, or they stay open at a departure.", "Peut-être à quelqu’un : dites oui ou non, sinon ils restent ouverts lors d’un départ."),
        AccountClass.Orphan => new("Nobody of the record has them: find out whose they are, or leave them aside with a reason.", "Personne du registre ne les possède : trouvez à qui ils sont, ou écartez-les avec un motif."),
        AccountClass.Zombie => new("Their person is gone and they are still open: close these first. The person’s page leads to their departure.", "Leur titulaire est parti et ils sont encore ouverts : à fermer d’abord. La fiche de la personne mène à son départ."),
        AccountClass.PrivilegedUnknown => new("They have power over their system and belong to nobody known.", "Ils ont un pouvoir sur leur système et n’appartiennent à personne de connu."),
        AccountClass.Service => new("Used by programs; a person answers for each.", "Utilisés par des programmes ; une personne répond de chacun."),
        AccountClass.Ignored => new("Left aside by a person, with a reason.", "Écartés par une personne, avec un motif."),
        _ => new("No longer on their system.", "N’existent plus sur leur système."),
    };

    public static Words Of(DiscoveryState state) => state switch
    {
        DiscoveryState.Waiting => new("Waiting", "En attente"),
        DiscoveryState.Running => new("Reading", "Lecture en cours"),
        DiscoveryState.Done => new("Done", "Terminée"),
        DiscoveryState.ToConfirm => new("To be confirmed", "À confirmer"),
        DiscoveryState.Failed => new("Failed", "Échouée"),
        _ => new("Stopped", "Arrêtée"),
    };

    public static Words Of(RightState state) => state switch
    {
        RightState.Held => Held1,
        RightState.Missing => Missing,
        _ => NotChecked,
    };
}
