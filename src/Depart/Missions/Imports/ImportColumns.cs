using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>What a column can say.</summary>
public enum ImportField
{
    /// <summary>Prénom.</summary>
    GivenName,

    /// <summary>Nom.</summary>
    FamilyName,

    /// <summary>Both names in one cell.</summary>
    FullName,

    /// <summary>The number by which the house knows the person: a key.</summary>
    EmployeeNumber,

    /// <summary>Addresses: a key; several in a cell.</summary>
    Mails,

    /// <summary>Logins known beforehand; several in a cell.</summary>
    Logins,

    /// <summary>Contractual status.</summary>
    Status,

    /// <summary>Prestataire.</summary>
    Supplier,

    /// <summary>The supplier's contact.</summary>
    ContactName,

    /// <summary>Mail of the supplier's contact.</summary>
    ContactMail,

    /// <summary>A private address: never imported, it needs a consent.</summary>
    PrivateMail,

    /// <summary>Mission title.</summary>
    Title,

    /// <summary>Unit.</summary>
    Unit,

    /// <summary>Order reference.</summary>
    OrderReference,

    /// <summary>Mission manager, by mail or number.</summary>
    Manager,

    /// <summary>Régie or forfait.</summary>
    Kind,

    /// <summary>On site, remote, partly.</summary>
    Place,

    /// <summary>First day.</summary>
    Start,

    /// <summary>Last day.</summary>
    End,

    /// <summary>Teams of the circle; several in a cell.</summary>
    Teams,

    /// <summary>Outside providers of the circle; several in a cell.</summary>
    OutsideProviders,

    /// <summary>Last working day of a departure.</summary>
    LastDay,

    /// <summary>The day on which a departure is announced.</summary>
    AnnounceOn,

    /// <summary>Local hour of the cut.</summary>
    CutTime,

    /// <summary>Zone of the departure.</summary>
    Zone,

    /// <summary>Template of the tasks, by key or title.</summary>
    Template,

    /// <summary>Reason, from the neutral list.</summary>
    Reason,

    /// <summary>Who takes over, by mail or number.</summary>
    Successor,
}

/// <summary>The columns of a file: where each field stands, what is left out.</summary>
internal sealed record ImportColumns(int HeaderRow, IReadOnlyList<ImportColumn> Columns, ImportKind Kind)
{
    /// <summary>The header stands within so many lines: titles above it are passed over.</summary>
    public const int HeaderWithin = 10;

    private static readonly Words NoHeader = new(
        "No line with known column titles was found in the first {0} lines. At least two are needed, for example: Given name; Family name; Mail. First line read: {1}",
        "Aucune ligne de titres connus dans les {0} premières lignes. Il en faut au moins deux, par exemple : Prénom ; Nom ; Adresse électronique. Première ligne lue : {1}");

    private static readonly Words UnknownColumn = new("Column “{0}” is not known and is left out.", "La colonne « {0} » est inconnue et n’est pas reprise.");
    private static readonly Words PrivateColumn = new(
        "Column “{0}” is left out: a private address needs the person’s consent and is recorded on their page.",
        "La colonne « {0} » n’est pas reprise : une adresse privée exige le consentement de la personne et s’enregistre sur sa fiche.");

    private static readonly Words Repeated = new("Column “{0}” says the same as “{1}” and is left out.", "La colonne « {0} » fait double emploi avec « {1} » et n’est pas reprise.");
    private static readonly Words NoName = new(
        "The file has neither names nor a number nor an e-mail address: nothing tells whom a line is about.",
        "Le fichier n’a ni noms, ni numéro interne, ni adresse électronique : rien ne dit de qui parle une ligne.");

    private static readonly Words NoMission = new(
        "This file has no column for missions: title, start, end or order reference.",
        "Ce fichier n’a aucune colonne de mission : intitulé, début, fin ou référence de commande.");

