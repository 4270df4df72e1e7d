using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Departures.Tasks;

/// <summary>The words of the pages of tasks.</summary>
internal static class TasksPageText
{
    public static readonly Words MyTasks = new("My tasks", "Mes tâches");
    public static readonly Words Tasks = new("Tasks", "Tâches");
    public static readonly Words Late = new("Late", "En retard");
    public static readonly Words Today = new("Today", "Aujourd’hui");
    public static readonly Words Coming = new("Coming", "À venir");
    public static readonly Words NothingToDo = new("No task waits for you", "Aucune tâche ne vous attend");
    public static readonly Words NothingToDoHow = new(
        "Tasks come by themselves when a departure is opened, to whoever they are for; you are also written to when one is due.",
        "Les tâches arrivent d’elles-mêmes à l’ouverture d’un départ, chez la personne concernée ; un message vous prévient aussi à l’approche de l’échéance.");
    public static readonly Words NoMore = new("No further task", "Pas d’autre tâche");
    public static readonly Words NoMoreHow = new("Go back to the first page for what is still to be done.", "Revenez à la première page pour ce qui reste à faire.");
    public static readonly Words OwnDeparture = new("your own departure", "votre propre départ");
    public static readonly Words DepartureOf = new("departure of {0}", "départ {0}");
    public static readonly Words Due = new("Due", "Échéance");
    public static readonly Words DueBy = new("due", "pour");
    public static readonly Words Blocking = new("Blocks closing", "Bloque la clôture");
    public static readonly Words BlockingHelp = new("The departure is not closed before this is settled.", "Le départ n’est pas clos avant que ce soit réglé.");
    public static readonly Words Proof = new("With a proof", "Avec preuve");
    public static readonly Words Step = new("Step", "Étape");
    public static readonly Words For = new("With", "Chez");
    public static readonly Words DoneShort = new("Done", "Fait");
    public static readonly Words DoneOne = new("Done: {0}", "Fait : {0}");
    public static readonly Words Open = new("Open", "Ouvrir");
    public static readonly Words OpenOne = new("Open: {0}", "Ouvrir : {0}");
    public static readonly Words SeeAll = new("All my tasks", "Toutes mes tâches");
    public static readonly Words Undo = new("Undo", "Annuler");
    public static readonly Words UndoOne = new("Undo: {0}", "Annuler : {0}");
    public static readonly Words JustDone = new("Done: {0}.", "Fait : {0}.");
    public static readonly Words TakenBack = new("The task is to be done again.", "La tâche est de nouveau à faire.");

    public static readonly Words WhatToDo = new("What to do", "Ce qu’il faut faire");
    public static readonly Words DoneMeans = new("It is done when", "Terminé quand :");
    public static readonly Words ByHandMeanwhile = new(
        "This version of Depart does not carry this step out itself yet: do it as you do today, and say here that it is done.",
        "Cette version de Départ n’accomplit pas encore elle-même cette étape : faites comme aujourd’hui, et indiquez ici que c’est fait.");
    public static readonly Words DoneByDepart = new(
        "Nobody ticks this: the disconnection says by itself that it is done, once every account is found closed.",
        "Personne ne coche ceci : la déconnexion indique d’elle-même que c’est fait, quand tous les comptes sont constatés fermés.");
    public static readonly Words OpenPage = new("Go to its page", "Aller à sa page");
    public static readonly Words SeeDisconnection = new("See the disconnection", "Voir la déconnexion");
    public static readonly Words WaitsFor = new("It waits for", "Elle attend");
    public static readonly Words WaitsHelp = new("It opens by itself once these are settled.", "Elle s’ouvrira d’elle-même quand ce qui suit sera réglé.");
    public static readonly Words Before = new("What came before", "Ce qui venait avant");
    public static readonly Words MarkDone = new("It is done", "C’est fait");
    public static readonly Words MarkDoneButton = new("Mark as done", "Marquer comme faite");
    public static readonly Words NoteLabel = new("A word about it", "Un mot à ce sujet");
    public static readonly Words ProofLabel = new("Where the proof is", "Où se trouve la preuve");
    public static readonly Words ProofHelp = new(
        "A reference, who received what, or attach a file below first. Never a password.", "Une référence, qui a reçu quoi, ou joignez d’abord un fichier ci-dessous. Jamais de mot de passe.");
    public static readonly Words Marked = new("Marked as done.", "Marquée comme faite.");
    public static readonly Words NotYoursToDo = new("This task lies with somebody else: you may read it.", "Cette tâche est confiée à quelqu’un d’autre : vous pouvez la lire.");

    public static readonly Words Otherwise = new("Otherwise", "Autrement");
    public static readonly Words LeaveOut = new("Leave out", "Écarter");
    public static readonly Words LeaveOutHelp = new(
        "What waits for it goes on. The reason is kept with the departure.", "Les tâches qui l’attendent se poursuivent. Le motif est conservé avec le départ.");
    public static readonly Words LeaveOutButton = new("Leave this task out", "Écarter cette tâche");
    public static readonly Words LeftOut = new("The task is left out.", "La tâche est écartée.");
    public static readonly Words GiveTo = new("Give to somebody", "Confier à quelqu’un");
    public static readonly Words GiveToWhom = new("To whom?", "À qui ?");
    public static readonly Words GiveButton = new("Give it", "Confier");
    public static readonly Words Given = new("The task has changed hands.", "La tâche a changé de mains.");
    public static readonly Words BackToRole = new("By role: {0}", "Selon le rôle : {0}");

