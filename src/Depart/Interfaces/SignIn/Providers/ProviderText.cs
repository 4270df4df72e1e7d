using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>The words of sign-in by an identity provider.</summary>
internal static class ProviderText
{
    public static readonly Words Provider = new("Identity provider", "Fournisseur d’identité");
    public static readonly Words Title = new("Single sign-on", "Authentification unique");
    public static readonly Words SignInWith = new("Sign in with {0}", "Se connecter avec {0}");
    public static readonly Words Or = new("or", "ou");

    // What the page of sign-in says.
    public static readonly Problem Refused = new(ProblemKind.Unauthenticated, "provider-refused", new(
        "Sign-in was given up or refused there. Nothing was done: try again, or sign in another way.",
        "La connexion a été abandonnée ou refusée là-bas. Rien n’a été fait : recommencez, ou connectez-vous autrement."));

    public static readonly Problem Failed = new(ProblemKind.Unauthenticated, "provider-failed", new(
        "The answer did not fit what this browser had asked for, or came too late. Please begin again from this page.",
        "La réponse ne correspond pas à ce que ce navigateur avait demandé, ou arrive trop tard. Veuillez recommencer depuis cette page."));

    public static readonly Problem Unreachable = new(ProblemKind.Unavailable, "provider-unreachable", new(
        "The identity provider does not answer as it should. Try again in a moment, or sign in another way; an administrator finds the cause in the settings.",
        "Le fournisseur d’identité ne répond pas comme il devrait. Réessayez dans un instant, ou connectez-vous autrement ; un administrateur trouvera la cause dans les réglages."));

    /// <summary>One message for all that can be amiss before the two are tied together.</summary>
    public static readonly Problem NoAccount = new(ProblemKind.Forbidden, "provider-no-account", new(
        "You are known there, but no account here opens by it. If you have an account, sign in as you usually do, then tie it under “My account”; otherwise ask an administrator.",
        "Vous êtes connu là-bas, mais cela n’ouvre aucun compte ici. Si vous avez un compte, connectez-vous comme d’habitude, puis rattachez-le dans « Mon compte » ; sinon, adressez-vous à un administrateur."));

    public static readonly Problem Disabled = new(ProblemKind.Forbidden, "provider-disabled", new(
        "Your account here is closed. Ask an administrator.", "Votre compte est fermé ici. Adressez-vous à un administrateur."));

    public static readonly Problem MailNotVerified = new(ProblemKind.Forbidden, "provider-mail-not-verified", new(
        "Your address is not marked as verified there, so nothing can be opened by it. Have it verified, then try again.",
        "Votre adresse n’y est pas déclarée vérifiée : elle ne peut rien ouvrir. Faites-la vérifier, puis recommencez."));

    // Proof again and one's own ties.
    public static readonly Problem OfAnother = new(ProblemKind.Forbidden, "provider-other-person", new(
        "Somebody else is signed in there: this proves nothing about you. Sign in there as yourself.",
        "C’est quelqu’un d’autre qui y est connecté : cela ne prouve rien à votre sujet. Connectez-vous-y sous votre nom."));

    public static readonly Problem NotFresh = new(ProblemKind.Forbidden, "provider-not-fresh", new(
        "The provider did not ask anew who you are, or does not say when it did: this proves nothing. Use your password or a passkey.",
        "Le fournisseur n’a pas redemandé qui vous êtes, ou ne dit pas quand il l’a fait : cela ne prouve rien. Utilisez votre mot de passe ou une clé d’accès."));

    public static readonly Problem TiedElsewhere = Problem.Conflict("provider-tied-elsewhere", new(
        "That identity already opens another account here. An administrator can untie it.", "Cette identité ouvre déjà un autre compte ici. Un administrateur peut la détacher."));

    public static readonly Problem AlreadyTied = Problem.Conflict("provider-already-tied", new(
        "Your account is already tied to another identity of this provider: untie that one first.", "Votre compte est déjà rattaché à une autre identité de ce fournisseur : détachez-la d’abord."));

