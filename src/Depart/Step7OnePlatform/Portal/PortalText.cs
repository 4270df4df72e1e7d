using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The words of the leaver's own door, as the leaver reads them.</summary>
internal static class PortalText
{
    public static readonly Words Title = new("Your page", "Votre espace");
    public static readonly Words Welcome = new("Your own page at the end of your mission", "Votre espace de fin de mission");
    public static readonly Words WelcomeHelp = new(
        "Your dates, what is asked of you, whom to write to: here too when your account with the company is closed.",
        "Vos dates, ce qui vous est demandé, à qui écrire : ici, même quand votre compte dans l’entreprise est fermé.");
    public static readonly Words Inside = new("You are in already, on this device.", "Vous êtes déjà entré, sur cet appareil.");
    public static readonly Words Continue = new("Continue", "Continuer");

    public static readonly Words ByMail = new("By a link", "Par un lien");
    public static readonly Words PrivateMail = new("Your private e-mail address", "Votre adresse électronique privée");
    public static readonly Words PrivateMailHelp = new("The one that you agreed to give to the company.", "Celle que vous avez accepté de confier à l’entreprise.");
    public static readonly Words Ask = new("Send me a link", "Recevoir un lien");
    public static readonly Words OnItsWay = new(
        "If we know this address, a link is on its way. It comes within minutes, and serves once in the next two hours.",
        "Si nous connaissons cette adresse, un lien est en route. Il arrive en quelques minutes et sert une fois, dans les deux heures.");
    public static readonly Words NothingCame = new(
        "Nothing came? Look among unwanted messages. The company may also hand you a code on paper: ask whoever follows the end of your mission.",
        "Rien n’arrive ? Regardez parmi les messages indésirables. L’entreprise peut aussi vous remettre un code sur papier : demandez-le à la personne qui suit votre fin de mission.");
    public static readonly Words ByPaper = new("By a code on paper", "Par un code sur papier");
    public static readonly Words Code = new("Code", "Code");
    public static readonly Words CodeHelp = new("Sixteen signs in four groups. Case, spaces and hyphens do not count.", "Seize signes en quatre groupes. Majuscules, espaces et tirets ne comptent pas.");
    public static readonly Words CodeWrong = new("Check each sign.", "Vérifiez chaque signe.");
    public static readonly Words Enter = new("Come in", "Entrer");

    public static readonly Words OpenTitle = new("Open your own page", "Ouvrir votre espace");
    public static readonly Words OpenHelp = new("This link serves once. It opens your own page on this device.", "Ce lien ne sert qu’une fois. Il ouvre votre espace sur cet appareil.");
    public static readonly Words NotYours = new("Not for you? Close this page: the link stays unused.", "Il ne vous est pas destiné ? Fermez cette page : le lien reste intact.");
    public static readonly Words AnotherWay = new("Another way in", "Une autre façon d’entrer");

    /// <summary>One answer for every cause: nobody learns what exists.</summary>
    public static readonly Problem WayGone = new(ProblemKind.NotFound, "way-in-gone", new(
        "This link or code opens nothing: it was used already, has expired, was replaced, or is mistyped. Ask for another; nothing is lost.",
        "Ce lien ou ce code n’ouvre rien : il a déjà servi, a expiré, a été remplacé, ou comporte une faute de frappe. Demandez-en un autre ; rien n’est perdu."));

    /// <summary>The same after too many.</summary>
    public static readonly Problem TooMany = new(ProblemKind.TooMany, "way-in-too-many", new(
        "This link or code opens nothing, and there were many such tries from here. Check it and try again in a few minutes; one that is good opens at any time.",
        "Ce lien ou ce code n’ouvre rien, et beaucoup d’essais sont venus d’ici. Vérifiez-le et recommencez dans quelques minutes ; un code valable ouvre à tout moment."));

    public static readonly Problem AskedTooOften = new(ProblemKind.TooMany, "way-in-asked-too-often", new(
        "Many links were asked for from here. Try again in a few minutes; those that were sent stay good.",
        "Beaucoup de liens ont été demandés d’ici. Recommencez dans quelques minutes ; ceux qui ont été envoyés restent valables."));

    public static readonly Problem MailWrong = Problem.Invalid("mail", "mail-malformed", new(
        "One address is expected, like name@provider.example.", "Une adresse est attendue, comme nom@fournisseur.exemple."));

