using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn.Providers;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of sign-in.</summary>
internal static class SignInText
{
    public static readonly Words Mail = new("E-mail address", "Adresse électronique");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words User = new("User", "Utilisateur");
    public static readonly Words Person = new("Person", "Personne");
    public static readonly Words Token = new("Token", "Jeton");
    public static readonly Words Session = new("Session", "Session");

    public static readonly Problem MailWrong = Problem.Invalid("Mail", "mail-wrong", new(
        "“{0}” is not an e-mail address.", "« {0} » n’est pas une adresse électronique."));

    /// <summary>One message for every cause: nobody learns which addresses are known.</summary>
    public static readonly Problem Refused = new(ProblemKind.Unauthenticated, "sign-in-refused", new(
        "Signing in was refused. Check the address and the password. After several errors you must wait, longer each time; a disabled account stays closed.",
        "Connexion refusée. Vérifiez l’adresse et le mot de passe. Après plusieurs erreurs, il faut attendre, chaque fois plus longtemps ; un compte désactivé reste fermé."));

    /// <summary>Nothing was checked: whoever guesses learns nothing, and nobody else is held up.</summary>
    public static readonly Problem Wait = new(ProblemKind.TooMany, "sign-in-wait", new(
        "Too many errors came from here: nothing was checked. Wait a few minutes, then try again; the wait doubles with each further error. A browser in which you signed in before is not held up by what others try.",
        "Trop d’erreurs sont venues d’ici : rien n’a été vérifié. Patientez quelques minutes, puis recommencez ; l’attente double à chaque nouvelle erreur. Un navigateur où vous vous êtes déjà connecté ne subit pas les essais des autres."));

    /// <summary>The password given again is wrong.</summary>
    public static readonly Words PasswordMissing = new("Your own password is needed for this.", "Votre mot de passe est nécessaire pour cela.");
    public static readonly Problem PasswordWrong = new(ProblemKind.Forbidden, "password-wrong", new(
        "This is not your password. After five errors you must wait, longer each time.",
        "Ce n’est pas votre mot de passe. Après cinq erreurs, il faut attendre, chaque fois plus longtemps."));

    public static readonly Problem PasswordsDiffer = Problem.Invalid("again", "passwords-differ", new(
        "The two passwords are not the same.", "Les deux mots de passe ne sont pas identiques."));

    /// <summary>The page was open for too long, or the form comes from elsewhere.</summary>
    public static readonly Problem FormExpired = Problem.Invalid("form", "form-expired", new(
        "This page was open for too long. Nothing was done: please try again.",
        "Cette page était ouverte depuis trop longtemps. Rien n’a été fait : veuillez recommencer."));

    public static readonly Problem LinkSpent = new(ProblemKind.NotFound, "link-spent", new(
        "This link was used already, has expired, or was replaced by a newer one. Ask an administrator for another; for the first set-up, restart the server.",
        "Ce lien a déjà servi, a expiré ou a été remplacé par un plus récent. Demandez-en un autre à un administrateur ; pour la première installation, redémarrez le serveur."));

    public static readonly Problem NoSuchDemoRole = Problem.Invalid("role", "demo-role", new(
        "The demo has no such role.", "La démonstration n’a pas ce rôle."));

    public static readonly Problem CrossSite = new(ProblemKind.Forbidden, "cross-site", new(
        "This request comes from another site and was refused.", "Cette requête vient d’un autre site et a été refusée."));

    public static readonly Problem LastAdministrator = Problem.Conflict("last-administrator", new(
        "This is the last administrator who can sign in: name another one first.",
        "C’est le dernier administrateur qui peut se connecter : nommez-en d’abord un autre."));

    public static readonly Problem UserDisabled = Problem.Conflict("user-disabled", new(
        "This user is disabled: enable them first.", "Cet utilisateur est désactivé : réactivez-le d’abord."));

    public static readonly Problem OwnBinding = new(ProblemKind.Forbidden, "own-binding", new(
        "Nobody changes who they are themselves: ask another administrator.", "Nul ne change sa propre identité : demandez à un autre administrateur."));

    public static readonly Problem PersonTaken = Problem.Conflict("person-taken", new(
        "Another user is already this person.", "Cette personne est déjà un autre utilisateur."));

    public static readonly Problem NotOwnRoles = new(ProblemKind.Forbidden, "not-own-roles", new(
        "A token can only hold roles that you hold yourself.", "Un jeton ne peut avoir que des rôles que vous avez vous-même."));

    public static readonly Problem OutlivesToken = new(ProblemKind.Forbidden, "outlives-token", new(
        "A token made with a token cannot outlive it. Sign in to make a longer one.",
        "Un jeton créé avec un jeton ne peut pas lui survivre. Connectez-vous pour en créer un plus long."));

    private static readonly Problem[] Shown =
    [
        Refused, Wait, PasswordWrong, SecondStepText.CodeWrong, SecondStepText.TooLate, PasskeyText.NotMade, PasskeyText.NotRecognised, PasskeyText.OfAnother, Problem.ProveAgain, ProviderText.Refused, ProviderText.Failed, ProviderText.Unreachable, ProviderText.NoAccount, ProviderText.Disabled, ProviderText.MailNotVerified,
        ProviderText.OfAnother, ProviderText.NotFresh, ProviderText.TiedElsewhere, ProviderText.AlreadyTied, PasswordsDiffer, FormExpired, LinkSpent, NoSuchDemoRole, PasswordPolicy.Short, PasswordPolicy.Long, PasswordPolicy.Common, PasswordPolicy.OwnName,
        Problem.Required("Name", Name), Problem.Invalid("Mail", "mail-wrong", new("This is not an e-mail address.", "Ce n’est pas une adresse électronique.")),
        Problem.Invalid("Mail", "mail-taken", new("This address already has a user.", "Cette adresse a déjà un utilisateur.")),
    ];

    /// <summary>The message of a <c>problem</c> code that a form gave back in the address; null for an unknown one.</summary>
    public static Words? OfCode(string? code) => Shown.FirstOrDefault(problem => problem.Code == code)?.Message;

    /// <summary>A role as people call it.</summary>
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

    /// <summary>How a user stands.</summary>
    public static Words Of(UserState state) => state switch
    {
        UserState.Invited => new("Invited", "Invité"),
        UserState.Active => new("Active", "Actif"),
        _ => new("Disabled", "Désactivé"),
    };
}
