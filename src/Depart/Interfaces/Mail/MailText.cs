using Depart.Foundation;
using Depart.Foundation.Mail;

namespace Depart.Interfaces.Mail;

/// <summary>The words of mail and its settings.</summary>
internal static class MailText
{
    public static readonly Words Mail = new("Mail", "Courriel");
    public static readonly Words Template = new("Mail template", "Modèle de courriel");
    public static readonly Words Server = new("Mail server", "Serveur de messagerie");
    public static readonly Words Host = new("Server name", "Nom du serveur");
    public static readonly Words FromName = new("Sender’s name", "Nom de l’expéditeur");

    public static readonly Words HostWrong = new("{0}: give the name or address of the server alone, without port or path.", "{0} : indiquez seulement le nom ou l’adresse du serveur, sans port ni chemin.");
    public static readonly Words PortRange = new("Port: from 1 to 65535.", "Port : de 1 à 65535.");
    public static readonly Words TimeoutRange = new("Time-out: from 1 to 600 seconds.", "Délai : de 1 à 600 secondes.");
    public static readonly Words OnlyHere = new(
        "Without protection mails would cross the network in clear: choose STARTTLS or TLS. Only a server on this very machine needs none.",
        "Sans protection, les courriels traverseraient le réseau en clair : choisissez STARTTLS ou TLS. Seul un serveur sur cette même machine s’en passe.");

    public static readonly Words AddressWrong = new("“{0}” is not an e-mail address.", "« {0} » n’est pas une adresse électronique.");
    public static readonly Words NoLineEnds = new("{0}: one line of at most {1} characters.", "{0} : une seule ligne de {1} caractères au plus.");
    public static readonly Words PublicWrong = new(
        "The public address of Depart begins with https:// (or http://) and is what readers type, for example https://depart.exemple.fr",
        "L’adresse publique de Départ commence par https:// (ou http://) ; c’est celle que l’on saisit, par exemple https://depart.exemple.fr");

    public static readonly Words CertificatesWrong = new(
        "This is no certificate in PEM text (-----BEGIN CERTIFICATE-----).", "Ce n’est pas un certificat en texte PEM (-----BEGIN CERTIFICATE-----).");

    public static readonly Words PasswordAlone = new("A password goes with a user.", "Un mot de passe exige un identifiant.");
    public static readonly Words PasswordAgain = new(
        "The server or the user changes: please give the password again, so that it is not sent to another place than the one it was given for.",
        "Le serveur ou l’identifiant change : saisissez de nouveau le mot de passe, pour qu’il ne soit pas envoyé ailleurs que là où il était destiné.");

    public static readonly Words NotConfigured = new("No mail server is set.", "Aucun serveur de messagerie n’est réglé.");
    public static readonly Words NoneWaits = new("No mail server is set; no mail waits.", "Aucun serveur de messagerie n’est réglé ; aucun courriel n’attend.");
    public static readonly Words OneWaits = new("No mail server is set: {0} mail waits.", "Aucun serveur de messagerie n’est réglé : {0} courriel attend.");
    public static readonly Words ManyWait = new("No mail server is set: {0} mails wait.", "Aucun serveur de messagerie n’est réglé : {0} courriels attendent.");

    public static readonly Words NoAddressOfYours = new(
        "You have no e-mail address here: say where the test mail is to go.", "Vous n’avez pas d’adresse électronique ici : indiquez où envoyer le courriel d’essai.");

    public static readonly Words Took = new("The mail server accepted the test mail for {0}. Whether it arrives, the inbox will tell.", "Le serveur de messagerie a accepté le courriel d’essai pour {0}. La boîte de réception dira s’il arrive.");
    public static readonly Words DidNotTake = new("The test mail was not sent. {0}", "Le courriel d’essai n’est pas parti. {0}");

    public static readonly Words TooLate = new("This mail no longer waits: it cannot be withdrawn.", "Ce courriel n’attend plus : il ne peut plus être retiré.");
    public static readonly Words NotAgain = new(
        "Only a mail that was refused, or of which nobody knows whether it left, can be sent again.",
        "Seul un courriel refusé, ou dont on ne sait pas s’il est parti, peut être renvoyé.");

    public static readonly Words Erased = new("What was in this mail has been erased: it cannot be sent again.", "Le contenu de ce courriel a été effacé : il ne peut pas être renvoyé.");
    public static readonly Words LanguageUnknown = new("Languages are fr and en.", "Les langues sont fr et en.");

