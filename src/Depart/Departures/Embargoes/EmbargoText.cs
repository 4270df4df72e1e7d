using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Departures.Embargoes;

/// <summary>The words of the embargo.</summary>
internal static class EmbargoText
{
    public static readonly Words UnderEmbargo = new("Under embargo", "Sous embargo");
    public static readonly Words Title = new("Embargo until the cut", "Embargo jusqu’à la coupure");
    public static readonly Words Impose = new("Keep it under embargo until the cut", "Le garder sous embargo jusqu’à la coupure");
    public static readonly Words ImposeHelp = new(
        "Only you and those you name know of it: no page, list, count or search shows it to anyone else, no task reaches a desk, no mail leaves. It lifts by itself once the access is cut.",
        "Personne n’en a connaissance, hormis vous et les personnes que vous nommez\u00a0: aucune page, liste, recherche ni aucun compteur ne le montre à d’autres, aucune tâche n’est confiée, aucun courriel ne part. L’embargo se lève de lui-même une fois les accès coupés.");
    public static readonly Words ImmediateHelp = new(
        "Until the access is cut, only you and those you name know of this departure.",
        "Tant que les accès ne sont pas coupés, personne n’a connaissance de ce départ, hormis vous et les personnes que vous nommez.");
    public static readonly Words Named = new("Also in the know", "Également dans la confidence");
    public static readonly Words NamedHelp = new("Whoever is named undertakes to tell nobody. Naming somebody cannot be undone.", "Chaque personne nommée s’engage à n’en parler à personne. La nommer est définitif.");
    public static readonly Words WhoKnows = new("Who knows", "Qui est dans la confidence");
    public static readonly Words You = new("you", "vous");
    public static readonly Words Since = new("Since", "Depuis");
    public static readonly Words CardHelp = new(
        "Nobody else learns of it before the cut: no task lies on a desk, no mail leaves. The embargo lifts by itself when the disconnection has ended, a quarter of an hour after it began at the latest.",
        "Personne d’autre ne l’apprend avant la coupure\u00a0: aucune tâche n’est confiée, aucun courriel ne part. L’embargo se lève de lui-même à la fin de la déconnexion, au plus tard un quart d’heure après son début.");
    public static readonly Words NameOne = new("Name someone", "Nommer quelqu’un");
    public static readonly Words NameWhom = new("Who may know?", "Qui mettre dans la confidence\u00a0?");
    public static readonly Words NameHow = new("They see the departure at once. Tell them yourself: no mail leaves.", "Cette personne voit le départ aussitôt. Prévenez-la vous-même\u00a0: aucun courriel ne part.");
    public static readonly Words NowNamed = new("{0} now knows of this departure.", "{0}\u00a0: désormais dans la confidence.");
    public static readonly Words Lift = new("Lift the embargo", "Lever l’embargo");
    public static readonly Words LiftTitle = new("Lift the embargo now?", "Lever l’embargo maintenant\u00a0?");
    public static readonly Words LiftHelp = new(
        "Everyone who sees departures will see this one, its tasks reach their desks and the mails that were held leave. It cannot be put back.",
        "Toute personne qui voit les départs verra celui-ci, ses tâches seront confiées et les courriels retenus partiront. L’embargo ne peut pas être remis.");
    public static readonly Words Lifted = new("The embargo is lifted.", "L’embargo est levé.");
    public static readonly Words User = new("User", "Utilisateur");
    public static readonly Words Someone = new("Choose…", "Choisir…");
    public static readonly Words StaysHidden = new(
        "It was cancelled before its cut: nobody else will learn of it.", "Il a été annulé avant sa coupure\u00a0: personne d’autre ne l’apprendra.");

    public static readonly Problem NotUnderEmbargo = Problem.Conflict("not-under-embargo", new(
        "This departure is not under embargo.", "Ce départ n’est pas sous embargo."));

    public static readonly Problem CancelledStays = Problem.Conflict("embargo-of-cancelled", new(
        "This departure was cancelled before its cut: it stays between those who know of it.",
        "Ce départ a été annulé avant sa coupure\u00a0: il reste entre les personnes dans la confidence."));

    public static readonly Problem MayNotKnow = Problem.Invalid("confidants", "may-not-know", new(
        "Only those may be named who see departures: those of the company and the mission manager, never the person who leaves nor anyone of the same supplier.",
        "Seules peuvent être nommées les personnes qui voient les départs\u00a0: celles de l’entreprise et le responsable de mission, jamais la personne qui part ni quelqu’un du même prestataire."));

    public static readonly Problem GivenToStranger = Problem.Invalid("user", "not-a-confidant", new(
        "This departure is under embargo: its tasks are given only to those who know of it.",
        "Ce départ est sous embargo\u00a0: ses tâches ne se confient qu’aux personnes dans la confidence."));

    public static readonly Problem MissionWouldTell = Problem.Invalid("continueOrder", "under-embargo", new(
        "This departure is under embargo: a new mission on the same order would tell of it. Record it once the embargo is lifted.",
        "Ce départ est sous embargo\u00a0: une nouvelle mission sur la même commande le révélerait. Enregistrez-la une fois l’embargo levé."));

    public static readonly Words LineOpensNothing = new(
        "This mission already has a departure under embargo, of which you know: if you apply, this line opens nothing. Others are not told why.",
        "Cette mission a déjà un départ sous embargo, dont vous avez connaissance\u00a0: si vous appliquez, cette ligne n’ouvre rien. Les autres n’en sauront pas la raison.");

    public static readonly Problem NobodyNamed = Problem.Invalid("confidants", "without-embargo", new(
        "Somebody is named, and the departure is not under embargo: nothing was opened.",
        "Des personnes sont nommées sans que le départ soit sous embargo\u00a0: rien n’a été ouvert."));
}