    private static readonly Words NoMissionToEnd = new(
        "This file says neither whose departure a line opens nor of which mission: give a number, an e-mail address, or an order reference.",
        "Ce fichier ne dit ni de qui une ligne ouvre le départ, ni de quelle mission : il faut un numéro interne, une adresse électronique ou une référence de commande.");

    private static readonly Words NotForDepartures = new(
        "Column “{0}” is left out: a file of departures changes neither people nor missions.",
        "La colonne « {0} » n’est pas reprise : un fichier de départs ne modifie ni les personnes ni les missions.");

    private static readonly Dictionary<string, (ImportField Field, bool French)> Known = Titles(ColumnTitles.All);
    private static readonly Dictionary<string, (ImportField Field, bool French)> KnownOfDepartures = Titles(ColumnTitles.OfDepartures);

    /// <summary>Some title is French and not English: days then come before months.</summary>
    public bool French => Columns.Any(column => column.Field is not null && TitlesOf(Kind).TryGetValue(SearchText.Of(column.Title), out var known) && known.French);

    /// <summary>What is left out, and why.</summary>
    public IReadOnlyList<Words> Notes => [.. Columns.Select(column => column.Note).OfType<Words>()];

    /// <summary>The field of a column title, accents, case and punctuation ignored; null when it is not known.</summary>
    public static ImportField? Of(string title, ImportKind kind = ImportKind.People) => TitlesOf(kind).TryGetValue(SearchText.Of(title), out var known) ? known.Field : null;

    /// <summary>What a mapping says of a title, otherwise what the title itself says.</summary>
    private static ImportField? Meant(string title, ImportKind kind, IReadOnlyDictionary<string, ImportField?>? mapping) =>
        mapping is not null && mapping.TryGetValue(SearchText.Of(title), out var field) ? field : Of(title, kind);

    private static Dictionary<string, (ImportField Field, bool French)> TitlesOf(ImportKind kind) => kind == ImportKind.Departures ? KnownOfDepartures : Known;

    /// <summary>Finds the header: the first line with two known titles.</summary>
    public static Outcome<ImportColumns> Find(Sheet sheet, ImportKind kind, IReadOnlyDictionary<string, ImportField?>? mapping = null)
    {
        var at = sheet.Rows.Take(HeaderWithin).ToList().FindIndex(row => row.Cells.Select(cell => Meant(cell, kind, mapping)).OfType<ImportField>().Distinct().Count() >= 2);
        if (at < 0)
        {
            return SheetReader.Refused("file-no-header", NoHeader.With(HeaderWithin, string.Join(" | ", (sheet.Rows is [var row, ..] ? row.Cells : []).Take(8).Select(Short))));
        }

        var columns = new List<ImportColumn>();
        var seen = new Dictionary<ImportField, string>();
        for (var index = 0; index < sheet.Rows[at].Cells.Count; index++)
        {
            var title = sheet.Rows[at][index];
            columns.Add(Column(index, title, kind, mapping, seen));
        }

        var found = new ImportColumns(at, columns, kind);
        if (kind == ImportKind.Departures)
        {
            return new[] { ImportField.EmployeeNumber, ImportField.Mails, ImportField.FamilyName, ImportField.FullName, ImportField.OrderReference }.Any(seen.ContainsKey)
                ? found
                : SheetReader.Refused("file-no-mission", NoMissionToEnd);
        }

        return !new[] { ImportField.EmployeeNumber, ImportField.Mails, ImportField.FamilyName, ImportField.FullName }.Any(seen.ContainsKey)
            ? SheetReader.Refused("file-no-key", NoName)
            : kind == ImportKind.Missions && !new[] { ImportField.Title, ImportField.Start, ImportField.End, ImportField.OrderReference }.Any(seen.ContainsKey)
                ? SheetReader.Refused("file-no-mission", NoMission)
                : found;
    }

    /// <summary>The title of a field in this file.</summary>
    public string? TitleOf(ImportField field) => Columns.FirstOrDefault(column => column.Field == field)?.Title;