    public static readonly Words Hello = new("Hello {0}", "Bonjour {0}");
    public static readonly Words Lead = new("What happens at the end of your mission, and what is asked of you.", "Ce qui se passe à la fin de votre mission, et ce qui vous est demandé.");
    public static readonly Words WhatHappens = new("What happens, and when", "Ce qui se passe, et quand");
    public static readonly Words LastDay = new("Last day", "Dernier jour");
    public static readonly Words AccessCloses = new("Your access closes", "Fermeture de vos accès");
    public static readonly Words AccessClosed = new("Your access was closed", "Vos accès ont été fermés");
    public static readonly Words ZoneOf = new("time in {0}", "heure de {0}");
    public static readonly Words Means = new(
        "At that hour your accounts with {0} are closed: messages, files, tools, premises where they depend on it. This page stays open to you.",
        "À cette heure, vos comptes chez {0} sont fermés : messagerie, fichiers, outils, et locaux s’ils en dépendent. Cet espace vous reste ouvert.");
    public static readonly Words BeforeThen = new("Before then", "D’ici là");
    public static readonly Words TakePrivate = new("Take what is private: your own messages, photos and documents. What belongs to the mission stays.", "Emportez ce qui est privé : messages, photos et documents personnels. Ce qui relève de la mission reste.");
    public static readonly Words MarkPrivate = new(
        "What you cannot take, put in a folder called “Personal” or “Private”: whoever takes over is not given it.", "Ce que vous ne pouvez pas emporter, rangez-le dans un dossier nommé « Personnel » ou « Privé » : il n’est pas remis à la personne qui prend la suite.");
    public static readonly Words Closing = new("Your access is being closed.", "Vos accès sont en cours de fermeture.");
    public static readonly Words ClosedMeans = new(
        "Your accounts with {0} are closed. Something private was left there? Write to the people below: an appointment is offered to you.",
        "Vos comptes chez {0} sont fermés. Quelque chose de privé y est resté ? Écrivez aux personnes ci-dessous : un rendez-vous vous est proposé.");
    public static readonly Words AtOnce = new("An appointment is offered to you", "Un rendez-vous vous est proposé");
    public static readonly Words AtOnceMeans = new(
        "Your access was closed without your being told before. You can take back what is yours, belongings as well as private messages and files: write to the people below and say when it suits you.",
        "Vos accès ont été fermés sans que vous en soyez averti avant. Vous pouvez reprendre ce qui est à vous, effets comme messages et fichiers privés : écrivez aux personnes ci-dessous en disant quand cela vous convient.");
    public static readonly Words GivenBack = new("Your access was given back; for now no closing is planned.", "Vos accès vous ont été rendus ; aucune fermeture n’est prévue pour le moment.");
    public static readonly Words TheCompany = new("the company", "l’entreprise");

    public static readonly Words Tasks = new("What is asked of you", "Ce qui vous est demandé");
    public static readonly Words NoTask = new("Nothing for now. If something comes, it shows here and you are written to.", "Rien pour le moment. Si quelque chose vient, vous le verrez ici et un message vous préviendra.");
    public static readonly Words AllDone = new("All is done. Thank you.", "Tout est fait. Merci.");
    private static readonly Words LeftOne = new("{0} thing to do", "{0} chose à faire");
    private static readonly Words LeftMany = new("{0} things to do", "{0} choses à faire");
    public static readonly Words DueBy = new("by", "pour");
    public static readonly Words WaitsTurn = new("Its turn comes later", "Son tour viendra");
    public static readonly Words See = new("Look", "Voir");
    public static readonly Words SeeAndDo = new("{0}: look at it", "{0} : voir");
    public static readonly Words IsDone = new("Done", "Fait");
    public static readonly Words TaskDone = new("It is recorded as done. Thank you.", "C’est noté comme fait. Merci.");
    public static readonly Words TaskIsDone = new("This is done", "C’est fait");
    public static readonly Words NotYetHow = new("Another task comes first. You are written to when it is your turn.", "Une autre tâche vient d’abord. Un message vous préviendra quand ce sera votre tour.");

    public static readonly Words Contacts = new("Whom to write to", "À qui écrire");
    public static readonly Words Manager = new("Mission manager", "Responsable de mission");
    public static readonly Words House = new("End of missions", "Fins de mission");
    public static readonly Words NoContact = new("Ask whoever told you about the end of your mission.", "Adressez-vous à la personne qui vous a annoncé la fin de votre mission.");

    public static readonly Words Later = new("What comes here later", "Ce qui viendra ici");
    public static readonly Words LaterHelp = new(
        "Not on this page yet: until then it reaches you by mail or through the people above. Each shows here when it is ready.",
        "Pas encore dans cet espace : d’ici là, cela vous parvient par courriel ou par les personnes ci-dessus. Chaque chose apparaîtra ici quand elle sera prête.");

