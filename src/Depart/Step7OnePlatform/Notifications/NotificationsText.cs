using Depart.Foundation;

namespace Depart.Step7OnePlatform.Notifications;

/// <summary>Words of notifications.</summary>
internal static class NotificationsText
{
    public static readonly Words Title = new("Notifications", "Notifications");
    public static readonly Words New = new("New", "Nouvelles");
    public static readonly Words Before = new("Seen before", "Déjà vues");
    public static readonly Words SeeAll = new("Mark all as seen", "Tout marquer comme vu");
    public static readonly Words AllSeen = new("Everything is marked as seen.", "Tout est marqué comme vu.");
    public static readonly Words Nothing = new("Nothing to tell you", "Rien à vous signaler");
    public static readonly Words NothingHow = new(
        "What others give you to do, write about your tasks, or change in departures of yours is told here.",
        "Ce que d’autres vous confient, écrivent de vos tâches ou changent dans vos départs vous est signalé ici.");

    private static readonly Words UnseenOne = new("{0} new notification", "{0} nouvelle notification");
    private static readonly Words UnseenMany = new("{0} new notifications", "{0} nouvelles notifications");

    /// <summary>How many one has not seen.</summary>
    public static Words Unseen(int count) => Words.Count(count, UnseenOne, UnseenMany);
}
