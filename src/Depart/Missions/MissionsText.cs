using Depart.Foundation;

namespace Depart.Missions;

/// <summary>The words of the record.</summary>
internal static class MissionsText
{
    public static readonly Words Person = new("Person", "Personne");
    public static readonly Words GivenName = new("Given name", "Prénom");
    public static readonly Words FamilyName = new("Family name", "Nom");
    public static readonly Words EmployeeNumber = new("Number", "Numéro interne");
    public static readonly Words Mails = new("E-mail addresses", "Adresses électroniques");
    public static readonly Words Logins = new("Logins", "Identifiants");
    public static readonly Words Status = new("Contractual status", "Statut contractuel");
    public static readonly Words PrivateMail = new("Private address", "Adresse privée");
    public static readonly Words ConsentedOn = new("Consent given on", "Consentement donné le");
    public static readonly Words ConsentBy = new("How consent was given", "Forme du consentement");

    public static readonly Words Supplier = new("Supplier", "Prestataire");
    public static readonly Words SupplierName = new("Supplier’s name", "Nom du prestataire");
    public static readonly Words ContactName = new("Supplier’s contact", "Contact du prestataire");
    public static readonly Words ContactMail = new("Mail of the supplier’s contact", "Adresse électronique du contact");

    public static readonly Words Mission = new("Mission", "Mission");
    public static readonly Words Title = new("Mission title", "Intitulé de la mission");
    public static readonly Words Unit = new("Unit", "Entité");
    public static readonly Words OrderReference = new("Order reference", "Référence de commande");
    public static readonly Words Manager = new("Mission manager", "Responsable de mission");
    public static readonly Words Kind = new("Kind", "Nature");
    public static readonly Words Place = new("Work place", "Lieu de travail");
    public static readonly Words Start = new("Start", "Début");
    public static readonly Words End = new("End", "Fin");
    public static readonly Words Teams = new("Teams", "Équipes");
    public static readonly Words OutsideProviders = new("Outside providers", "Intervenants extérieurs");

    public static readonly Words TooLong = new("{0}: at most {1} characters.", "{0} : {1} caractères au plus.");
    public static readonly Words TooMany = new("{0}: at most {1}.", "{0} : {1} au plus.");
    public static readonly Words MailMalformed = new("“{0}” is not an e-mail address.", "« {0} » n’est pas une adresse électronique.");
    public static readonly Words NumberTaken = new("{1} already has the number {0}.", "Le numéro {0} est déjà celui {1}.");
    public static readonly Words MailTaken = new("{1} already has the address {0}.", "L’adresse {0} est déjà celle {1}.");
    public static readonly Words EndBeforeStart = new("The end ({1}) comes before the start ({0}).", "La fin ({1}) précède le début ({0}).");
    public static readonly Words SupplierTaken = new("The supplier {0} is already in the record.", "Le prestataire {0} est déjà dans le registre.");
    public static readonly Words NotTheirOwnManager = new("Nobody is the manager of their own mission.", "Nul n’est responsable de sa propre mission.");

    public static Words Of(ContractualStatus status) => status switch
    {
        ContractualStatus.Independent => new("Independent", "Indépendant"),
        ContractualStatus.SuppliersEmployee => new("Supplier’s employee", "Salarié du prestataire"),
        ContractualStatus.PortageSalarial => new("Umbrella company (portage salarial)", "Portage salarial"),
        ContractualStatus.TemporaryWorker => new("Temporary worker", "Intérimaire"),
        ContractualStatus.SecondRankSubcontractor => new("Second-rank subcontractor", "Sous-traitant de second rang"),
        _ => new("Internal", "Interne"),
    };

    public static Words Of(MissionKind kind) => kind == MissionKind.Regie
        ? new("Time and materials (régie)", "Régie")
        : new("Fixed price (forfait)", "Forfait");

    public static Words Of(WorkPlace place) => place switch
    {
        WorkPlace.OnSite => new("On site", "Sur site"),
        WorkPlace.Remote => new("Remote", "À distance"),
        _ => new("Partly remote", "Mixte"),
    };
}
