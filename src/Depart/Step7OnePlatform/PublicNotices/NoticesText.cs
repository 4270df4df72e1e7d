using Depart.Foundation;

namespace Depart.Step7OnePlatform.PublicNotices;

/// <summary>The words around public notices.</summary>
internal static class NoticesText
{
    public static readonly Words Notices = new("Public notices", "Mentions publiques");
    public static readonly Words NoticesHelp = new(
        "What everybody may read, signed in or not: at the foot of every public page, in both languages. The shipped texts hold for most companies; read them, and change what is not so with you.",
        "Ce que chacun peut lire, connecté ou non : au bas de chaque page publique, dans les deux langues. Les textes fournis conviennent à la plupart des entreprises ; relisez-les et modifiez ce qui ne correspond pas à la vôtre.");
    public static readonly Words Privacy = new("Your personal data", "Vos données personnelles");
    public static readonly Words PrivacyShort = new("Privacy", "Données personnelles");
    public static readonly Words Legal = new("Legal notice", "Mentions légales");
    public static readonly Words Accessibility = new("Accessibility statement", "Déclaration d’accessibilité");
    public static readonly Words AccessibilityShort = new("Accessibility", "Accessibilité");
    public static readonly Words About = new("About this site", "À propos de ce site");
    public static readonly Words OwnDoor = new("My door, for those who leave", "Mon espace, pour qui s’en va");

    public static readonly Words Company = new("Company", "Entreprise");
    public static readonly Words Address = new("Postal address and numbers", "Adresse postale et immatriculation");
    public static readonly Words ContactName = new("Who answers", "Qui répond");
    public static readonly Words ContactNameExample = new("Procurement of services", "Achats de prestations");
    public static readonly Words ContactMail = new("Where to write to them", "Adresse électronique de contact");
    public static readonly Words Publisher = new("Who answers for what is published", "Direction de la publication");
    public static readonly Words Host = new("Who hosts the server", "Hébergeur");
    public static readonly Words HostHelp = new("Name, address and telephone; the company itself if it hosts the server.", "Nom, adresse et téléphone ; l’entreprise elle-même si elle héberge le serveur.");

    public static readonly Words InFrench = new("In French", "En français");
    public static readonly Words InEnglish = new("In English", "En anglais");
    public static readonly Words Markup = new(
        "Plain paragraphs, an empty line between two. “## ” begins a title, “- ” a point of a list. In braces: {company}, {address}, {contact}, {contact-mail}, {publisher}, {host}.",
        "De simples paragraphes, séparés par une ligne vide. « ## » commence un titre, « - » un point de liste. Entre accolades : {company}, {address}, {contact}, {contact-mail}, {publisher}, {host}.");
    public static readonly Words Preview = new("Preview", "Aperçu");
    public static readonly Words PreviewHelp = new("Nothing is saved yet.", "Rien n’est encore enregistré.");
    public static readonly Words Restore = new("Back to the shipped text", "Revenir au texte fourni");
    public static readonly Words RestoreHelp = new("Your own text is given up in both languages. It is not kept.", "Votre texte est abandonné, dans les deux langues. Il n’est pas conservé.");
    public static readonly Words IsShipped = new("Shipped text", "Texte fourni");
    public static readonly Words IsOwn = new("Own text", "Texte de l’entreprise");
    public static readonly Words Saved = new("The notice is saved: everybody reads it from now on.", "Le texte est enregistré : il est désormais affiché.");
    public static readonly Words Restored = new("The shipped text stands again.", "Le texte fourni est rétabli.");
    public static readonly Words MissingIntro = new("This text names what nobody has filled in yet:", "Ce texte nomme ce que personne n’a encore renseigné :");
    public static readonly Words See = new("See it as everybody does", "Voir comme tout le monde");

    public static readonly Words TheCompany = new("the company that runs this site", "l’entreprise qui exploite ce site");
    public static readonly Words TheContact = new("whoever follows the end of your mission", "la personne qui suit votre fin de mission");
    public static readonly Words NotSaid = new("(not stated yet)", "(non encore indiqué)");

    public static readonly Words TooLong = new("{0}: {1} characters at most.", "{0} : {1} caractères au plus.");
    public static readonly Words MailWrong = new("“{0}” is not an e-mail address.", "« {0} » n’est pas une adresse électronique.");

    public static Words Of(NoticeKind kind) => kind switch
    {
        NoticeKind.Privacy => Privacy,
        NoticeKind.Legal => Legal,
        _ => Accessibility,
    };
}
