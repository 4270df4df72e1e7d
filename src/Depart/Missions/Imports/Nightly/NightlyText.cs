using Depart.Foundation;

namespace Depart.Missions.Imports.Nightly;

/// <summary>The words of nightly imports.</summary>
internal static class NightlyText
{
    public static readonly Words Nightly = new("Nightly import", "Import de nuit");
    public static readonly Words Title = new("Nightly imports", "Imports de nuit");
    public static readonly Words About = new(
        "A file that another program leaves on the server is imported every night. Lines that vanished are listed and never acted on; a file that would end too many missions waits for somebody.",
        "Un fichier qu’un autre programme dépose sur le serveur est importé chaque nuit. Les lignes disparues sont listées, sans autre effet ; un fichier qui mettrait fin à trop de missions attend une décision.");
    public static readonly Words NoneYet = new("No nightly import yet", "Aucun import de nuit");
    public static readonly Words NoneYetHow = new("Set one up with the form: the file is looked for in the folder named there.", "Créez-en un par le formulaire : le fichier est cherché dans le dossier indiqué.");
    public static readonly Words New = new("A new nightly import", "Un nouvel import de nuit");
    public static readonly Words Settings = new("Settings", "Réglages");
    public static readonly Words Name = new("Name", "Nom");
    public static readonly Words File = new("File", "Fichier");
    public static readonly Words FileHelp = new("A file of {0}, or a pattern as people*.csv: then the newest.", "Un fichier de {0}, ou un motif comme personnes*.csv : alors le plus récent.");
    public static readonly Words Hour = new("Hour", "Heure");
    public static readonly Words Zone = new("Time zone", "Fuseau horaire");
    public static readonly Words MostEnded = new("Share of missions it may end, in percent", "Part des missions qu’il peut terminer, en pour cent");
    public static readonly Words MostEndedHelp = new(
        "Beyond it, and beyond three missions, the import waits. A mission is ended when it gets an end within thirty days, earlier than the one known.",
        "Au-delà, et au-delà de trois missions, l’import attend. Une mission est terminée quand elle reçoit une fin dans les trente jours, plus proche que celle qui est connue.");
    public static readonly Words Runs = new("Run every night", "Importer chaque nuit");
    public static readonly Words Save = new("Save", "Enregistrer");
    public static readonly Words Saved = new("The nightly import is saved.", "L’import de nuit est enregistré.");
    public static readonly Words Mapping = new("What the columns say", "Ce que disent les colonnes");
    public static readonly Words MappingHelp = new("From the newest file. A title that is known is found by itself; choose for the others, or leave them out.", "D’après le fichier le plus récent. Un titre connu est reconnu ; choisissez pour les autres, ou laissez-les de côté.");
    public static readonly Words NoFileYet = new("No file is there yet: titles that are known will be found by themselves.", "Aucun fichier pour l’instant : les titres connus seront reconnus.");
    public static readonly Words LeftOut = new("Left out", "Laissée de côté");
    public static readonly Words RunNow = new("Import now", "Importer maintenant");
    public static readonly Words RunsNow = new("The import begins in a moment.", "L’import commence dans un instant.");
    public static readonly Words Remove = new("Remove", "Supprimer");
    public static readonly Words RemoveTitle = new("Remove this nightly import?", "Supprimer cet import de nuit ?");
    public static readonly Words RemoveHelp = new("Nothing is imported by itself any more; what was imported stays.", "Plus rien n’est importé de lui-même ; ce qui l’a été reste.");
    public static readonly Words Removed = new("The nightly import is removed.", "L’import de nuit est supprimé.");
    public static readonly Words Nights = new("Last nights", "Dernières nuits");
    public static readonly Words NoNight = new("It has not run yet.", "Il n’a pas encore eu lieu.");
    public static readonly Words Result = new("Result", "Résultat");
    public static readonly Words Lines = new("Lines", "Lignes");
    public static readonly Words Figures = new("{0} to create, {1} to change, {2} refused", "{0} à créer, {1} à modifier, {2} en refus");
    public static readonly Words EndedOf = new("would end {0} of {1} running missions", "missions en cours auxquelles il mettrait fin : {0} sur {1}");
    public static readonly Words LookAndDecide = new("Look and decide", "Regarder et décider");
    public static readonly Words SeeLines = new("See the lines", "Voir les lignes");
    public static readonly Words Vanished = new("In the file no more", "Disparues du fichier");
    public static readonly Words VanishedHelp = new(
        "The file spoke of them before. Nothing is done about them: open a departure, or correct the file. A line that cannot be read may make somebody look vanished.",
        "Le fichier en parlait auparavant. Rien n’est fait à leur sujet : ouvrez un départ, ou corrigez le fichier. Une ligne illisible peut faire passer quelqu’un pour disparu.");
    public static readonly Words GoneSince = new("Missing since", "Absente depuis");
    public static readonly Words Next = new("Next", "Prochain");
    public static readonly Words DoesNotRun = new("does not run by itself", "n’a pas lieu de lui-même");
    public static readonly Words FileWrong = new("Give the name of a file, without a folder; * stands for any letters.", "Donnez le nom d’un fichier, sans dossier ; * remplace des lettres.");
    public static readonly Words ZoneUnknown = new("There is no time zone named “{0}”. Example: Europe/Paris.", "Aucun fuseau horaire ne s’appelle « {0} ». Exemple : Europe/Paris.");
    public static readonly Words ShareRange = new("A share lies between 0 and 100 percent.", "Une part se situe entre 0 et 100 pour cent.");
    public static readonly Words ColumnsWrong = new("A column needs its title.", "Une colonne doit avoir son titre.");
    public static readonly Words HourWrong = new("Give an hour, as 02:00.", "Indiquez une heure, par exemple 02:00.");
    public static readonly Words StillWritten = new("The file was written a moment ago: it may not be whole.", "Le fichier vient d’être écrit : il n’est peut-être pas complet.");
    public static readonly Words NotOpened = new("The file cannot be opened: look at the rights on {0}.", "Le fichier ne peut pas être ouvert : vérifiez les droits sur {0}.");

