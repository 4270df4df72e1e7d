using Depart.Foundation;

namespace Depart.Step7OnePlatform.Search;

/// <summary>The words of the search.</summary>
internal static class SearchPageText
{
    public static readonly Words Search = new("Search", "Rechercher");
    public static readonly Words Hint = new("Search or go to…", "Rechercher ou aller à…");
    public static readonly Words Label = new("A name, a login, a task, a system", "Un nom, un identifiant, une tâche, un système");
    public static readonly Words GoTo = new("Go to", "Aller à");
    public static readonly Words Nothing = new("Nothing is found", "Aucun résultat");
    public static readonly Words NothingHow = new(
        "Type the beginning of a name, of a login, of a task or of a system: accents and the order of words do not matter.",
        "Tapez le début d’un nom, d’un identifiant, d’une tâche ou d’un système : ni les accents ni l’ordre des mots ne comptent.");
    public static readonly Words TooShort = new("Type two letters or more.", "Tapez au moins deux lettres.");
    public static readonly Words AboutDeparture = new("{0} · {1} · last day {2}", "{0} · {1} · dernier jour le {2}");
    public static readonly Words SeeAll = new("See all", "Tout voir");
    public static readonly Words SeeAllOf = new("See all: {0}", "Tout voir : {0}");

    public static Words Of(FindingKind kind) => kind switch
    {
        FindingKind.Person => new("People", "Personnes"),
        FindingKind.Departure => new("Departures", "Départs"),
        FindingKind.Task => new("My tasks", "Mes tâches"),
        FindingKind.System => new("Systems", "Systèmes"),
        _ => new("Accounts", "Comptes"),
    };
}
