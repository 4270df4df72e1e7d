using Depart.Foundation;

namespace Depart.Step7OnePlatform.Dashboard;

/// <summary>The words of the measures.</summary>
internal static class DashboardText
{
    public static readonly Words Title = new("Measures", "Indicateurs");
    public static readonly Words About = new(
        "Measured over departures, never over people. Each figure leads to the list behind it.",
        "Mesurés sur les départs, jamais sur les personnes. Chaque chiffre mène à la liste dont il vient.");
    public static readonly Words AsOf = new("As of {0}", "Situation au {0}");
    public static readonly Words Period = new("Period", "Période");
    public static readonly Words ByLastDay = new("By the last day of the departure, from {0} to {1}", "Selon le dernier jour du départ, du {0} au {1}");
    public static readonly Words Show = new("Show", "Afficher");
    public static readonly Words TooLong = new("To: the period is of ten years at most.", "Au : la période est de dix ans au plus.");

    public static readonly Words Departures = new("departures with their last day in the period", "départs dont le dernier jour est dans la période");
    public static readonly Words NotClosed = new("past their hour and not verified closed", "dont l’heure est passée sans fermeture vérifiée");
    public static readonly Words Late = new("departures with a late task today ({0} late tasks)", "départs avec une tâche en retard aujourd’hui ({0} tâches en retard)");
    public static readonly Words OpenAccounts = new("accounts open today of people who are gone", "comptes encore ouverts aujourd’hui de personnes parties");
    public static readonly Words Median = new("from the hour planned to the verified closing, for half of the departures (95% within {0})", "de l’heure prévue à la fermeture vérifiée, pour la moitié des départs (95 % en moins de {0})");
    public static readonly Words Announced = new("from the opening to the announcement, for half of the departures (95% within {0})", "de l’ouverture à l’annonce, pour la moitié des départs (95 % en moins de {0})");
    public static readonly Words NoneClosed = new("from the hour planned to the verified closing: no departure is closed yet", "de l’heure prévue à la fermeture vérifiée : aucun départ n’est encore fermé");
    public static readonly Words NoneAnnounced = new("from the opening to the announcement: none is made yet", "de l’ouverture à l’annonce : aucune n’est encore faite");
    public static readonly Words Handover = new("of the handover done, of the departures cut in the period", "de la passation faite, pour les départs coupés dans la période");
    public static readonly Words NotYet = new(
        "Not measured yet, as their steps are to come: equipment not returned, completeness of the dossier, the consultants’ opinion (cNPS).",
        "Pas encore mesurés, car leurs étapes sont à venir : matériel non rendu, complétude du dossier, avis des consultants (cNPS).");

    public static readonly Words MonthChart = new("Departures by month", "Départs par mois");
    public static readonly Words TimeChart = new("Time to the verified closing, by month", "Délai jusqu’à la fermeture vérifiée, par mois");
    public static readonly Words TimeHow = new("The bar is half of the departures, the line nineteen in twenty.", "La barre vaut pour la moitié des départs, le trait pour dix-neuf sur vingt.");
    public static readonly Words AsTable = new("As a table", "En tableau");
    public static readonly Words Month = new("Month", "Mois");
    public static readonly Words ToCome = new("To come", "À venir");
    public static readonly Words Closed = new("Verified closed", "Fermeture vérifiée");
    public static readonly Words Attention = new("To deal with", "À traiter");
    public static readonly Words Cancelled = new("Cancelled", "Annulés");
    public static readonly Words MedianShort = new("Median", "Médiane");
    public static readonly Words P95Short = new("95% within", "95 % en moins de");
    public static readonly Words MedianHours = new("Median, hours", "Médiane, en heures");
    public static readonly Words P95Hours = new("95% within, hours", "95 % en moins de, en heures");
    public static readonly Words Nothing = new("Nothing to measure", "Rien à mesurer");
    public static readonly Words NothingHow = new(
        "No departure has its last day in this period: choose another one, or open the first departure.",
        "Aucun départ n’a son dernier jour dans cette période : choisissez-en une autre, ou ouvrez le premier départ.");
    public static readonly Words States = new("Where they stand", "Où ils en sont");
    public static readonly Words Download = new("Download", "Télécharger");

    /// <summary>A duration as people say it, in its two largest units.</summary>
    public static Words Of(TimeSpan? span)
    {
        if (span is not { } known)
        {
            return Words.Same("–");
        }

        var (days, hours, minutes, seconds) = ((int)known.TotalDays, known.Hours, known.Minutes, known.Seconds);
        return days > 0 ? new(hours > 0 && days < 10 ? $"{days}\u00A0d\u00A0{hours}\u00A0h" : $"{days}\u00A0d", hours > 0 && days < 10 ? $"{days}\u00A0j\u00A0{hours}\u00A0h" : $"{days}\u00A0j")
            : hours > 0 ? Words.Same($"{hours}\u00A0h\u00A0{minutes:00}")
            : minutes > 0 ? Words.Same(seconds > 0 && minutes < 10 ? $"{minutes}\u00A0min\u00A0{seconds:00}\u00A0s" : $"{minutes}\u00A0min")
            : Words.Same($"{seconds}\u00A0s");
    }

    /// <summary>A month and its year.</summary>
    public static Words OfMonth(DateOnly month) => new(month.ToString("MMMM yyyy", Words.English), month.ToString("MMMM yyyy", Words.French));

    /// <summary>A month under a bar: three letters at most, with the year in January.</summary>
    public static Words Brief(DateOnly month) => new(month.ToString("MMM", Words.English), month.ToString("MMM", Words.French));
}