    private static ImportColumn Column(int index, string title, ImportKind kind, IReadOnlyDictionary<string, ImportField?>? mapping, Dictionary<ImportField, string> seen)
    {
        switch (Meant(title, kind, mapping))
        {
            case null when mapping?.ContainsKey(SearchText.Of(title)) == true:
                return new(index, title, null);
            case null when kind == ImportKind.Departures && Of(title) is not null:
                return new(index, title, null) { Note = NotForDepartures.With(Short(title)) };
            case null:
                return new(index, title, null) { Note = title.Length == 0 ? null : UnknownColumn.With(Short(title)) };
            case ImportField.PrivateMail:
                return new(index, title, null) { Note = PrivateColumn.With(title) };
            case { } field when seen.TryGetValue(field, out var before) && !Many(field):
                return new(index, title, null) { Note = Repeated.With(title, before) };
            case { } field:
                seen.TryAdd(field, title);
                return new(index, title, field);
        }
    }

    private static bool Many(ImportField field) => field is ImportField.Mails or ImportField.Logins or ImportField.Teams or ImportField.OutsideProviders;

    private static string Short(string title) => title.Length > 60 ? title[..60] + "…" : title;

    private static Dictionary<string, (ImportField Field, bool French)> Titles((ImportField Field, string French, string English)[] all)
    {
        var titles = new Dictionary<string, (ImportField, bool)>(StringComparer.Ordinal);
        foreach (var (field, french, english) in all)
        {
            var (fr, en) = (french.Split(',').Select(SearchText.Of).ToList(), english.Split(',').Select(SearchText.Of).ToList());
            foreach (var title in fr.Concat(en).Where(title => title.Length > 0))
            {
                titles.TryAdd(title, (field, !en.Contains(title)));
            }
        }

        return titles;
    }
}

/// <summary>One column of a file; without a field it is left out, and the note says why.</summary>
internal sealed record ImportColumn(int Index, string Title, ImportField? Field)
{
    /// <summary>Why it is left out.</summary>
    public Words? Note { get; init; }
}