    public static Words Of(NightlyResult result, ImportState? state) => (result, state) switch
    {
        (NightlyResult.Applied, _) => new("Applied", "Appliqué"),
        (NightlyResult.Stopped, ImportState.Ready) => new("Waits for a decision", "Attend une décision"),
        (NightlyResult.Stopped, ImportState.Applying or ImportState.Applied) => new("Applied after a look", "Appliqué après examen"),
        (NightlyResult.Stopped, _) => new("Stopped", "Arrêté"),
        (NightlyResult.SameFile, _) => new("Same file as before", "Même fichier qu’avant"),
        (NightlyResult.NoFile, _) => new("No file", "Pas de fichier"),
        _ => new("Cannot be read", "Illisible"),
    };

    public static Words Of(ImportField field) => field switch
    {
        ImportField.GivenName => MissionsText.GivenName,
        ImportField.FamilyName => MissionsText.FamilyName,
        ImportField.FullName => new("Full name", "Nom complet"),
        ImportField.EmployeeNumber => new("Number", "Numéro interne"),
        ImportField.Mails => new("E-mail addresses", "Adresses électroniques"),
        ImportField.Logins => new("Logins", "Identifiants"),
        ImportField.Status => new("Contractual status", "Statut contractuel"),
        ImportField.Supplier => new("Supplier", "Prestataire"),
        ImportField.ContactName => MissionsText.ContactName,
        ImportField.ContactMail => MissionsText.ContactMail,
        ImportField.PrivateMail => new("Private address (left out)", "Adresse privée (non reprise)"),
        ImportField.Title => new("Mission title", "Intitulé de la mission"),
        ImportField.Unit => new("Unit", "Entité"),
        ImportField.OrderReference => new("Order reference", "Référence de commande"),
        ImportField.Manager => new("Mission manager", "Responsable de mission"),
        ImportField.Kind => new("Mission kind", "Nature de la mission"),
        ImportField.Place => new("Work place", "Lieu de travail"),
        ImportField.Start => new("Start", "Début"),
        ImportField.End => new("End", "Fin"),
        ImportField.Teams => new("Teams", "Équipes"),
        ImportField.OutsideProviders => new("Outside providers", "Intervenants extérieurs"),
        ImportField.LastDay => new("Last working day", "Dernier jour travaillé"),
        ImportField.AnnounceOn => new("Announcement", "Annonce"),
        ImportField.CutTime => new("Hour of the cut", "Heure de la coupure"),
        ImportField.Zone => new("Time zone", "Fuseau horaire"),
        ImportField.Template => new("Template of the tasks", "Modèle des tâches"),
        ImportField.Reason => new("Reason", "Motif"),
        _ => new("Successor", "Repreneur"),
    };
}
