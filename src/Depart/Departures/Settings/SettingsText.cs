using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Departures.Settings;

/// <summary>The words of the settings of the house.</summary>
internal static class SettingsText
{
    public static readonly Words Settings = new("Settings", "Réglages");
    public static readonly Words General = new("New departures and quiet hours", "Nouveaux départs et heures calmes");
    public static readonly Words NewDepartures = new("New departures", "Nouveaux départs");
    public static readonly Words NewDeparturesHelp = new(
        "What a departure begins with; whoever opens it may say otherwise. Departures that are open keep what they have.",
        "Ce qu’un départ reçoit à l’ouverture ; la personne qui l’ouvre peut en décider autrement. Les départs en cours gardent ce qu’ils ont.");

    public static readonly Words ZoneHelp = new("In which people read its hours, for example Europe/Paris.", "Dans lequel se lisent ses heures, par exemple Europe/Paris.");
    public static readonly Words CutTime = new("Access is cut at", "Accès coupés à");
    public static readonly Words Calendar = new("Calendar of business days", "Calendrier des jours ouvrés");
    public static readonly Words CalendarHelp = new("Due dates in business days skip its weekends, holidays and closing days.", "Les échéances en jours ouvrés sautent ses week-ends, jours fériés et jours de fermeture.");
    public static readonly Words CalendarUnknown = new("There is no calendar “{0}”.", "Aucun calendrier « {0} ».");
    public static readonly Words Quiet = new("Quiet hours", "Heures calmes");
    public static readonly Words QuietHelp = new(
        "Nobody is reminded then: the mail waits until quiet ends, by the clock of each departure. The same hour twice means no quiet part of the day. A cut never waits.",
        "Personne n’est relancé alors : le courriel attend la fin du calme, à l’heure de chaque départ. Deux fois la même heure : aucune partie du jour n’est calme. Une coupure n’attend jamais.");

    public static readonly Words QuietFrom = new("From", "De");
    public static readonly Words QuietTo = new("To", "À");
    public static readonly Words QuietWeekends = new("Weekends, all day", "Les week-ends, toute la journée");
    public static readonly Words QuietHolidays = new("Public holidays and closing days, all day", "Les jours fériés et de fermeture, toute la journée");
    public static readonly Words Language = new("Language of mails", "Langue des courriels");
    public static readonly Words LanguageHelp = new(
        "For whoever never chose one: people without an account, suppliers’ contacts, new users. Whoever has an account chooses their own in the menu, under their name.",
        "Pour qui n’en a pas choisi : personnes sans compte, contacts des prestataires, nouveaux utilisateurs. Un utilisateur choisit la sienne dans le menu, sous son nom.");
    public static readonly Words LanguageUnknown = new("The language is fr or en.", "La langue est fr ou en.");
    public static readonly Words Saved = new("The settings are saved.", "Les réglages sont enregistrés.");
    public static readonly Words HourWrong = new("{0}: give an hour, for example 18:00.", "{0} : donnez une heure, par exemple 18:00.");

    public static readonly Words Calendars = new("Calendars", "Calendriers");
    public static readonly Words CalendarsLead = new(
        "Which days are worked. Add one of your own for closing days, for a holiday on which you work, or for another weekend.",
        "Quels jours sont travaillés. Ajoutez le vôtre pour des jours de fermeture, un jour férié travaillé ou un autre repos hebdomadaire.");

    public static readonly Words NewCalendar = new("Add a calendar", "Ajouter un calendrier");
    public static readonly Words CalendarName = new("Name in both languages", "Nom dans les deux langues");
    public static readonly Words NameFr = new("Name in French", "Nom en français");
    public static readonly Words NameEn = new("Name in English", "Nom en anglais");
    public static readonly Words NameTooLong = new("A name has 100 characters at most.", "Un nom compte 100 caractères au plus.");
    public static readonly Words Key = new("Key", "Clé");
    public static readonly Words KeyHelp = new("Short, never changed afterwards: lower-case letters, digits, hyphens.", "Courte, fixée pour toujours : minuscules sans accent, chiffres, traits d’union.");
    public static readonly Words KeyTaken = new("There is a calendar “{0}” already.", "Il existe déjà un calendrier « {0} ».");
    public static readonly Words Extends = new("Begins with the holidays of", "Commence par les jours fériés de");
    public static readonly Words NoHolidays = new("none", "aucun");
    public static readonly Words Weekend = new("Days not worked every week", "Jours non travaillés chaque semaine");
    public static readonly Words Worked = new("Holidays on which you work", "Jours fériés travaillés");
    public static readonly Words Days = new("Closing days", "Jours de fermeture");
    public static readonly Words DaysHelp = new("One line for a day or for several in a row; save to get more lines.", "Une ligne pour un jour ou plusieurs de suite ; enregistrez pour obtenir d’autres lignes.");
    public static readonly Words DayFrom = new("First day", "Premier jour");
    public static readonly Words DayTo = new("Last day", "Dernier jour");
    public static readonly Words DayFr = new("What for, in French", "Motif en français");
    public static readonly Words DayEn = new("What for, in English", "Motif en anglais");
    public static readonly Words RangeWrong = new("Line {0}: the last day comes before the first, or more than a hundred days after.", "Ligne {0} : le dernier jour précède le premier, ou le suit de plus de cent jours.");
    public static readonly Words DayMissing = new("Line {0}: give the first day.", "Ligne {0} : donnez le premier jour.");
    public static readonly Words SaveCalendar = new("Save the calendar", "Enregistrer le calendrier");
    public static readonly Words CalendarSaved = new("The calendar is saved.", "Le calendrier est enregistré.");
    public static readonly Words CalendarKeeps = new(
        "Departures opened from now on count by it; those that are open keep the days they were opened with.",
        "Les départs ouverts désormais comptent avec lui ; ceux qui sont ouverts gardent les jours de leur ouverture.");

    public static readonly Words Remove = new("Remove", "Retirer");
    public static readonly Words RemoveTitle = new("Remove the calendar?", "Retirer le calendrier ?");
    public static readonly Words Removed = new("The calendar is removed.", "Le calendrier est retiré.");
    public static readonly Words Shipped = new("comes with Depart", "fourni avec Départ");
    public static readonly Words InUse = new("new departures", "nouveaux départs");
    public static readonly Words OneDay = new("{0} closing day", "{0} jour de fermeture");
    public static readonly Words ManyDays = new("{0} closing days", "{0} jours de fermeture");

    public static readonly Problem StillChosen = Problem.Conflict("calendar-in-use", new(
        "New departures count by this calendar: choose another one first.", "Les nouveaux départs comptent avec ce calendrier : choisissez-en d’abord un autre."));
}
