using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of passkeys.</summary>
internal static class PasskeyText
{
    public static readonly Words Passkey = new("Passkey", "Clé d’accès");
    public static readonly Words Passkeys = new("Passkeys", "Clés d’accès");
    public static readonly Words About = new(
        "Sign in with a fingerprint, a face or the PIN of a device, without a password: nobody can guess it, nor steal it by a false page.",
        "Se connecter d’une empreinte, d’un visage ou du code de l’appareil, sans mot de passe : nul ne peut la deviner, ni la voler par une fausse page.");
    public static readonly Words Yours = new("Yours", "Les vôtres");
    public static readonly Words Enter = new("Sign in with a passkey", "Se connecter avec une clé d’accès");
    public static readonly Words Prove = new("Use a passkey instead", "Utiliser plutôt une clé d’accès");
    public static readonly Words ProveBy = new("Use a passkey", "Utiliser une clé d’accès");
    public static readonly Words Proved = new("Proved with your passkey: go on.", "Prouvé par votre clé d’accès : continuez.");
    public static readonly Words Add = new("Add a passkey", "Ajouter une clé d’accès");
    public static readonly Words Manage = new("Add or remove passkeys", "Ajouter ou retirer des clés d’accès");
    public static readonly Words None = new("No passkey yet.", "Aucune clé d’accès pour l’instant.");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words NameHelp = new("Where it is: “my laptop”, “password manager”.", "Où elle se trouve : « mon portable », « gestionnaire de mots de passe ».");
    public static readonly Words Added = new("The passkey is ready: you can sign in with it.", "La clé d’accès est prête : vous pouvez vous connecter avec elle.");
    public static readonly Words Removed = new("The passkey no longer opens anything here. Delete it on your device too.", "La clé d’accès n’ouvre plus rien ici. Supprimez-la aussi de votre appareil.");
    public static readonly Words Remove = new("Remove", "Retirer");
    public static readonly Words RemoveOne = new("Remove {0}", "Retirer : {0}");
    public static readonly Words Since = new("since", "depuis");
    public static readonly Words Copied = new("copied to your devices", "copiée sur vos appareils");
    public static readonly Words NeverUsed = new("never used", "jamais utilisée");
    public static readonly Words LastUsed = new("last used", "utilisée la dernière fois");
    public static readonly Words NotHere = new(
        "Passkeys need this server to be opened by a name and over https (or as localhost).",
        "Les clés d’accès demandent que ce serveur soit ouvert par un nom et en https (ou par localhost).");
    public static readonly Words NeedScript = new("Passkeys need scripts to be allowed in the browser.", "Les clés d’accès demandent que les scripts soient permis dans le navigateur.");
    public static readonly Words GaveUp = new("Nothing was done: the browser or the device gave up, or took too long. Try again.", "Rien n’a été fait : le navigateur ou l’appareil a renoncé, ou trop de temps a passé. Recommencez.");
    public static readonly Words Unknown = new("This browser knows no passkeys.", "Ce navigateur ne connaît pas les clés d’accès.");
    public static readonly Words Already = new("This device already has a passkey for this account.", "Cet appareil a déjà une clé d’accès pour ce compte.");

    public static readonly Problem NotMade = Problem.Invalid("passkey", "passkey-not-made", new(
        "The passkey could not be kept: it took too long, it exists already, or the device did not ask who you are. Try again.",
        "La clé d’accès n’a pas pu être enregistrée : trop de temps a passé, elle existe déjà, ou l’appareil n’a pas vérifié qui vous êtes. Recommencez."));

    public static readonly Problem NotRecognised = new(ProblemKind.Unauthenticated, "passkey-refused", new(
        "This passkey opens nothing here: it was removed, belongs to a disabled account, or took too long. Try again, or sign in with your password.",
        "Cette clé d’accès n’ouvre rien ici : elle a été retirée, appartient à un compte désactivé, ou trop de temps a passé. Recommencez, ou connectez-vous par mot de passe."));

    public static readonly Problem OfAnother = new(ProblemKind.Forbidden, "passkey-of-another", new(
        "This is the passkey of another account.", "C’est la clé d’accès d’un autre compte."));

    public static readonly Problem LastWayIn = Problem.Conflict("passkey-last", new(
        "This is your only way in: choose a password or add another passkey first.",
        "C’est votre seul moyen d’entrer : choisissez d’abord un mot de passe ou ajoutez une autre clé d’accès."));
}
