using Depart.Foundation.Door;

namespace Depart.Foundation.Design;

/// <summary>The words of the gallery, which shows every pattern of the product.</summary>
internal static class GalleryText
{
    public static readonly Words Title = new("Gallery", "Galerie");
    public static readonly Words About = new("Every pattern of the product, once. Whoever makes a screen takes from here.", "Chaque élément de l’interface, une fois. Tout écran se compose d’eux.");
    public static readonly Words Back = new("Home", "Accueil");
    public static readonly Words Tabs = new("Parts", "Parties");
    public static readonly Words Other = new("Another", "Un autre");
    public static readonly Words Buttons = new("Buttons", "Boutons");
    public static readonly Words Primary = new("Main act", "Action principale");
    public static readonly Words Usual = new("Usual act", "Action courante");
    public static readonly Words Quiet = new("Quiet act", "Action discrète");
    public static readonly Words Danger = new("Dangerous act", "Action dangereuse");
    public static readonly Words Small = new("On a line", "Sur une ligne");
    public static readonly Words Sent = new("Sent already", "Déjà envoyée");
    public static readonly Words IconOnly = new("Icon with a name", "Icône nommée");
    public static readonly Words Link = new("A link", "Un lien");
    public static readonly Words ButtonsHow = new(
        "One main act on a screen; what is dangerous asks first, in a dialog that names what will happen.",
        "Une action principale par écran ; ce qui est dangereux demande d’abord, dans une fenêtre qui dit ce qui va se passer.");
    public static readonly Words DialogTitle = new("Do it now?", "Le faire maintenant ?");
    public static readonly Words DialogBody = new("What will happen is said here, and what will not.", "Ici est dit ce qui va se passer, et ce qui ne se passera pas.");
    public static readonly Words Badges = new("States", "États");
    public static readonly Words BadgesHow = new("A word and an icon; colour alone says nothing.", "Un mot et une icône ; la couleur seule ne dit rien.");
    public static readonly Words Figures = new("Figures", "Chiffres");
    public static readonly Words Figure = new("leads to the list behind it", "mène à la liste dont il vient");
    public static readonly Words FigureCalls = new("calls for somebody", "demande quelqu’un");
    public static readonly Words Callout = new("What one should know before going on, in one or two sentences.", "Ce qu’il faut savoir avant de continuer, en une ou deux phrases.");
    public static readonly Words CalloutAttention = new("What needs attention", "Ce qui demande attention");
    public static readonly Words Notice = new("What was just done, said once.", "Ce qui vient d’être fait, dit une fois.");
    public static readonly Words Form = new("Form", "Formulaire");
    public static readonly Words FieldLabel = new("Name", "Nom");
    public static readonly Words FieldHelp = new("A help is above the field, where it is read before typing.", "Une aide se place au-dessus du champ, où on la lit avant de taper.");
    public static readonly Words FieldDay = new("Last day", "Dernier jour");
    public static readonly Words FieldChoice = new("Choice", "Choix");
    public static readonly Words FieldText = new("Several lines", "Plusieurs lignes");
    public static readonly Words Check = new("A box that is ticked", "Une case cochée");
    public static readonly Words Facts = new("Facts", "Faits");
    public static readonly Words Instant = new("Instant", "Instant");
    public static readonly Words Login = new("Address", "Adresse");
    public static readonly Words Lines = new("Lines", "Lignes");
    public static readonly Words About2 = new("what tells it from others", "ce qui le distingue des autres");
    public static readonly Words Good = new("Verified", "Vérifié");
    public static readonly Words State = new("State", "État");
    public static readonly Words Details = new("What is folded away", "Ce qui est replié");
    public static readonly Words Empty = new("Nothing yet", "Rien pour l’instant");
    public static readonly Words EmptyHow = new("An empty page teaches what would be here, and how it comes.", "Une page vide apprend ce qui s’y trouverait, et comment cela arrive.");
    public static readonly Words Icons = new("Icons", "Icônes");
    public static readonly Words Colours = new("Colours", "Couleurs");

    public static readonly Problem Wrong = Problem.Invalid("day", "example", new("Last day: it lies before the first.", "Dernier jour : il précède le premier."));

    public static readonly IReadOnlyList<(string Tone, string Icon, Words Word)> Tones =
    [
        ("neutral", "calendar", new("Neutral", "Neutre")), ("accent", "running", new("Under way", "En cours")), ("good", "verified", new("Verified", "Vérifié")), ("attention", "attention", new("To deal with", "À traiter")),
        ("attested", "attested", new("Attested", "Attesté")), ("attention", "unknown", new("Unknown", "Inconnu")),
    ];

    public static readonly IReadOnlyList<string> ColourNames = ["ground", "surface", "sunken", "line", "text", "muted-colour", "accent", "accent-soft", "danger", "good", "attention", "attested"];
}
