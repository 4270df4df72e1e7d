namespace Depart.Foundation.Design;

/// <summary>Words of the patterns that every page uses.</summary>
internal static class DesignText
{
    public static readonly Words Search = new("Search", "Rechercher");
    public static readonly Words Filter = new("Filter", "Filtrer");
    public static readonly Words Clear = new("Clear filters", "Effacer les filtres");
    public static readonly Words All = new("All", "Tous");
    public static readonly Words Next = new("Next page", "Page suivante");
    public static readonly Words FirstPage = new("First page", "Première page");
    public static readonly Words Pages = new("Pages", "Pages");
    public static readonly Words Close = new("Close", "Fermer");
    public static readonly Words More = new("More", "Autres actions");
    public static readonly Words BackHome = new("Back to the home page", "Revenir à l’accueil");
    public static readonly Words GiveUp = new("Go back", "Revenir");
    public static readonly Words Save = new("Save", "Enregistrer");
    public static readonly Words Optional = new("optional", "facultatif");
    public static readonly Words WrongOne = new("One thing to correct", "Un point à corriger");
    public static readonly Words WrongMany = new("{0} things to correct", "{0} points à corriger");
    public static readonly Words Nothing = new("None", "Aucun");
    public static readonly Words CannotShow = new("This page cannot be shown", "Cette page ne peut pas être affichée");
    public static readonly Words When = new("When", "Quand");
    public static readonly Words State = new("State", "État");
    public static readonly Words Applied = new("Done", "Fait");
    public static readonly Words Lost = new(
        "The connection is lost: what you see may be old. Nothing that runs has stopped.",
        "La connexion est perdue : ce que vous voyez peut dater. Rien de ce qui est en cours ne s’est arrêté.");
    public static readonly Words Yes = new("Yes", "Oui");
    public static readonly Words No = new("No", "Non");
}
