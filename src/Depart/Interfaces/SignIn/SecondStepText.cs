using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>The words of the second step and of recovery codes.</summary>
internal static class SecondStepText
{
    public static readonly Words SecondStep = new("Second step", "Seconde étape");
    public static readonly Words About = new(
        "After the password, a code of an app on your phone: a password that somebody learnt is then not enough.",
        "Après le mot de passe, un code donné par une application de votre téléphone : un mot de passe que quelqu’un aurait appris ne suffit plus.");
    public static readonly Words Off = new("Off", "Désactivée");
    public static readonly Words OnSince = new("On since", "Active depuis");
    public static readonly Words SetUp = new("Set it up", "La mettre en place");
    public static readonly Words Manage = new("Recovery codes and more", "Codes de secours et désactivation");
    private static readonly Words LeftOne = new("{0} recovery code is left.", "Il reste {0} code de secours.");
    private static readonly Words LeftMany = new("{0} recovery codes are left.", "Il reste {0} codes de secours.");
    public static readonly Words FewLeft = new("Make new ones before you need them.", "Créez-en de nouveaux avant d’en avoir besoin.");

    public static readonly Words Scan = new("1. Scan this with an authenticator app", "1. Scannez ceci avec une application d’authentification");
    public static readonly Words ScanHelp = new(
        "Any app of the kind will do: Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator, a password manager.",
        "Toute application de ce genre convient : Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator, un gestionnaire de mots de passe.");
    public static readonly Words ByHand = new("It cannot scan? Type this secret:", "Elle ne peut pas scanner ? Saisissez ce secret :");
    public static readonly Words SquareCode = new("Square code with the secret that follows", "Code carré contenant le secret qui suit");
    public static readonly Words Confirm = new("2. Give the code that it shows", "2. Donnez le code qu’elle affiche");
    public static readonly Words Code = new("Code", "Code");
    public static readonly Words SixDigits = new("Six digits, which change every thirty seconds.", "Six chiffres, qui changent toutes les trente secondes.");
    public static readonly Words TurnOn = new("Turn it on", "L’activer");
    public static readonly Words NowOn = new("The second step is on", "La seconde étape est active");
    public static readonly Words CodesOnce = new(
        "Keep these recovery codes apart from your phone: each lets you in once when the app is lost. They are shown only now.",
        "Gardez ces codes de secours ailleurs que dans votre téléphone : chacun vous laisse entrer une fois si l’application est perdue. Ils ne sont affichés que maintenant.");
    public static readonly Words CodesNew = new("New recovery codes", "Nouveaux codes de secours");
    public static readonly Words Renew = new("Make new recovery codes", "Créer de nouveaux codes de secours");
    public static readonly Words RenewHelp = new("The earlier ones no longer serve.", "Les précédents ne serviront plus.");
    public static readonly Words TurnOff = new("Turn it off", "La désactiver");
    public static readonly Words TurnOffHelp = new("The password alone will be enough again.", "Le mot de passe seul suffira de nouveau.");
    public static readonly Words TurnedOff = new("The second step is off: the password alone is enough.", "La seconde étape est désactivée : le mot de passe suffit.");
    public static readonly Words BackToAccount = new("My account", "Mon compte");

    public static readonly Words EnterTitle = new("One more step", "Encore une étape");
    public static readonly Words EnterHelp = new("Give the code that your authenticator app shows for Depart.", "Donnez le code que votre application d’authentification affiche pour Départ.");
    public static readonly Words EnterOr = new("The app is lost? Give a recovery code here: it serves once.", "L’application est perdue ? Donnez ici un code de secours : il sert une fois.");
    public static readonly Words EnterNone = new(
        "No code left? An administrator can remove your second step.", "Plus aucun code ? Un administrateur peut retirer votre seconde étape.");
    public static readonly Words StartAgain = new("Start again", "Recommencer");

    public static readonly Words Remove = new("Remove second step and passkeys", "Retirer la seconde étape et les clés d’accès");
    public static readonly Words RemoveHelp = new(
        "For somebody who lost the device they were on. Make sure of who asks. Their sessions end; the password is enough until they set it up again. Whoever has no password needs a new link, too.",
        "Pour une personne qui a perdu l’appareil où elles se trouvaient. Assurez-vous de qui le demande. Ses sessions se ferment ; le mot de passe suffira jusqu’à une nouvelle mise en place. Sans mot de passe, il lui faut aussi un nouveau lien.");
    public static readonly Words Removed = new("Second step and passkeys of {0} are removed.", "Seconde étape et clés d’accès retirées : {0}.");

    public static readonly Problem CodeNeeded = new(ProblemKind.Unauthenticated, "code-needed", new(
        "This account has a second step: give the code of the authenticator app, or a recovery code.",
        "Ce compte a une seconde étape : donnez le code de l’application d’authentification, ou un code de secours."))
    { Field = "code" };

    public static readonly Problem CodeWrong = new(ProblemKind.Unauthenticated, "code-wrong", new(
        "This code is not right, or was used already. Wait for the next one; check that the clock of the phone is right.",
        "Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant ; vérifiez que le téléphone est à l’heure."));

    public static readonly Problem TooLate = new(ProblemKind.Unauthenticated, "sign-in-too-late", new(
        "This took too long: give your address and password again.", "Trop de temps a passé : donnez de nouveau votre adresse et votre mot de passe."));

    public static readonly Problem AlreadyOn = Problem.Conflict("second-step-on", new(
        "The second step is on already.", "La seconde étape est déjà active."));

    public static readonly Problem NotOn = Problem.Conflict("second-step-off", new(
        "There is neither second step nor passkey here.", "Aucune seconde étape ni clé d’accès n’est en place ici."));

    public static readonly Problem OfferOld = Problem.Conflict("second-step-offer", new(
        "This page was open for too long: scan the new square code.", "Cette page était ouverte depuis trop longtemps : scannez le nouveau code carré."));

    /// <summary>How many recovery codes are left.</summary>
    public static Words Left(int codes) => Words.Count(codes, LeftOne, LeftMany);
}