    public static readonly Problem LastWay = Problem.Conflict("last-way-in", new(
        "This is your only way in: choose a password or make a passkey first.", "C’est votre seul moyen de vous connecter : choisissez d’abord un mot de passe ou une clé d’accès."));

    public static readonly Words ProveWith = new("Prove it with {0}", "Le prouver avec {0}");
    public static readonly Words ProveApart = new("{0} opens in another tab; come back here afterwards.", "{0} s’ouvre dans un autre onglet ; revenez ensuite ici.");
    public static readonly Words Proved = new("Proved. If you came from another tab, go on there.", "C’est prouvé. Si vous venez d’un autre onglet, poursuivez-y.");
    public static readonly Words OwnAbout = new(
        "Tie your account to the company’s single sign-on: afterwards one press signs you in.", "Rattachez votre compte à l’authentification unique de l’entreprise : ensuite, un seul geste vous connecte.");
    public static readonly Words Tie = new("Tie to {0}", "Rattacher à {0}");
    public static readonly Words Tied = new("Tied since", "Rattaché depuis");
    public static readonly Words TiedNow = new("Your account is tied: next time, one press signs you in.", "Votre compte est rattaché : la prochaine fois, un seul geste vous connectera.");
    public static readonly Words Untie = new("Untie", "Détacher");
    public static readonly Words UntieOne = new("Untie from {0}", "Détacher de {0}");
    public static readonly Words Untied = new("Your account is no longer tied.", "Votre compte n’est plus rattaché.");
    public static readonly Words UserUntied = new("{0} is no longer tied to the provider.", "{0} n’est plus rattaché au fournisseur.");
    public static readonly Words Manage = new("See and change", "Voir et modifier");

    // Signing out.
    public static readonly Words SignedOutHere = new("You are signed out of Depart. You are still signed in at {0}.", "Vous êtes déconnecté de Départ. Vous restez connecté chez {0}.");
    public static readonly Words SignOutThere = new("Sign out of {0} too", "Se déconnecter aussi de {0}");