/// <summary>Titles of columns, accents, case and punctuation ignored.</summary>
internal static class ColumnTitles
{
    /// <summary>Accepted titles: field, French, English. The first of each is the one that documentation shows.</summary>
    internal static readonly (ImportField Field, string French, string English)[] All =
    [
        (ImportField.GivenName, "prénom,prénoms,prénom usuel", "given name,first name,firstname,givenname,forename"),
        (ImportField.FamilyName, "nom,nom de famille,nom usuel,nom d’usage", "family name,last name,lastname,surname,familyname"),
        (ImportField.FullName, "nom complet,nom prénom,nom et prénom,prénom nom,prénom et nom,consultant,intervenant,collaborateur,personne", "full name,name,consultant,person,contractor"),
        (ImportField.EmployeeNumber, "numéro interne,matricule,numéro,n°,n° matricule,numéro de matricule,numéro employé,identifiant rh", "number,employee number,employee id,staff number,staff id,personnel number,external id,no"),
        (ImportField.Mails,
            "adresse électronique,adresses électroniques,courriel,adresse mail,adresse e-mail,adresse email,mail professionnel,e-mail professionnel,email professionnel",
            "mail,mails,email,e-mail,emails,e-mails,mail address,email address,e-mail address,work email"),
        (ImportField.Logins, "identifiant,identifiants,compte,comptes,nom d’utilisateur", "login,logins,user name,username,user,account,accounts,uid,samaccountname"),
        (ImportField.Status, "statut,statut contractuel,type de contrat,relation contractuelle", "status,contractual status,contract status,contract type"),
        (ImportField.Supplier, "prestataire,fournisseur,société,esn,entreprise,employeur,société prestataire,nom du prestataire", "supplier,company,vendor,agency,employer,supplier name"),
        (ImportField.ContactName, "contact du prestataire,contact prestataire,contact fournisseur,contact commercial,commercial,nom du contact", "supplier contact,contact,vendor contact,account manager,contact name"),
        (ImportField.ContactMail,
            "adresse électronique du contact,mail du contact,e-mail du contact,email du contact,courriel du contact,mail contact,email contact",
            "supplier contact mail,contact mail,contact email,contact e-mail,supplier contact email,vendor contact email"),
        (ImportField.PrivateMail, "adresse privée,mail privé,e-mail privé,email privé,mail personnel,e-mail personnel,email personnel,adresse personnelle,courriel personnel", "private address,private mail,private email,private e-mail,personal email,personal e-mail,personal mail"),
        (ImportField.Title, "intitulé de la mission,intitulé,intitulé mission,titre,titre de la mission,projet,objet,objet de la mission,poste,mission", "mission title,title,assignment,project,role,mission"),
        (ImportField.Unit, "entité,unité,service,département,direction,entité cliente", "unit,department,business unit,bu"),
        (ImportField.OrderReference, "référence de commande,commande,bon de commande,numéro de commande,n° de commande,n° commande,référence commande,référence,bdc,n° bdc", "order reference,order,order number,purchase order,po,po number,reference"),
        (ImportField.Manager,
            "responsable de mission,responsable,responsable mission,mail du responsable,e-mail du responsable,email du responsable,adresse électronique du responsable,numéro du responsable,matricule du responsable,donneur d’ordre",
            "mission manager,manager,manager mail,manager email,manager e-mail,manager number"),
        (ImportField.Kind, "nature,nature de la mission,type de mission,mode,régie/forfait,régie ou forfait", "kind,mission kind,engagement type"),
        (ImportField.Place, "lieu de travail,lieu,sur site,télétravail,à distance", "work place,workplace,place,location,work location,on site,remote"),
        (ImportField.Start, "début,date de début,date début,début de mission,début mission,arrivée,date d’arrivée,date d’entrée", "start,start date,mission start,from"),
        (ImportField.End, "fin,date de fin,date fin,fin de mission,fin mission,date de fin de mission,fin prévue,date de sortie,date de départ,échéance,dernier jour", "end,end date,mission end,to,last day"),
        (ImportField.Teams, "équipes,équipe,équipes concernées", "teams,team"),
        (ImportField.OutsideProviders, "intervenants extérieurs,intervenants externes,autres prestataires,partenaires", "outside providers,external providers,partners"),
    ];

    /// <summary>The same for files of departures: whose and which mission is found as above, the rest is said of the departure.</summary>
    internal static readonly (ImportField Field, string French, string English)[] OfDepartures =
    [
        (ImportField.LastDay,
            "dernier jour travaillé,dernier jour,fin,date de fin,date fin,fin de mission,date de fin de mission,date de sortie,date de départ,départ,échéance",
            "last working day,last day,end,end date,mission end,leaving date,departure date,departure"),
        (ImportField.AnnounceOn, "annonce,date d’annonce,annoncé le,jour de l’annonce", "announcement,announce on,announced on,announcement date"),
        (ImportField.CutTime, "heure de la coupure,heure de coupure,coupure,heure", "hour of the cut,cut time,cut,hour,time"),
        (ImportField.Zone, "fuseau horaire,fuseau", "time zone,zone,timezone"),
        (ImportField.Template, "modèle des tâches,modèle,modèle de processus,processus", "template of the tasks,template,process template,process"),
        (ImportField.Reason, "motif,motif du départ,raison", "reason,reason for leaving"),
        (ImportField.Successor, "repreneur,repreneuse,mail du repreneur,e-mail du repreneur,adresse électronique du repreneur,numéro du repreneur,matricule du repreneur,successeur", "successor,successor mail,successor email,successor number,taken over by"),
        .. All.Where(row => row.Field is ImportField.GivenName or ImportField.FamilyName or ImportField.FullName or ImportField.EmployeeNumber or ImportField.Mails
            or ImportField.Supplier or ImportField.Title or ImportField.OrderReference),
    ];
}
