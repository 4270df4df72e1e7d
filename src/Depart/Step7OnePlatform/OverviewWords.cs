using Depart.Foundation;

namespace Depart.Step7OnePlatform;

/// <summary>The words of the overview of the settings.</summary>
internal static class OverviewWords
{
    public static readonly Words House = new("The organisation", "L’organisation");
    public static readonly Words Access = new("Mail, users, systems", "Courriel, utilisateurs, systèmes");
    public static readonly Words NotSaid = new("Not said yet", "Pas encore renseignée");
    public static readonly Words NoticesAbout = new("Personal data, legal notice, accessibility", "Données personnelles, mentions légales, accessibilité");
    public static readonly Words NoticesMissing = new("{0} of 3 name what nobody has filled in yet", "{0} sur 3 nomment ce que personne n’a renseigné");
    public static readonly Words FirstStepsAbout = new("From an empty installation to a first departure", "D’une installation vide à un premier départ");
    public static readonly Words Departures = new("{0} · access cut at {1} · quiet {2}", "{0} · accès coupés à {1} · calme {2}");
    public static readonly Words Quiet = new("from {0} to {1}", "de {0} à {1}");
    public static readonly Words RenewalsAbout = new("When managers are asked, and what then happens", "Quand les responsables sont interrogés, et la suite");
    public static readonly Words TemplatesAbout = new("Which tasks a departure has, and whose they are", "Les tâches d’un départ, et à qui elles reviennent");
    public static readonly Words NoMail = new("No server: mails wait", "Aucun serveur : les courriels attendent");
    public static readonly Words Users = new("Users and roles", "Utilisateurs et rôles");
    public static readonly Words NoSystem = new("No system is connected", "Aucun système connecté");
    public static readonly Words NightlyAbout = new("The company’s list, read every night", "La liste de l’entreprise, lue chaque nuit");

    private static readonly Words UserOne = new("{0} user", "{0} utilisateur");
    private static readonly Words UserMany = new("{0} users", "{0} utilisateurs");
    private static readonly Words SystemOne = new("{0} system connected", "{0} système connecté");
    private static readonly Words SystemMany = new("{0} systems connected", "{0} systèmes connectés");

    public static readonly Words NoProvider = new("Passwords and passkeys only", "Mots de passe et clés d’accès seulement");

    public static Words UsersSaid(int count) => Words.Count(count, UserOne, UserMany);

    public static Words SystemsSaid(int count) => Words.Count(count, SystemOne, SystemMany);
}