    // The settings.
    public static readonly Words None = new(
        "No provider. People sign in with a password or a passkey; with OpenID Connect they use the account that the company gave them.",
        "Aucun fournisseur. Chacun se connecte par mot de passe ou par clé d’accès ; avec OpenID Connect, chacun utilise le compte que lui a donné l’entreprise.");
    public static readonly Words Add = new("Add a provider", "Ajouter un fournisseur");
    public static readonly Words Key = new("Short name", "Nom court");
    public static readonly Words KeyHelp = new("For addresses, never changed afterwards: lower-case letters, digits and dashes.", "Pour les adresses, définitif : minuscules, chiffres et tirets.");
    public static readonly Words Name = new("Name on the button", "Nom sur le bouton");
    public static readonly Words Issuer = new("Issuer", "Émetteur");
    public static readonly Words IssuerHelp = new("The provider’s address, before /.well-known/openid-configuration.", "L’adresse du fournisseur, avant /.well-known/openid-configuration.");
    public static readonly Words ClientId = new("Client identifier", "Identifiant du client");
    public static readonly Words Secret = new("Client secret", "Secret du client");
    public static readonly Words SecretHelp = new("Encrypted, never shown again. Sent in the body of requests (client_secret_post).", "Chiffré, jamais montré de nouveau. Envoyé dans le corps des requêtes (client_secret_post).");
    public static readonly Words SecretKept = new("Left empty, the one that is kept stays.", "Laissé vide, celui qui est conservé reste.");
    public static readonly Words Scopes = new("Scopes", "Portées");
    public static readonly Words ScopesHelp = new(
        "With a refresh token, the provider is asked every five minutes whether the session still holds: many give one for offline_access.",
        "Avec un jeton d’actualisation, le fournisseur est interrogé toutes les cinq minutes sur la validité de la session : beaucoup en donnent un pour offline_access.");
    public static readonly Words MailClaim = new("Claim with the address", "Attribut de l’adresse");
    public static readonly Words NameClaim = new("Claim with the name", "Attribut du nom");
    public static readonly Words RoleClaim = new("Claim with roles or groups", "Attribut des rôles ou des groupes");
    public static readonly Words RoleClaimHelp = new("Dots lead into an object: realm_access.roles. Empty: the provider gives no role.", "Les points mènent dans un objet : realm_access.roles. Vide : le fournisseur ne donne aucun rôle.");
    public static readonly Words RoleMap = new("Values that give roles", "Valeurs qui donnent des rôles");
    public static readonly Words RoleMapHelp = new(
        "One per line, role = value: it = depart-it. Roles: it, hr, security, auditor, admin. What this provider gave is given and taken anew at each sign-in; what was granted by hand stays.",
        "Une par ligne, rôle = valeur : it = depart-it. Rôles : it, hr, security, auditor, admin. Ce que ce fournisseur a donné est revu à chaque connexion ; ce qui a été accordé à la main reste.");
    public static readonly Words MakesUsers = new("Somebody unknown here becomes a user at the first sign-in", "Une personne inconnue ici devient utilisateur à la première connexion");
    public static readonly Words Domains = new("Only addresses of these domains", "Seulement les adresses de ces domaines");
    public static readonly Words DomainsHelp = new("Separated by spaces; empty for any.", "Séparés par des espaces ; vide pour tous.");
    public static readonly Words State = new("State", "État");
    public static readonly Words Enabled = new("Enabled", "Actif");
    public static readonly Words Off = new("Off", "Inactif");
    public static readonly Words Enable = new("Enable", "Activer");
    public static readonly Words Disable = new("Disable", "Désactiver");
    public static readonly Words DisableHelp = new("Nobody signs in by it any more, and the sessions begun by it end.", "Plus personne ne se connecte par lui, et les sessions ouvertes par lui se ferment.");
    public static readonly Words Remove = new("Remove", "Retirer");
    public static readonly Words RemoveTitle = new("Remove {0}?", "Retirer {0} ?");
    public static readonly Words RemoveHelp = new(
        "Ties to it are forgotten, roles that it gave are taken back, sessions begun by it end. Users stay; whoever had no other way in needs a new invitation.",
        "Les rattachements sont oubliés, les rôles qu’il a donnés sont repris, les sessions ouvertes par lui se ferment. Les utilisateurs restent ; qui n’avait pas d’autre moyen de se connecter doit être invité de nouveau.");
    public static readonly Words Added = new("Added, and off until you enable it: test it first.", "Ajouté, et inactif tant que vous ne l’activez pas : testez-le d’abord.");
    public static readonly Words Saved = new("The provider is saved.", "Le fournisseur est enregistré.");
    public static readonly Words EnabledNow = new("Its button stands on the sign-in page now.", "Son bouton figure maintenant sur la page de connexion.");
    public static readonly Words DisabledNow = new("Nobody signs in by it any more; sessions begun by it have ended.", "Plus personne ne se connecte par lui ; les sessions ouvertes par lui sont fermées.");
    public static readonly Words Removed = new("The provider is removed.", "Le fournisseur est retiré.");
    public static readonly Words ToCopy = new("To be told to the provider", "À déclarer chez le fournisseur");
    public static readonly Words RedirectAddress = new("Redirect address", "Adresse de redirection");
    public static readonly Words LogoutAddress = new("Back-channel logout address", "Adresse de déconnexion par canal arrière");
    public static readonly Words AfterAddress = new("Address after signing out", "Adresse après déconnexion");
    public static readonly Words Test = new("Test", "Tester");
    public static readonly Words OwnPassword = new("Your own password", "Votre propre mot de passe");
    public static readonly Words OwnPasswordHelp = new("Who may come in is not left to an unattended screen.", "Qui peut entrer n’est pas laissé à un écran sans surveillance.");
    public static readonly Words CouldNotAsk = new(
        "Since {0} it cannot be asked whether sessions still hold ({1}). Nobody is signed out for that; whoever it has shut out is not noticed either.",
        "Depuis {0}, impossible de lui demander si les sessions sont toujours valables ({1}). Personne n’est déconnecté pour autant ; qui en a été exclu n’est pas repéré non plus.");

