using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of the pages of sign-in, users and tokens.</summary>
internal static class SignInPageText
{
    public static readonly Words GivenBy = new("by {0}, {1}", "par {0}, {1}");
    public static readonly Words GivenOnServer = new("on the server’s console, {0}", "depuis la console du serveur, {0}");

    /// <summary>Who gave a role, and when.</summary>
    public static Words Given(GivenRole role, Words day) => role.By == Actor.Console.Name ? GivenOnServer.With(day) : GivenBy.With(role.By, day);

    public static readonly Words Title = new("Sign in", "Connexion");
    public static readonly Words WhatThisIs = new("When a consultant leaves, every account is closed, verified and proved.", "Quand un consultant s’en va, chaque compte est fermé, vérifié et prouvé.");
    public static readonly Words Password = new("Password", "Mot de passe");
    public static readonly Words Enter = new("Sign in", "Se connecter");
    public static readonly Words WithPassword = new("Sign in with a password", "Se connecter avec un mot de passe");
    public static readonly Words DemoInvitation = new("Choose who you are: one click is enough.", "Choisissez qui vous êtes : un clic suffit.");
    public static readonly Words DemoPassword = new("Everyone’s password here:", "Ici, le mot de passe de chacun :");

    public static readonly Words SetUpTitle = new("Welcome to Depart", "Bienvenue dans Départ");
    public static readonly Words SetUpHelp = new("You are the first administrator: choose how you sign in.", "Vous êtes le premier administrateur : choisissez comment vous connecter.");
    public static readonly Words InvitedTitle = new("Welcome, {0}", "Bienvenue, {0}");
    public static readonly Words InvitedHelp = new("Choose a password for {0}.", "Choisissez un mot de passe pour {0}.");
    public static readonly Words NewPassword = new("New password", "Nouveau mot de passe");
    public static readonly Words OldPassword = new("Current password", "Mot de passe actuel");
    public static readonly Words Again = new("The same again", "Le même, encore une fois");
    public static readonly Words PasswordHelp = new("At least twelve characters; a few words do well.", "Douze caractères au moins ; quelques mots conviennent bien.");
    public static readonly Words Begin = new("Begin", "Commencer");
    public static readonly Words OwnPassword = new("Your own password", "Votre propre mot de passe");
    public static readonly Words ProveTitle = new("First, your password again", "D’abord, votre mot de passe");
    public static readonly Words ProveHelp = new("What follows is not left to an unattended screen.", "La suite n’est pas laissée à un écran sans surveillance.");
    public static readonly Words ProveDo = new("Go on", "Continuer");
    public static readonly Words MyAccount = new("My account", "Mon compte");
    public static readonly Words ZoneHelp = new("In which you read hours that belong to no departure. Empty: that of the company, {0}.", "Celui dans lequel vous lisez les heures qui ne sont pas celles d’un départ. Vide\u00a0: celui de l’entreprise, {0}.");
    public static readonly Words ZoneKept = new("Hours are shown in your time zone.", "Les heures s’affichent dans votre fuseau horaire.");
    public static readonly Words Mails = new("Mails", "Courriels");
    public static readonly Words MailsAbout = new("Depart writes to you once a day at most, about what is yours to do; you choose whether and when.", "Départ vous écrit au plus une fois par jour, de ce que vous avez à faire\u00a0; vous choisissez si et quand.");
    public static readonly Words Display = new("Display", "Affichage");
    public static readonly Words ChangePassword = new("Change the password", "Changer le mot de passe");
    public static readonly Words MyTokens = new("My API tokens", "Mes jetons d’API");
    public static readonly Words AllTokens = new("API tokens", "Jetons d’API");
    public static readonly Words NoToken = new("No token. The command line and scripts need one.", "Aucun jeton. La ligne de commande et les scripts en ont besoin.");
    public static readonly Words NewToken = new("New token", "Nouveau jeton");
    public static readonly Words TokenOnce = new("Copy this token now: it is shown only once.", "Copiez ce jeton maintenant : il n’est affiché qu’une fois.");
    public static readonly Words TokenName = new("Name", "Nom");
    public static readonly Words TokenNameHelp = new("What it is for: “nightly import”.", "À quoi il sert : « import de nuit ».");
    public static readonly Words TokenReadOnly = new("May only read", "Lecture seule");
    public static readonly Words TokenDays = new("Valid for (days)", "Valable (jours)");
    public static readonly Words CreateToken = new("Create the token", "Créer le jeton");
    public static readonly Words TokenRevoked = new("The token no longer works.", "Le jeton ne fonctionne plus.");
    public static readonly Words ReadOnly = new("Read only", "Lecture seule");
    public static readonly Words ExpiresOn = new("expires", "expire");
    public static readonly Words MySessions = new("Where I am signed in", "Où je suis connecté");
    public static readonly Words ThisBrowser = new("this browser", "ce navigateur");
    public static readonly Words UnknownBrowser = new("Unknown browser", "Navigateur inconnu");
    public static readonly Words Began = new("since", "depuis");
    public static readonly Words SeenLast = new("last seen", "vu la dernière fois");
    public static readonly Words End = new("Sign out", "Fermer");
    public static readonly Words EndOne = new("Sign out: {0}", "Fermer la session : {0}");
    public static readonly Words EndOthers = new("Sign out everywhere else", "Fermer toutes les autres sessions");
    public static readonly Words SessionEnded = new("That browser is signed out.", "La session de ce navigateur est fermée.");
    public static readonly Words OthersEnded = new("You are signed in only here now.", "Vous n’êtes plus connecté qu’ici.");
    public static readonly Words LastUsed = new("last used", "utilisé la dernière fois");
    public static readonly Words NeverUsed = new("never used", "jamais utilisé");
    public static readonly Words Revoke = new("Revoke", "Révoquer");
    public static readonly Words RevokeOne = new("Revoke {0}", "Révoquer {0}");
    public static readonly Words Users = new("Users", "Utilisateurs");
    public static readonly Words Roles = new("Roles", "Rôles");
    public static readonly Words WithinUnits = new("{0} for {1}", "{0} pour {1}");
    public static readonly Words OnlyUnits = new("Only for some units", "Seulement pour certaines entités");
    public static readonly Words OnlyUnitsHelp = new("One a line, as missions bear them. Then the role counts for the departures of these alone; leave it empty for all.", "Une par ligne, comme les missions les portent. Le rôle ne vaut alors que pour leurs départs\u00a0; laissez vide pour tous.");
    public static readonly Words State = new("State", "État");
    public static readonly Words LastSignIn = new("Last sign-in", "Dernière connexion");
    public static readonly Words Acts = new("Actions", "Actions");
    public static readonly Words Invite = new("Invite a user", "Inviter un utilisateur");
    public static readonly Words InviteAgain = new("New link to choose a password", "Nouveau lien pour choisir un mot de passe");
    public static readonly Words InvitationOnce = new("Give this link to the person: it works once and is shown only now.", "Transmettez ce lien à la personne : il ne sert qu’une fois et n’est affiché que maintenant.");
    public static readonly Words Change = new("Change", "Modifier");
    public static readonly Words ChangeOne = new("Change {0}", "Modifier {0}");
    public static readonly Words Disable = new("Disable", "Désactiver");
    public static readonly Words DisableOne = new("Disable {0}", "Désactiver {0}");
    public static readonly Words Enable = new("Enable", "Réactiver");
    public static readonly Words EnableOne = new("Enable {0}", "Réactiver {0}");
    public static readonly Words UserDisabledNow = new("The user can no longer sign in.", "L’utilisateur ne peut plus se connecter.");
    public static readonly Words UserEnabledNow = new("The user can sign in again.", "L’utilisateur peut de nouveau se connecter.");
    public static readonly Words InRecord = new("In the record", "Dans le registre");
    public static readonly Words InRecordHelp = new(
        "Name or address of the person that this user is; empty for nobody. What departures ask of that person comes to this user, who never acts on their own departure.",
        "Nom ou adresse de la personne qui se connecte avec ce compte ; vide pour personne. Ce que les départs demandent à cette personne arrive sur ce compte, qui n’agit jamais sur son propre départ.");
    public static readonly Words IsInRecord = new("In the record: {0}", "Dans le registre : {0}");
    public static readonly Words IsNow = new("{0} is {1} in the record.", "{0} est {1} dans le registre.");
    public static readonly Words IsNobody = new("{0} is nobody of the record.", "{0} n’est personne du registre.");
    public static readonly Words RolesSaved = new("The roles of {0} are saved.", "Rôles enregistrés pour {0}.");

