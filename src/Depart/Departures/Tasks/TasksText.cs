using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Processes;

namespace Depart.Departures.Tasks;

/// <summary>The words of tasks.</summary>
internal static class TasksText
{
    public static readonly Words Task = new("Task", "Tâche");
    public static readonly Words Note = new("Note", "Note");
    public static readonly Words Reason = new("Reason", "Motif");
    public static readonly Words Comment = new("Comment", "Commentaire");
    public static readonly Words Assignee = new("Assigned to", "Confiée à");
    public static readonly Words Template = new("Template", "Modèle");

    public static readonly Problem NotYours = new(ProblemKind.Forbidden, "task-not-yours", new(
        "This task lies on somebody else’s desk.", "Cette tâche est confiée à quelqu’un d’autre."));

    public static readonly Problem Settled = Problem.Conflict("task-settled", new(
        "This task was settled meanwhile: nothing was changed.", "Cette tâche a été réglée entre-temps : rien n’a été modifié."));

    public static readonly Problem NotSettled = Problem.Conflict("task-not-settled", new(
        "This task is still to be done.", "Cette tâche est encore à faire."));

    public static readonly Problem CutByDepart = Problem.Conflict("task-cut-by-depart", new(
        "This task is done by the disconnection itself, once every account is found closed.",
        "Cette tâche est faite par la déconnexion elle-même, quand tous les comptes sont constatés fermés."));

    public static readonly Problem CutNotSkipped = Problem.Conflict("task-cut-not-skipped", new(
        "The disconnection cannot be left out: reschedule or cancel the departure instead.",
        "La déconnexion ne peut pas être écartée : reportez ou annulez plutôt le départ."));

    public static readonly Problem EvidenceMissing = Problem.Invalid("note", "evidence-missing", new(
        "This task is done with a proof: say where it is (a reference, a file, who received what).",
        "Cette tâche se fait avec une preuve : indiquez où elle se trouve (une référence, un fichier, qui a reçu quoi)."));

    public static readonly Problem ReasonMissing = Problem.Required("reason", Reason);

    public static readonly Problem UserUnknown = Problem.Invalid("user", "user-unknown", new(
        "Nobody with an account here has this identifier.", "Aucun utilisateur ne porte cet identifiant."));

    public static readonly Words UserUnfit = new(
        "{0} has no part in this departure and would come to see it: choose somebody who has, or hand the task over by a link.",
        "{0} n’a pas de rôle dans ce départ et en prendrait connaissance : choisissez quelqu’un qui en a un, ou confiez la tâche par un lien.");

    public static readonly Words GuestName = new("Name", "Nom");
    public static readonly Words TooLong = new("{0}: {1} characters at most.", "{0} : {1} caractères au plus.");
    public static readonly Words NoMail = new("E-mail address: one address is expected, like name@company.example.", "Adresse électronique : une adresse est attendue, comme nom@societe.exemple.");
    public static readonly Words LanguageUnknown = new("The language is fr or en.", "La langue est fr ou en.");
    public static readonly Words HasAccount = new(
        "{0} has an account: give them the task instead, they find it under My tasks.", "{0} a un compte : confiez-lui plutôt la tâche, elle apparaîtra dans Mes tâches.");

    /// <summary>Somebody named in a comment who may not see the task, or does not exist: not told apart.</summary>
    public static Problem NotMentioned(string name, IEnumerable<string> possible) => Problem.Invalid("text", "mention-unknown", new Words(
        "Comment: nobody called “{0}” sees this task. These do: {1}.",
        "Commentaire : aucune personne nommée « {0} » ne voit cette tâche. La voient : {1}.").With(name, string.Join(", ", possible)));

    public static readonly Problem NotByLink = Problem.Conflict("task-not-by-link", new(
        "This can only be done by somebody who has signed in: give it to somebody with an account.",
        "Ceci ne peut être fait que par une personne connectée : confiez-le à quelqu’un qui a un compte."));

    public static readonly Problem NoLink = Problem.Conflict("task-no-link", new(
        "No link leads to this task.", "Aucun lien ne mène à cette tâche."));

    /// <summary>One message whatever the cause: a stranger learns nothing.</summary>
    public static readonly Problem LinkGone = new(ProblemKind.NotFound, "link-gone", new(
        "This link leads nowhere, or not any more: what it was for is done, has moved to somebody else, or the link has expired. You have nothing to do. If you think otherwise, ask the person who wrote to you for a new one.",
        "Ce lien ne mène à rien, ou plus à rien : ce qu’il permettait est fait ou confié à quelqu’un d’autre, ou le lien a expiré. Vous n’avez rien à faire. Si vous pensez le contraire, demandez-en un nouveau à la personne qui vous a écrit."));

    public static readonly Problem LinkTooMany = new(ProblemKind.TooMany, "link-too-many", new(
        "Too many links that lead nowhere were tried from here. Please wait five minutes, then open the link in your mail again.",
        "Trop de liens sans issue ont été essayés d’ici. Attendez cinq minutes, puis ouvrez de nouveau le lien de votre message."));

    /// <summary>A task that waits for others, named.</summary>
    public static Problem Waits(IEnumerable<Words> titles) => Problem.Conflict("task-waits", new Words(
        "Not yet: this task waits for {0}.", "Pas encore : cette tâche attend {0}.").With(List(titles)));

    /// <summary>Blocking tasks that are open, named.</summary>
    public static Problem StillOpen(IReadOnlyCollection<Words> titles) => Problem.Conflict("departure-tasks-open", new Words(
        "The departure cannot be closed yet; still to be done: {0}.", "Le départ ne peut pas encore être clos ; il reste à faire : {0}.").With(List(titles)));

    public static Words Of(DepartureTaskState state) => state switch
    {
        DepartureTaskState.Waiting => new("Waits", "En attente"),
        DepartureTaskState.Open => new("To do", "À faire"),
        DepartureTaskState.Done => new("Done", "Faite"),
        DepartureTaskState.Skipped => new("Left out", "Écartée"),
        _ => new("Withdrawn", "Retirée"),
    };

    public static Words Of(TaskOwner owner) => owner switch
    {
        TaskOwner.Manager => new("Mission manager", "Responsable de mission"),
        TaskOwner.It => new("IT operations", "Opérations informatiques"),
        TaskOwner.Hr => new("HR and procurement", "RH et achats de prestations"),
        TaskOwner.Security => new("Security officer", "RSSI"),
        TaskOwner.Consultant => new("Consultant", "Consultant"),
        TaskOwner.Successor => new("Successor", "Repreneur"),
        TaskOwner.SystemOwner => new("System’s owner", "Responsable du système"),
        _ => new("Supplier’s contact", "Contact du prestataire"),
    };

    /// <summary>Titles between quotation marks, in both languages.</summary>
    private static Words List(IEnumerable<Words> titles)
    {
        var all = titles.ToList();
        return new(string.Join(", ", all.Select(title => $"“{title.En}”")), string.Join(", ", all.Select(title => $"« {title.Fr} »")));
    }
}

/// <summary>Where tasks are seen.</summary>
internal static class TaskPaths
{
    public static string Of(DepartureTask task) => $"/tasks/{task.Id}";
}
