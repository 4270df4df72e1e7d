using Depart.Foundation;

namespace Depart.Missions;

/// <summary>The words of the pages on people.</summary>
internal static class PeopleText
{
    public static readonly Words People = new("People", "Personnes");
    public static readonly Words SearchLabel = new("Name, mail, login or number", "Nom, courriel, identifiant ou matricule");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words Supplier = new("Supplier", "Prestataire");
    public static readonly Words MissionLabel = new("Mission", "Mission");
    public static readonly Words Unit = new("Unit", "Entité");
    public static readonly Words MissionEnd = new("End of mission", "Fin de mission");
    public static readonly Words Mail = new("Mail", "Courriel");
    public static readonly Words NobodyFound = new("Nobody answers to this search", "Personne ne répond à cette recherche");
    public static readonly Words NobodyFoundHow = new(
        "Accents and case do not matter; try part of the name, the mail or the login.",
        "Accents et majuscules ne comptent pas ; essayez une partie du nom, du courriel ou de l’identifiant.");
    public static readonly Words NobodyYet = new("Nobody is recorded yet", "Personne n’est encore enregistré");
    public static readonly Words NobodyYetHow = new(
        "People and missions are recorded while the mission runs: import your list, or add one person.",
        "Personnes et missions s’enregistrent pendant la mission : importez votre liste, ou ajoutez une personne.");
    public static readonly Words Choose = new("Choose {0}", "Choisir {0}");
    public static readonly Words ChooseShort = new("Choose", "Choisir");
    public static readonly Words Add = new("Add a person", "Ajouter une personne");
}
