using Depart.Foundation;

namespace Depart.Step7OnePlatform;

/// <summary>The words of the shell and of the pages that join rooms.</summary>
internal static class PlatformText
{
    public static readonly Words Home = new("Home", "Accueil");
    public static readonly Words SkipToContent = new("Skip to content", "Aller au contenu");
    public static readonly Words Menu = new("Menu", "Menu");
    public static readonly Words FindPerson = new("Find a person", "Trouver une personne");
    public static readonly Words CutNow = new("Cut now", "Couper maintenant");
    public static readonly Words SignOut = new("Sign out", "Se déconnecter");
    public static readonly Words Language = new("Language", "Langue");
    public static readonly Words Theme = new("Theme", "Thème");
    public static readonly Words ThemeSystem = new("System", "Système");
    public static readonly Words ThemeLight = new("Light", "Clair");
    public static readonly Words ThemeDark = new("Dark", "Sombre");
    public static readonly Words ThisIsADemo = new("This is a demonstration: everything here is fictional.", "Ceci est une démonstration : tout y est fictif.");

    public static readonly Words NotFoundTitle = new("This page does not exist", "Cette page n’existe pas");
    public static readonly Words NotFoundBody = new(
        "The address may have changed, or the link was cut short. Nothing was lost.",
        "L’adresse a peut-être changé, ou le lien a été tronqué. Rien n’est perdu.");
    public static readonly Words ForbiddenTitle = new("This page is not for your role", "Cette page n’est pas pour votre rôle");
    public static readonly Words ForbiddenBody = new(
        "If you need it, ask an administrator to give you the role.",
        "Si vous en avez besoin, demandez le rôle à un administrateur.");
    public static readonly Words BrokenTitle = new("Something went wrong on our side", "Une erreur est survenue de notre côté");
    public static readonly Words BrokenBody = new(
        "Nothing that runs was stopped. Try again; if it comes back, give this number to the administrator: {0}",
        "Rien de ce qui est en cours n’a été arrêté. Recommencez ; si cela se reproduit, donnez ce numéro à l’administrateur : {0}");
    public static readonly Words ExpiredTitle = new("This form is too old", "Ce formulaire a expiré");
    public static readonly Words ExpiredBody = new(
        "Nothing was done. Open the page again and send it once more.",
        "Rien n’a été fait. Rouvrez la page et envoyez-le de nouveau.");
    public static readonly Words BackHome = new("Back to the home page", "Revenir à l’accueil");
}