    public static Words Of(UserState state) => state switch
    {
        UserState.Invited => new("Invited", "Invité"),
        UserState.Active => new("Active", "Actif"),
        _ => new("Disabled", "Désactivé"),
    };

    /// <summary>By what somebody signed in.</summary>
    public static Words Of(SignInMethod method) => method switch
    {
        SignInMethod.Password => new("password", "mot de passe"),
        SignInMethod.PasswordAndCode => new("password and code", "mot de passe et code"),
        SignInMethod.Passkey => new("passkey", "clé d’accès"),
        SignInMethod.Link => new("one-time link", "lien à usage unique"),
        SignInMethod.Provider => new("single sign-on", "authentification unique"),
        _ => new("one click of the demo", "un clic de la démonstration"),
    };

    /// <summary>A role, as people call it.</summary>
    public static Words Of(Role role) => role switch
    {
        Role.Manager => new("Mission manager", "Responsable de mission"),
        Role.It => new("IT operations", "Opérations informatiques"),
        Role.Hr => new("HR and procurement", "RH et achats de prestations"),
        Role.Security => new("Security officer", "RSSI"),
        Role.Consultant => new("Consultant", "Consultant"),
        Role.Successor => new("Successor", "Repreneur"),
        Role.Auditor => new("Auditor", "Auditeur"),
        _ => new("Administrator", "Administrateur"),
    };

    /// <summary>What a role comes for.</summary>
    public static Words ComesFor(Role role) => role switch
    {
        Role.Manager => new("tasks of own missions", "tâches de ses missions"),
        Role.It => new("systems, accounts, the disconnection", "systèmes, comptes, déconnexion"),
        Role.Hr => new("people, missions, departures", "personnes, missions, départs"),
        Role.Security => new("immediate departures, protected accounts", "départs immédiats, comptes protégés"),
        Role.Auditor => new("reads what proves, changes nothing", "lit ce qui prouve, ne modifie rien"),
        _ => new("users, roles, settings", "utilisateurs, rôles, réglages"),
    };
}
