using Depart.Foundation;

namespace Depart.Departures.Tasks;

/// <summary>The words of the page for people without an account.</summary>
internal static class ByLinkText
{
    public static readonly Words Asked = new("Asked of {0} · end of the mission of {1} · by", "Demandé à {0} · fin de mission {1} · pour");
    public static readonly Words NotKept = new("What you had just typed was not kept, in case you need it elsewhere:", "Ce que vous veniez d’écrire n’a pas été conservé, au cas où vous en auriez besoin ailleurs :");
    public static readonly Words Nowhere = new("Nothing to do here", "Rien à faire ici");
    public static readonly Words Done = new("That is done", "C’est fait");
    public static readonly Words DoneThanks = new("Thank you, {0}. Nothing more is expected of you: you can close this page.", "Merci, {0}. Rien d’autre n’est attendu de vous : vous pouvez fermer cette page.");
    public static readonly Words DoneMore = new("Thank you, {0}. What else is asked of you is below.", "Merci, {0}. Ce qui vous est encore demandé est ci-dessous.");
    public static readonly Words OtherDone = new("It is recorded as done. Thank you.", "C’est noté comme fait. Merci.");
    public static readonly Words Others = new("Also asked of you", "Également demandé");
    public static readonly Words EndOf = new("end of the mission of {0}", "fin de mission {0}");
    public static readonly Words NotYet = new("Not yet", "Pas encore");
    public static readonly Words NotYetHow = new(
        "Another task comes first. You are written to when it is your turn; this link stays good.", "Une autre tâche vient d’abord. Un message vous préviendra quand ce sera votre tour ; ce lien reste valable.");
    public static readonly Words MarkDone = new("It is done", "C’est fait");
    public static readonly Words ProofHelp = new("A reference, who received what, or attach the file below. Never a password.", "Une référence, qui a reçu quoi, ou joignez le fichier ci-dessous. Jamais de mot de passe.");
    public static readonly Words NotMine = new("This is not for me", "Ce n’est pas pour moi");
    public static readonly Words NotMineHelp = new("Say why, and for whom it is if you know. The task then goes to somebody else, and this link ends.", "Dites pourquoi, et qui est concerné si vous le savez. La tâche passe alors à quelqu’un d’autre, et ce lien prend fin.");
    public static readonly Words NotMineButton = new("Give it back", "Rendre la tâche");
    public static readonly Words Returned = new("The task is given back", "La tâche est rendue");
    public static readonly Words ReturnedThanks = new("Thank you for saying so. Nothing more is expected of you.", "Merci de l’avoir dit. Rien d’autre n’est attendu de vous.");
    public static readonly Words Notice = new(
        "This page shows what is asked of the person to whom the link was sent, for the end of a mission. What you enter is kept with the departure under your name, for as long as the company keeps it.",
        "Cette page montre ce qui est demandé, pour une fin de mission, à la personne à qui le lien a été envoyé. Ce que vous y écrivez est conservé avec le départ, sous votre nom, aussi longtemps que l’entreprise garde ce départ.");
}