    public static readonly Words HandByLink = new("Hand over by a link", "Confier par un lien");
    public static readonly Words HandByLinkHelp = new(
        "For somebody without an account. They get a mail with a link that shows this one task and lets them say that it is done: a system’s owner, a contact of the supplier.",
        "Pour quelqu’un sans compte. La personne reçoit un message avec un lien qui montre cette seule tâche et permet d’indiquer qu’elle est faite : responsable d’un système, contact du prestataire.");
    public static readonly Words GuestMail = new("E-mail address", "Adresse électronique");
    public static readonly Words GuestLanguage = new("Language of the mail", "Langue du message");
    public static readonly Words HandButton = new("Send the link", "Envoyer le lien");
    public static readonly Words Handed = new("The link is on its way.", "Le lien est parti.");
    public static readonly Words LinkOf = new("Link", "Lien");
    public static readonly Words LinkUntil = new("good until {0}", "valable jusqu’au {0}");
    public static readonly Words WithdrawLink = new("Withdraw the link", "Retirer le lien");
    public static readonly Words LinkWithdrawn = new("The link leads nowhere any more.", "Le lien ne mène plus à rien.");

    public static readonly Words Comments = new("Comments", "Commentaires");
    public static readonly Words NoComment = new("No comment.", "Aucun commentaire.");
    public static readonly Words AddComment = new("Add a comment", "Ajouter un commentaire");
    public static readonly Words CommentHelp = new(
        "Facts only: it is kept with the departure. @ and a name tells that person.", "Des faits seulement : c’est conservé avec le départ. Un @ suivi d’un nom prévient cette personne.");
    public static readonly Words Tell = new("Tell somebody by mail", "Prévenir quelqu’un par message");
    public static readonly Words Told = new("told: {0}", "message à {0}");
    public static readonly Words Mentioned = new("You are mentioned", "On vous cite");
    public static readonly Words MentionedBy = new("{0}, about “{1}”, departure of {2}", "{0}, à propos de « {1} », départ {2}");
    public static readonly Words Seen = new("Seen", "Vu");
    public static readonly Words SeenOne = new("Seen: the comment of {0}", "Vu : le commentaire {0}");
    public static readonly Words SeenNow = new("Noted as seen.", "Noté comme vu.");
    public static readonly Words Send = new("Send", "Envoyer");
    public static readonly Words Sent = new("The comment is added.", "Le commentaire est ajouté.");
    public static readonly Words Console = new("The server’s console", "Console du serveur");

    public static readonly Words DoneBy = new("Done by {0}", "Faite par {0}");
    public static readonly Words LeftOutBy = new("Left out by {0}", "Écartée par {0}");
    public static readonly Words DoneByItself = new("Done by Depart", "Faite par Départ");
    public static readonly Words WithdrawnWhy = new("The departure was cancelled: this is not asked for any more.", "Le départ a été annulé : ceci n’est plus demandé.");
    public static readonly Words UndoHelp = new("A mistake? It can be taken back while the departure is not closed.", "Une erreur ? Cela s’annule tant que le départ n’est pas clos.");

    public static readonly Words ChangedMeanwhile = new("This task changed while you were reading it", "Cette tâche a changé pendant votre lecture");
    public static readonly Words ChangedMeanwhileHow = new(
        "Below is how it stands now. What you typed is still there; nothing was saved yet: send it again if it still holds.",
        "Voici où elle en est maintenant. Ce que vous avez écrit est toujours là, mais rien n’est encore enregistré : renvoyez-le si cela vaut toujours.");
    public static readonly Words KeptAsComment = new("What you had typed is kept in the comment below.", "Ce que vous aviez écrit est gardé dans le commentaire ci-dessous.");

    public static readonly Words OpenBeforeClosing = new("Before it can be closed", "À régler avant la clôture");
    public static readonly Words NoTasks = new(
        "This departure has no tasks: follow the dashed steps elsewhere. A departure gets them when a template is made for such a mission, or chosen as it is opened.",
        "Ce départ n’a pas de tâches : suivez ailleurs les étapes en pointillé. Un départ en reçoit quand un modèle est prévu pour une telle mission, ou choisi à l’ouverture.");
    public static readonly Words DoneOfAll = new("{0} of {1}", "{0} sur {1}");
    public static readonly Words DoneAndLate = new("{0} · {1}", "{0} · {1}");
    public static readonly Words NoneInStep = new("Nothing asked", "Rien à faire");

    private static readonly Words LateOne = new("{0} late", "{0} en retard");
    private static readonly Words LateMany = new("{0} late", "{0} en retard");

    private static readonly Words LateTaskOne = new("late task", "tâche en retard");
    private static readonly Words LateTaskMany = new("late tasks", "tâches en retard");

    public static readonly Words LateAbove = new("more than {0} late", "plus de {0} en retard");

    public static Words LateCount(int count) => Words.Count(count, LateOne, LateMany);

    public static Words LateTasks(int count) => Words.Count(count, LateTaskOne, LateTaskMany);

    /// <summary>Whose departure a task is of, to that reader.</summary>
    public static Words WhoseOf(TaskRow row, Actor reader) => reader.Person == row.Person.Value ? OwnDeparture : DepartureOf.With(Said.Of(row.Leaver));
}