    private static readonly Words Dossier = new("Handover dossier", "Dossier de passation");
    private static readonly Words DossierWhen = new("what you pass on, before the last day", "ce que vous transmettez, avant le dernier jour");
    private static readonly Words Slips = new("Return slips", "Bons de restitution");
    private static readonly Words SlipsWhen = new("the equipment handed back, to sign", "le matériel rendu, à signer");
    private static readonly Words Interview = new("Exit interview", "Entretien de fin de mission");
    private static readonly Words InterviewWhen = new("a questionnaire if you like, after the last day", "un questionnaire si vous le voulez, après le dernier jour");
    private static readonly Words Letter = new("Letter and certificate", "Lettre et attestation");
    private static readonly Words LetterWhen = new("to download, after the last day", "à télécharger, après le dernier jour");
    private static readonly Words Invoice = new("Last invoice", "Dernière facture");
    private static readonly Words InvoiceWhen = new("its state, until it is paid", "son état, jusqu’au paiement");
    private static readonly Words Profile = new("Keeping in touch", "Rester en contact");
    private static readonly Words ProfileWhen = new("your profile, only if you wish", "votre profil, seulement si vous le souhaitez");

    /// <summary>What has a place here and is not built yet: what it is, and when it comes in a departure.</summary>
    public static IReadOnlyList<(Words What, Words When)> Coming { get; } =
        [(Dossier, DossierWhen), (Slips, SlipsWhen), (Interview, InterviewWhen), (Letter, LetterWhen), (Invoice, InvoiceWhen), (Profile, ProfileWhen)];

    public static readonly Words ByPasskey = new("With a passkey", "Par une clé d’accès");
    public static readonly Words ByPasskeyHelp = new("If you made one on this device.", "Si vous en avez créé une sur cet appareil.");
    public static readonly Words UsePasskey = new("Use my passkey", "Utiliser ma clé d’accès");
    public static readonly Words ComeBack = new("Come back without a link", "Revenir sans lien");
    public static readonly Words ComeBackHelp = new(
        "A passkey opens this page again from this device, by your fingerprint, your face or the code of the device.",
        "Une clé d’accès rouvre cet espace depuis cet appareil, par votre empreinte, votre visage ou le code de l’appareil.");
    public static readonly Words MakePasskey = new("Make a passkey", "Créer une clé d’accès");
    public static readonly Words PasskeyAdded = new("The passkey is ready: it opens this page on this device.", "La clé d’accès est prête : elle ouvre cet espace sur cet appareil.");
    public static readonly Words PasskeyAlready = new("This device already has a passkey for this page.", "Cet appareil a déjà une clé d’accès pour cet espace.");

    public static readonly Words SessionOver = new("Nothing was made: your session has ended. Come in again first.", "Rien n’a été créé : votre session a pris fin. Entrez d’abord de nouveau.");

    /// <summary>What the device shows: it is no account.</summary>
    public static readonly Words PasskeyCalled = new("{0}: own page at the end of the mission", "{0} : espace de fin de mission");

    /// <summary>One answer for every cause.</summary>
    public static readonly Problem PasskeyRefused = new(ProblemKind.Unauthenticated, "own-passkey-refused", new(
        "This passkey opens nothing here: it was removed, is for something else, or took too long. Try again, or come in by a link or a code; nothing is lost.",
        "Cette clé d’accès n’ouvre rien ici : elle a été retirée, sert à autre chose, ou trop de temps a passé. Recommencez, ou entrez par un lien ou un code ; rien n’est perdu."));

    /// <summary>The same after too many.</summary>
    public static readonly Problem TooManyPasskeys = new(ProblemKind.TooMany, "own-passkey-too-many", new(
        "This passkey opens nothing here, and there were many such tries from here. Try again in a few minutes; a link, a code or a passkey that is good opens at any time.",
        "Cette clé d’accès n’ouvre rien ici, et beaucoup d’essais sont venus d’ici. Recommencez dans quelques minutes ; un lien, un code ou une clé valable ouvre à tout moment."));

    public static readonly Words ThisDoor = new("This page", "Cet espace");
    public static readonly Words OpenUntil = new("Open to you until", "Ouvert jusqu’au");
    public static readonly Words ThisDoorHelp = new(
        "You alone see it: what is yours and nothing else. It is no account with the company. To come back, ask for a link at this address, or use a passkey.",
        "Vous seul y voyez ce qui est à vous, et rien d’autre. Ce n’est pas un compte dans l’entreprise. Pour revenir, demandez un lien à cette adresse, ou utilisez une clé d’accès.");
    public static readonly Words YourData = new("What is done with your data", "Ce qui est fait de vos données");
    public static readonly Words Leave = new("Leave, on this device", "Quitter, sur cet appareil");
    public static readonly Words Left = new("You have left. To come back, ask for a link, or use a code or a passkey.", "Vous êtes sorti. Pour revenir, demandez un lien, ou utilisez un code ou une clé d’accès.");
    public static readonly Words Back = new("Your page", "Votre espace");

    /// <summary>How much is to be done.</summary>
    public static Words ToDo(int count) => Words.Count(count, LeftOne, LeftMany);
}
