using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Departures.Renewals;

/// <summary>The words of renewals.</summary>
internal static class RenewalsText
{
    public static readonly Words Question = new("Renewal question", "Question de renouvellement");
    public static readonly Words Title = new("Missions that end", "Missions qui s’achèvent");
    public static readonly Words About = new(
        "Before a mission’s end its manager and procurement are asked once whether it is renewed. Without an answer the end date holds: access ends on that day, and nobody is told before.",
        "Avant la fin d’une mission, son responsable et les achats sont interrogés une fois sur son renouvellement. Sans réponse, la date de fin tient : les accès se ferment ce jour-là, et personne n’est prévenu d’ici là.");
    public static readonly Words ToAnswer = new("To answer", "À répondre");
    public static readonly Words Answered = new("Answered", "Répondues");
    public static readonly Words MissionEnd = new("End of the mission", "Fin de la mission");
    public static readonly Words Manager = new("Mission manager", "Responsable de mission");
    public static readonly Words Order = new("Order reference", "Référence de commande");
    public static readonly Words NewEnd = new("New end", "Nouvelle fin");
    public static readonly Words NothingToAnswer = new("Nothing to answer", "Aucune réponse attendue");
    public static readonly Words NothingToAnswerHow = new("When a mission’s end comes near, the question appears here and a mail says so.", "À l’approche d’une fin de mission, la question apparaît ici et un courriel le signale.");
    public static readonly Words NothingAnswered = new("Nothing answered yet", "Aucune réponse pour l’instant");
    public static readonly Words NothingAnsweredHow = new("Questions that were answered stay here, with who answered.", "Les questions qui ont reçu une réponse restent ici, avec le nom de qui a répondu.");
    public static readonly Words IsItRenewed = new("Is this mission renewed?", "Cette mission est-elle renouvelée ?");
    public static readonly Words Renewed = new("It is renewed", "Elle est renouvelée");
    public static readonly Words RenewedHelp = new("The mission goes on until the new end, under this order. No departure is opened.", "La mission se poursuit jusqu’à la nouvelle fin, sous cette commande. Aucun départ n’est ouvert.");
    public static readonly Words RenewedDo = new("Renew the mission", "Renouveler la mission");
    public static readonly Words Ends = new("It ends", "Elle s’achève");
    public static readonly Words EndsHelp = new("The departure opens with its tasks; access is cut on the last working day.", "Le départ s’ouvre avec ses tâches ; les accès sont coupés le dernier jour travaillé.");
    public static readonly Words EndsDo = new("Open the departure", "Ouvrir le départ");
    public static readonly Words NotKnown = new("Not known yet", "Ce n’est pas encore connu");
    public static readonly Words NotKnownHelp = new(
        "Nothing changes: without another answer access ends on {0}. You can answer later, here.",
        "Rien ne change : sans autre réponse, les accès se ferment le {0}. Vous pourrez répondre plus tard, ici.");
    public static readonly Words NotKnownDo = new("Not known yet", "Pas encore connu");
    public static readonly Words Bridge = new("Grant a bridge", "Accorder un délai de régularisation");
    public static readonly Words BridgeHelp = new(
        "A few business days after the end, to settle the order: {0} at most, all together. Your name and your reason are kept in the journal.",
        "Quelques jours ouvrés après la fin, le temps de régulariser la commande : {0} au plus, en tout. Votre nom et votre motif sont conservés au journal.");
    public static readonly Words BridgeDays = new("Business days", "Jours ouvrés");
    public static readonly Words BridgeReason = new("Reason", "Motif");
    public static readonly Words BridgeDo = new("Grant", "Accorder");
    public static readonly Words BridgeGranted = new("Access now ends on {0} without an answer.", "Sans réponse, les accès se ferment désormais le {0}.");
    public static readonly Words RenewedNow = new("The mission of {0} goes on until {1}.", "La mission {0} se poursuit jusqu’au {1}.");
    public static readonly Words EndsNow = new("The departure is open.", "Le départ est ouvert.");
    public static readonly Words NotKnownNow = new("Noted: not known yet.", "Noté : pas encore connu.");
    public static readonly Words IsPrepared = new("Prepared: access ends on {0}", "Préparé : les accès se ferment le {0}");
    public static readonly Words IsPreparedHow = new(
        "Nobody answered in time: the cut is planned, there are no tasks, and nobody was told.",
        "Personne n’a répondu à temps : la coupure est planifiée, il n’y a pas de tâches, et personne n’a été prévenu.");
    public static readonly Words AnswerIt = new("Answer the question", "Répondre à la question");
    public static readonly Words SeeDeparture = new("See the departure", "Voir le départ");
    public static readonly Words WillPrepare = new("Without an answer the departure is prepared on {0}.", "Sans réponse, le départ est préparé le {0}.");
    public static readonly Words Settings = new("When questions are asked", "Quand les questions sont posées");
    public static readonly Words Asks = new("Ask before missions end", "Interroger avant les fins de mission");
    public static readonly Words AskDays = new("Days before the end: ask", "Jours avant la fin : interroger");
    public static readonly Words PrepareDays = new("Days before the end: prepare without an answer", "Jours avant la fin : préparer faute de réponse");
    public static readonly Words LookAt = new("Asked in the morning at", "Posées le matin à");
    public static readonly Words LookAtHelp = new("The hour of {0}. Prepared at the same hour.", "Dans le fuseau {0}. Les départs sont préparés à la même heure.");
    public static readonly Words HourWrong = new("Asked in the morning at: give an hour, for example 08:00.", "Posées le matin à : donnez une heure, par exemple 08:00.");
    public static readonly Words SaveSettings = new("Save", "Enregistrer");
    public static readonly Words SettingsSaved = new("Saved: they apply from the next morning on.", "Enregistré : ces réglages valent dès demain matin.");
    public static readonly Words By = new("by {0}", "par {0}");
    public static readonly Words Until = new("until {0}", "jusqu’au {0}");
    public static readonly Words AskRange = new("Days before the end: from 1 to 180.", "Jours avant la fin : de 1 à 180.");
    public static readonly Words PrepareRange = new("Not before the question is asked, nor after the end.", "Pas avant que la question soit posée, ni après la fin.");
    public static readonly Words BridgeRange = new("A bridge has one to five business days.", "Un délai de régularisation compte de un à cinq jours ouvrés.");
    public static readonly Words BridgeUsed = new("Business days granted already: {0}, of {1} at most.", "Jours ouvrés déjà accordés : {0}, sur {1} au plus.");
    public static readonly Words NotLater = new("The new end must come after {0}.", "La nouvelle fin doit être après le {0}.");
    public static readonly Words AfterEnd = new(
        "The last day cannot come after {0}: a later end is a renewal.", "Le dernier jour ne peut pas être après le {0} : une fin plus tardive est un renouvellement.");

    public static readonly Problem Settled = Problem.Conflict("renewal-settled", new(
        "This question was answered already, or the record gives the mission another end: nothing was changed.",
        "Cette question a déjà reçu une réponse, ou le registre donne une autre fin à la mission : rien n’a été modifié."));

    public static readonly Problem NamedPerson = Problem.Conflict("named-person", new(
        "A bridge is granted by a person with an account, under their name.",
        "Un délai de régularisation est accordé par une personne qui a un compte, sous son nom."));

    public static Words WaitingFor(int count) => Words.Count(count, new("mission to renew or end", "fin de mission à confirmer"), new("missions to renew or end", "fins de mission à confirmer"));

    public static Words Of(RenewalState state) => state switch
    {
        RenewalState.Asked => new("No answer yet", "Sans réponse"),
        RenewalState.NotKnown => new("Not known yet", "Pas encore connu"),
        RenewalState.Renewed => new("Renewed", "Renouvelée"),
        RenewalState.Ends => new("Ends", "S’achève"),
        _ => new("No longer asked", "Sans objet"),
    };
}