    public static readonly Words HowToSet = new("Set it under Settings.", "Réglez-le dans les réglages.");
    public static readonly Words Port = new("Port", "Port");
    public static readonly Words PortHelp = new("587 for STARTTLS, 465 for TLS unless said.", "Sauf mention contraire, 587 pour STARTTLS et 465 pour TLS.");
    public static readonly Words Security = new("Protection", "Protection");
    public static readonly Words User = new("User", "Identifiant");
    public static readonly Words Password = new("Password of that user", "Mot de passe de ce compte");
    public static readonly Words PasswordKept = new("Already set; leave empty to keep it.", "Déjà renseigné ; laissez vide pour le conserver.");
    public static readonly Words ForgetPassword = new("Forget the password that is set", "Oublier le mot de passe enregistré");
    public static readonly Words FromAddress = new("Sender’s address", "Adresse de l’expéditeur");
    public static readonly Words PublicAddress = new("Public address of Depart", "Adresse publique de Départ");
    public static readonly Words PublicHelp = new("As readers type it: links in mails begin with it.", "Telle qu’on la saisit : les liens des courriels commencent par elle.");
    public static readonly Words Certificates = new("The company’s own certificate authority", "L’autorité de certification de l’entreprise");
    public static readonly Words CertificatesLabel = new("Certificates (PEM)", "Certificats (PEM)");
    public static readonly Words CertificatesHelp = new("Then only these are trusted.", "Alors, seuls ceux-ci sont reconnus.");
    public static readonly Words OwnPassword = new("Your own password", "Votre mot de passe");
    public static readonly Words OwnPasswordHelp = new("Asked again because mails and secrets pass there.", "Redemandé parce que des courriels et des secrets y passent.");
    public static readonly Words Saved = new("The mail server is set; mails that waited leave now.", "Le serveur de messagerie est réglé ; les courriels en attente partent.");
    public static readonly Words Remove = new("Remove the server", "Retirer le serveur");
    public static readonly Words RemoveTitle = new("Remove {0}?", "Retirer {0} ?");
    public static readonly Words RemoveHelp = new(
        "The server and its password are forgotten. Mails wait from then on, none is lost, and they leave as soon as another server is set.",
        "Le serveur et son mot de passe sont oubliés. Les courriels attendent dès lors, aucun n’est perdu, et ils partent dès qu’un autre serveur est réglé.");
    public static readonly Words Removed = new("The mail server is removed; mails wait.", "Le serveur de messagerie est retiré ; les courriels attendent.");
    public static readonly Words Try = new("Try it", "Faire un essai");
    public static readonly Words TryHelp = new("Sends one mail at once, with the settings that are saved, and says what the server answered.", "Envoie aussitôt un courriel, avec les réglages enregistrés, et dit ce que le serveur a répondu.");
    public static readonly Words ToHelp = new("Your own address when left empty.", "Votre adresse si le champ est vide.");
    public static readonly Words SendTest = new("Send a test mail", "Envoyer un courriel d’essai");
    public static readonly Words WhatBecame = new("What became of mails", "Que sont devenus les courriels");
    public static readonly Words Failed = new("Refused or uncertain", "Refusés ou incertains");
    public static readonly Words NoneFailed = new("No mail was refused, none is in doubt.", "Aucun courriel refusé, aucun en doute.");
    public static readonly Words To = new("To", "À");
    public static readonly Words State = new("State", "État");
    public static readonly Words Answer = new("What the server said", "Ce qu’a dit le serveur");
    public static readonly Words When = new("When", "Quand");
    public static readonly Words Decide = new("Decide", "Décider");
    public static readonly Words SendAgain = new("Send again", "Renvoyer");
    public static readonly Words SendAgainTo = new("Send again to {0}", "Renvoyer à {0}");
    public static readonly Words LeavesAgain = new("The mail leaves again.", "Le courriel repart.");
    public static readonly Words Kinds = new("What mails look like", "À quoi ressemblent les courriels");
    public static readonly Words AsReadIn = new("{0}: as readers see “{1}”", "{0} : « {1} » tel qu’on le lit");
    public static readonly Words TextAlone = new("Text without layout", "Texte sans mise en page");

    /// <summary>How the connection is protected.</summary>
    public static Words Of(MailSecurity security) => security switch
    {
        MailSecurity.None => new("None (this machine only)", "Aucune (cette machine seule)"),
        MailSecurity.StartTls => Words.Same("STARTTLS"),
        _ => new("TLS from the first byte", "TLS dès le premier octet"),
    };

    /// <summary>A state, for people.</summary>
    public static Words Of(MailState state) => state switch
    {
        MailState.Waiting => new("Waiting", "En attente"),
        MailState.Sending => new("Being sent", "En cours d’envoi"),
        MailState.Sent => new("Sent", "Envoyé"),
        MailState.Refused => new("Refused", "Refusé"),
        MailState.Uncertain => new("Uncertain", "Incertain"),
        _ => new("Withdrawn", "Retiré"),
    };
}
