using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of sign-in.</summary>
internal static class SignInText
{
    public static readonly Words Mail = new("E-mail address", "Adresse électronique");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words User = new("User", "Utilisateur");

    public static readonly Words MailWrong = new("“{0}” is not an e-mail address.", "« {0} » n’est pas une adresse électronique.");

    /// <summary>One message for every cause: nobody learns which addresses are known.</summary>
    public static readonly Problem Refused = new(ProblemKind.Unauthenticated, "sign-in-refused", new(
        "Signing in was refused. Check the address and the password. After five wrong passwords the account is locked for fifteen minutes; a disabled account stays closed.",
        "Connexion refusée. Vérifiez l’adresse et le mot de passe. Après cinq mots de passe erronés, le compte est bloqué quinze minutes ; un compte désactivé reste fermé."));

    /// <summary>The page was open for too long, or the form comes from elsewhere.</summary>
    public static readonly Problem FormExpired = Problem.Invalid("form", "form-expired", new(
        "This page was open for too long. Nothing was done: please try again.",
        "Cette page était ouverte depuis trop longtemps. Rien n’a été fait : veuillez recommencer."));

    public static readonly Problem NoSuchDemoRole = Problem.Invalid("role", "demo-role", new(
        "The demo has no such role.", "La démonstration n’a pas ce rôle."));

    public static readonly Problem CrossSite = new(ProblemKind.Forbidden, "cross-site", new(
        "This request comes from another site and was refused.", "Cette requête vient d’un autre site et a été refusée."));

    private static readonly Problem[] Shown = [Refused, FormExpired, NoSuchDemoRole];

    /// <summary>The message of a <c>problem</c> code that a form gave back in the address; null for an unknown one.</summary>
    public static Words? OfCode(string? code) => Shown.FirstOrDefault(problem => problem.Code == code)?.Message;
}
