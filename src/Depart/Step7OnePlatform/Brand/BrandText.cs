using Depart.Foundation;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>The words of the organisation's own page and of how it shows itself.</summary>
internal static class BrandText
{
    public static readonly Words Organisation = new("Organisation", "Organisation");
    public static readonly Words OrganisationFound = new("Organisation: name, logo, colour", "Organisation : nom, logo, couleur");
    public static readonly Words Who = new("Who you are", "Qui vous êtes");
    public static readonly Words WhoHelp = new(
        "The name stands on every page, at the foot of mails and in the public notices; whoever leaves writes to the contact. What is empty is said in general words.",
        "Le nom figure sur chaque page, au pied des courriels et dans les mentions publiques ; la personne qui part écrit au contact. Ce qui est vide est dit en termes généraux.");
    public static readonly Words ForNotices = new("For the public notices", "Pour les mentions publiques");
    public static readonly Words Saved = new("The organisation is recorded.", "L’organisation est enregistrée.");
    public static readonly Words NoticesElsewhere = new("Name, address and contact are those of the organisation.", "Nom, adresse et contact sont ceux de l’organisation.");
    public static readonly Words ChangeThem = new("Change them", "Les modifier");

    public static readonly Words Look = new("Logo and colour", "Logo et couleur");
    public static readonly Words LookHelp = new(
        "On every page, the sign-in page and the leaver’s own door. Mails carry the name alone: a picture to load makes a mail suspect.",
        "Sur chaque page, à la connexion et dans l’espace du consultant. Les courriels ne portent que le nom : une image à charger rend un courriel suspect.");
    public static readonly Words Logo = new("Logo", "Logo");
    public static readonly Words LogoHelp = new(
        "PNG, JPEG or WebP, 128 kB at most. Shown 32 pixels high on a light ground: best wide, with a transparent ground. No SVG: it can hold a script.",
        "PNG, JPEG ou WebP, 128 ko au plus. Affiché sur 32 pixels de haut et fond clair : de préférence large, à fond transparent. Pas de SVG : il peut contenir un script.");
    public static readonly Words ShowLogo = new("Show this logo", "Afficher ce logo");
    public static readonly Words RemoveLogo = new("Remove the logo", "Retirer le logo");
    public static readonly Words LogoShown = new("The logo is shown on every page.", "Le logo est affiché sur chaque page.");
    public static readonly Words LogoRemoved = new("The logo is removed.", "Le logo est retiré.");
    public static readonly Words LogoKind = new("This is no PNG, JPEG or WebP picture.", "Ce fichier n’est pas une image PNG, JPEG ou WebP.");
    public static readonly Words LogoTooLarge = new("The logo weighs more than 128 kB: make it smaller, 400 pixels wide are plenty.", "Le logo pèse plus de 128 ko : réduisez-le, 400 pixels de large suffisent.");
    public static readonly Words LogoSize = new("The logo is {0} × {1} pixels: {2} a side at most.", "Le logo fait {0} × {1} pixels : {2} par côté au plus.");

    public static readonly Words Accent = new("Accent colour", "Couleur d’accent");
    public static readonly Words AccentHelp = new(
        "Of links and main buttons, as #4139c9. It is used as it is on light screens; dark ones get a lighter tone of it.",
        "Celle des liens et des boutons principaux, par exemple #4139c9. Elle sert telle quelle sur écran clair ; l’écran sombre en reçoit un ton plus clair.");
    public static readonly Words ChooseAccent = new("Use this colour", "Utiliser cette couleur");
    public static readonly Words ShippedAccent = new("Back to the shipped colour", "Revenir à la couleur fournie");
    public static readonly Words AccentChosen = new("The colour is used on every page.", "La couleur est utilisée sur chaque page.");
    public static readonly Words AccentShipped = new("The shipped colour stands again.", "La couleur fournie est rétablie.");
    public static readonly Words UseNearest = new("Use {0}", "Utiliser {0}");
    public static readonly Words ColourMalformed = new("“{0}” is not a colour: write # and six digits, for example #4139c9.", "« {0} » n’est pas une couleur : écrivez # et six chiffres, par exemple #4139c9.");
    public static readonly Words HardToRead = new(
        "{0} cannot be read well enough on light screens (contrast below 4.5 to 1, WCAG 2.2 AA). The nearest colour that can: {1}.",
        "{0} ne se lit pas assez bien sur écran clair (contraste inférieur à 4,5 pour 1, WCAG 2.2 AA). La couleur la plus proche qui convient : {1}.");
    public static readonly Words LooksLikeDanger = new(
        "{0} looks like the red that is kept for what cuts: a main button must not be taken for it. The nearest colour that is taken: {1}.",
        "{0} ressemble au rouge réservé à ce qui coupe : un bouton principal ne doit pas être pris pour lui. La couleur la plus proche qui convient : {1}.");
}
