using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of the pages of sign-in, users and tokens.</summary>
internal static class SignInPageText
{
    public static readonly Words Title = new("Sign in", "Connexion");
    public static readonly Words Password = new("Password", "Mot de passe");
    public static readonly Words Enter = new("Sign in", "Se connecter");
    public static readonly Words WithPassword = new("Sign in with a password", "Se connecter avec un mot de passe");
    public static readonly Words DemoInvitation = new("Choose who you are: one click is enough.", "Choisissez qui vous êtes : un clic suffit.");
    public static readonly Words DemoPassword = new("Everyone’s password here is {0}.", "Ici, le mot de passe de chacun est {0}.");

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
        Role.It => new("systems, accounts, the disconnection", "systèmes, comptes, déconnexion"),
        Role.Hr => new("people, missions, departures", "personnes, missions, départs"),
        Role.Security => new("immediate departures, protected accounts", "départs immédiats, comptes protégés"),
        Role.Auditor => new("reads what proves, changes nothing", "lit ce qui prouve, ne modifie rien"),
        _ => new("users, roles, settings", "utilisateurs, rôles, réglages"),
    };
}