    // What is wrong with fields.
    public static readonly Words KeyWrong = new("Two to forty lower-case letters, digits and dashes, beginning with a letter.", "De deux à quarante minuscules, chiffres et tirets, en commençant par une lettre.");
    public static readonly Words KeyTaken = new("There is already a provider called {0}.", "Un fournisseur s’appelle déjà {0}.");
    public static readonly Words TooLong = new("{0}: one line of at most {1} characters.", "{0} : une seule ligne, de {1} caractères au plus.");
    public static readonly Words IssuerWrong = new(
        "An address that begins with https:// and has neither “?” nor “#”; http:// only on this very machine.", "Une adresse qui commence par https:// et sans « ? » ni « # » ; http:// seulement sur cette machine.");
    public static readonly Words ScopesWrong = new("Scopes are separated by spaces, and openid is one of them.", "Les portées sont séparées par des espaces, et openid en fait partie.");
    public static readonly Words MapWithoutClaim = new("Say which claim holds these values.", "Indiquez l’attribut qui contient ces valeurs.");
    public static readonly Words MapLineWrong = new("Line {0}: write role = value; the role is it, hr, security, auditor or admin.", "Ligne {0} : écrivez rôle = valeur ; le rôle est it, hr, security, auditor ou admin.");
    public static readonly Words ValueWrong = new("A value is one line of at most 200 characters.", "Une valeur tient sur une ligne de 200 caractères au plus.");
    public static readonly Words DomainWrong = new("“{0}” is not a domain.", "« {0} » n’est pas un domaine.");
    public static readonly Words SecretAgain = new("Another issuer must not be sent the secret of this one: give its secret again.", "Un autre émetteur ne doit pas recevoir le secret de celui-ci : redonnez son secret.");

    // What a test says.
    public static readonly Words Good = new("The provider describes itself as it should.", "Le fournisseur se décrit comme il faut.");
    public static readonly Words NoAnswer = new("No answer from {0}: {1}", "Aucune réponse de {0} : {1}");
    public static readonly Words NotThere = new("{0} answers {1}: there is no description of a provider. Check the issuer.", "{0} répond {1} : aucune description de fournisseur ne s’y trouve. Vérifiez l’émetteur.");
    public static readonly Words NotReadable = new("{0} does not answer with the description of a provider: {1}", "{0} ne répond pas par la description d’un fournisseur : {1}");
    public static readonly Words OtherIssuer = new("It calls itself {0}: write the issuer exactly so.", "Il se nomme {0} : écrivez l’émetteur exactement ainsi.");
    public static readonly Words NoEndpoint = new("It does not say where to {0}.", "Il ne dit pas où {0}.");
    public static readonly Words ToAuthorise = new("sign in (authorization_endpoint)", "se connecter (authorization_endpoint)");
    public static readonly Words ToRedeem = new("fetch tokens (token_endpoint)", "obtenir les jetons (token_endpoint)");
    public static readonly Words NoKeys = new("It shows no key by which its signatures could be checked.", "Il ne montre aucune clé pour vérifier ses signatures.");
    public static readonly Words NoCode = new("It does not offer the code flow.", "Il ne propose pas le flux par code.");
    public static readonly Words NoPkce = new("It does not announce PKCE with S256: it is used all the same.", "Il n’annonce pas PKCE avec S256 : il est utilisé malgré tout.");
    public static readonly Words NoPost = new(
        "It does not announce client_secret_post: allow it for this client.", "Il n’annonce pas client_secret_post : autorisez-le pour ce client.");
    public static readonly Words NoBackChannel = new(
        "It does not announce back-channel logout: whoever is shut out there is noticed by the refresh token alone.", "Il n’annonce pas la déconnexion par canal arrière : une exclusion n’y est repérée que par le jeton d’actualisation.");
    public static readonly Words NoEndSession = new("It has no address for signing out: signing out here does not sign out there.", "Il n’a pas d’adresse de déconnexion : se déconnecter ici ne déconnecte pas là-bas.");
}
