using System.Globalization;
using System.Text.RegularExpressions;
using Depart.Foundation;

namespace Depart.Missions.Imports;

/// <summary>What is wrong with a line: the column's title in the file, or null for the whole line, and why.</summary>
internal sealed record LineProblem(string? Column, Words Message);

/// <summary>What a line says; null and empty say nothing and change nothing.</summary>
internal sealed record LineStatement
{
    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? EmployeeNumber { get; init; }

    public IReadOnlyList<string> Mails { get; init; } = [];

    public IReadOnlyList<string> Logins { get; init; } = [];

    public ContractualStatus? Status { get; init; }

    public string? Supplier { get; init; }

    public string? ContactName { get; init; }

    public string? ContactMail { get; init; }

    public string? Title { get; init; }

    public string? Unit { get; init; }

    public string? OrderReference { get; init; }

    /// <summary>An e-mail address or a number.</summary>
    public string? Manager { get; init; }

    public MissionKind? Kind { get; init; }

    public WorkPlace? Place { get; init; }

    public DateOnly? Start { get; init; }

    public DateOnly? End { get; init; }

    public IReadOnlyList<string> Teams { get; init; } = [];

    public IReadOnlyList<string> OutsideProviders { get; init; } = [];

    /// <summary>What is said of a departure; null in files of people and missions.</summary>
    public DepartureStatement? Departure { get; init; }

    /// <summary>The line is about a mission: it says its title, its reference or one of its days.</summary>
    public bool HasMission => Title is not null || OrderReference is not null || Start is not null || End is not null;

    /// <summary>Says something of a mission without saying which.</summary>
    public bool HasStrayMissionWords => !HasMission && (Unit is not null || Manager is not null || Kind is not null || Place is not null || Teams.Count > 0 || OutsideProviders.Count > 0);

    /// <summary>The person's details when the line is applied to what is known of them.</summary>
    public PersonDetails On(PersonDetails? known, SupplierId? supplier) => new PersonDetails(
        GivenName ?? known?.GivenName ?? "",
        FamilyName ?? known?.FamilyName ?? "",
        EmployeeNumber ?? known?.EmployeeNumber,
        [.. known?.Mails ?? [], .. Mails],
        [.. known?.Logins ?? [], .. Logins],
        Status ?? known?.Status ?? (Supplier is null ? ContractualStatus.Independent : ContractualStatus.SuppliersEmployee),
        supplier ?? known?.Supplier).Clean();

    /// <summary>The mission's details when the line is applied to what is known of it.</summary>
    public MissionDetails On(MissionDetails? known, SupplierId? supplier, PersonId? manager) => new MissionDetails(
        Title ?? known?.Title ?? (Unit is null ? "Mission" : $"Mission {Unit}"),
        Unit ?? known?.Unit,
        supplier ?? known?.Supplier,
        OrderReference ?? known?.OrderReference,
        manager ?? known?.Manager,
        Kind ?? known?.Kind ?? MissionKind.Regie,
        Place ?? known?.Place ?? WorkPlace.OnSite,
        Start ?? known?.Start,
        End ?? known?.End,
        [.. known?.Teams ?? [], .. Teams],
        [.. known?.OutsideProviders ?? [], .. OutsideProviders]).Clean();
}

/// <summary>What a line says of the departure it opens; null says nothing.</summary>
/// <remarks>Reason and template are words that the room of departures knows; the successor is an e-mail address or a number.</remarks>
internal sealed record DepartureStatement(DateOnly? LastDay, DateOnly? AnnounceOn, TimeOnly? CutTime, string? Zone, string? Template, string? Reason, string? Successor);

/// <summary>Reads the cells of a line.</summary>
internal sealed partial class LineReader(ImportColumns columns, DateOrder order)
{
    private static readonly Words TooLong = new("More than {0} characters.", "Plus de {0} caractères.");
    private static readonly Words CellError = new("The spreadsheet shows an error here: {0}.", "Le tableur affiche ici une erreur : {0}.");
    private static readonly Words TooManyCells = new(
        "The line has more cells than the header: a value that holds the separator must stand between quotation marks.",
        "La ligne compte plus de cellules que l’en-tête : une valeur qui contient le séparateur doit être entre guillemets.");

    private static readonly Words WhichName = new(
        "“{0}”: which is the family name? Write DUPONT Jean, or “Dupont, Jean”, or use two columns.",
        "« {0} » : lequel est le nom de famille ? Écrivez DUPONT Jean, ou « Dupont, Jean », ou utilisez deux colonnes.");

    private static readonly Words NoHour = new("“{0}” is not an hour. Write it like 18:00.", "« {0} » n’est pas une heure. Écrivez-la ainsi : 18:00.");
    private static readonly Words UnknownWord = new("“{0}” is not known here. Accepted: {1}.", "« {0} » n’est pas connu ici. Valeurs acceptées : {1}.");
    private static readonly Words StatusWords = new(
        "independent, supplier’s employee, umbrella company, temporary worker, second-rank subcontractor, internal",
        "indépendant, salarié du prestataire, portage salarial, intérimaire, sous-traitant de second rang, interne");

    private static readonly Words KindWords = new("time and materials, fixed price", "régie, forfait");
    private static readonly Words PlaceWords = new("on site, remote, hybrid", "sur site, à distance, mixte");

    private static readonly Dictionary<string, ContractualStatus> Statuses = Table(
        (ContractualStatus.Independent, "indépendant,indépendante,freelance,independent,freelancer,auto-entrepreneur,micro-entrepreneur,micro-entreprise,ei,self employed,self-employed"),
        (ContractualStatus.SuppliersEmployee, "salarié du prestataire,salariée du prestataire,salarié,salariée,salarié esn,salarié d’esn,esn,supplier’s employee,suppliers employee,supplier employee,employee,suppliersemployee"),
        (ContractualStatus.PortageSalarial, "portage salarial,portage,porté,portée,umbrella company,umbrella,portagesalarial"),
        (ContractualStatus.TemporaryWorker, "intérimaire,intérim,temporary worker,temp,agency worker,temporaryworker"),
        (ContractualStatus.SecondRankSubcontractor, "sous-traitant de second rang,sous-traitant de rang 2,sous-traitant,second-rank subcontractor,subcontractor,secondranksubcontractor"),
        (ContractualStatus.Internal, "interne,salarié interne,collaborateur interne,internal,staff"));

    private static readonly Dictionary<string, MissionKind> Kinds = Table(
        (MissionKind.Regie, "régie,temps passé,assistance technique,at,time and materials,time & materials,t&m"),
        (MissionKind.Forfait, "forfait,au forfait,fixed price,fixed-price,fixed"));

    private static readonly Dictionary<string, WorkPlace> Places = Table(
        (WorkPlace.OnSite, "sur site,site,présentiel,on site,on-site,onsite"),
        (WorkPlace.Remote, "à distance,distance,distanciel,télétravail,remote"),
        (WorkPlace.Hybrid, "mixte,hybride,partiel,hybrid,partly remote"));

    private readonly List<LineProblem> problems = [];
    private readonly ILookup<ImportField, int> places = columns.Columns.Where(column => column.Field is not null).ToLookup(column => column.Field!.Value, column => column.Index);

    /// <summary>What the line says, and what is wrong with it.</summary>
    public (LineStatement Statement, IReadOnlyList<LineProblem> Problems) Read(SheetRow row)
    {
        problems.Clear();
        if (row.Defect is { } defect)
        {
            problems.Add(new(null, defect));
        }

        if (row.Cells.Skip(columns.Columns.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
        {
            problems.Add(new(null, TooManyCells));
        }

        foreach (var column in columns.Columns.Where(column => column.Field is not null))
        {
            if (row[column.Index].Length > ImportLimits.Cell)
            {
                problems.Add(new(column.Title, TooLong.With(ImportLimits.Cell)));
            }
            else if (ErrorCell().IsMatch(row[column.Index]))
            {
                problems.Add(new(column.Title, CellError.With(row[column.Index])));
            }
        }

        return problems.Count > 0 ? (new(), [.. problems]) : (Statement(row), [.. problems]);
    }

    private LineStatement Statement(SheetRow row)
    {
        var (given, family) = FullName(row);
        var statement = new LineStatement
        {
            GivenName = Text(row, ImportField.GivenName) ?? given,
            FamilyName = Text(row, ImportField.FamilyName) ?? family,
            EmployeeNumber = Text(row, ImportField.EmployeeNumber),
            Mails = [.. Many(row, ImportField.Mails).SelectMany(Addresses).Select(Address).Distinct(StringComparer.Ordinal)],
            Logins = Texts.Distinct(Many(row, ImportField.Logins)),
            Status = Word(row, ImportField.Status, Statuses, StatusWords),
            Supplier = Text(row, ImportField.Supplier),
            ContactName = Text(row, ImportField.ContactName),
            ContactMail = Text(row, ImportField.ContactMail) is { } contact ? Address(contact) : null,
            Title = Text(row, ImportField.Title),
            Unit = Text(row, ImportField.Unit),
            OrderReference = Text(row, ImportField.OrderReference),
            Manager = Text(row, ImportField.Manager) is { } manager ? Key(manager) : null,
            Kind = Word(row, ImportField.Kind, Kinds, KindWords),
            Place = Place(row),
            Start = Day(row, ImportField.Start),
            End = Day(row, ImportField.End),
            Teams = Texts.Distinct(Many(row, ImportField.Teams)),
            OutsideProviders = Texts.Distinct(Many(row, ImportField.OutsideProviders)),
            Departure = columns.Kind != ImportKind.Departures ? null : new(
                Day(row, ImportField.LastDay), Day(row, ImportField.AnnounceOn), Hour(row), Text(row, ImportField.Zone), Text(row, ImportField.Template), Text(row, ImportField.Reason),
                Text(row, ImportField.Successor) is { } successor ? Key(successor) : null),
        };
        CheckFields(statement);
        return statement;
    }

    /// <summary>The same rules as by hand, so far as the line alone can tell.</summary>
    private void CheckFields(LineStatement statement)
    {
        var person = statement.On(null, null);
        foreach (var problem in (person with { GivenName = person.GivenName is "" ? "-" : person.GivenName, FamilyName = person.FamilyName is "" ? "-" : person.FamilyName }).Check()
            .Concat(statement.HasMission ? statement.On(null, null, null).Check() : []))
        {
            problems.Add(new(Enum.TryParse<ImportField>(problem.Field, out var field) ? columns.TitleOf(field) : null, problem.Message));
        }

        foreach (var problem in new SupplierContent(statement.Supplier ?? "-", statement.ContactName, statement.ContactMail).Check())
        {
            var field = problem.Field == nameof(SupplierContent.Name) ? ImportField.Supplier : Enum.Parse<ImportField>(problem.Field!);
            problems.Add(new(columns.TitleOf(field), problem.Message));
        }
    }

    private (string? Given, string? Family) FullName(SheetRow row)
    {
        if (Text(row, ImportField.FullName) is not { } text || Text(row, ImportField.FamilyName) is not null)
        {
            return (null, null);
        }

        if (text.Split(',') is [var before, var after] && before.Trim().Length > 0 && after.Trim().Length > 0)
        {
            return (after.Trim(), before.Trim());
        }

        var words = text.Split([' ', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var capitals = words.Where(word => word.Length > 1 && word.Any(char.IsLetter) && !word.Any(char.IsLower)).ToList();
        if (capitals.Count > 0 && capitals.Count < words.Length)
        {
            return (string.Join(' ', words.Except(capitals)), string.Join(' ', capitals));
        }

        var title = SearchText.Of(columns.TitleOf(ImportField.FullName));
        if (words.Length == 2 && title is "nom prenom" or "nom et prenom")
        {
            return (words[1], words[0]);
        }

        if (words.Length == 2 && title is "prenom nom" or "prenom et nom")
        {
            return (words[0], words[1]);
        }

        problems.Add(new(columns.TitleOf(ImportField.FullName), WhichName.With(text)));
        return (null, null);
    }

    private WorkPlace? Place(SheetRow row)
    {
        if (Text(row, ImportField.Place) is not { } text)
        {
            return null;
        }

        var (onSite, yes) = (SearchText.Of(columns.TitleOf(ImportField.Place)) is "sur site" or "on site", SearchText.Of(text));
        return yes switch
        {
            "oui" or "yes" or "o" or "y" or "true" or "vrai" or "x" or "1" => onSite ? WorkPlace.OnSite : WorkPlace.Remote,
            "non" or "no" or "n" or "false" or "faux" or "0" => onSite ? WorkPlace.Remote : WorkPlace.OnSite,
            _ => Word(row, ImportField.Place, Places, PlaceWords),
        };
    }

    private T? Word<T>(SheetRow row, ImportField field, Dictionary<string, T> words, Words accepted)
        where T : struct
    {
        if (Text(row, field) is not { } text)
        {
            return null;
        }

        if (words.TryGetValue(SearchText.Of(text), out var value))
        {
            return value;
        }

        problems.Add(new(columns.TitleOf(field), UnknownWord.With(text, accepted)));
        return null;
    }

    private DateOnly? Day(SheetRow row, ImportField field)
    {
        if (Text(row, field) is not { } text)
        {
            return null;
        }

        var (day, problem) = ImportDates.Read(text, order);
        if (problem is not null)
        {
            problems.Add(new(columns.TitleOf(field), problem));
        }

        return day;
    }

    /// <summary>« 18:00 », « 18h », « 18 h 30 », or the part of a day that a spreadsheet keeps.</summary>
    private TimeOnly? Hour(SheetRow row)
    {
        if (Text(row, ImportField.CutTime) is not { } text)
        {
            return null;
        }

        if (ClockTime().Match(text) is { Success: true } time
            && int.Parse(time.Groups["h"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is < 24 and var hour
            && (time.Groups["m"].Length == 0 ? 0 : int.Parse(time.Groups["m"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)) is < 60 and var minute)
        {
            return new TimeOnly(hour, minute);
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part is >= 0 and < 1)
        {
            return TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(Math.Min(Math.Round(part * 24 * 60), (24 * 60) - 1)));
        }

        problems.Add(new(columns.TitleOf(ImportField.CutTime), NoHour.With(text)));
        return null;
    }

    /// <summary>The text of a field; an apostrophe that keeps a spreadsheet from computing is taken off again.</summary>
    private string? Text(SheetRow row, ImportField field) =>
        places[field].Select(index => Texts.OrNull(Formulas.Bare(row[index]))).FirstOrDefault();

    private IEnumerable<string> Many(SheetRow row, ImportField field) => places[field]
        .SelectMany(index => Formulas.Bare(row[index]).Split([';', ',', '|', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string[] Addresses(string cell) =>
        cell.Contains('<', StringComparison.Ordinal) ? [cell] : cell.Split([' ', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);

    private static string Key(string text) => text.Contains('@', StringComparison.Ordinal) ? Address(text) : text;

    /// <summary>« Jean Dupont &lt;jean@exemple.fr&gt; » is its address; addresses are compared in lower case.</summary>
    private static string Address(string text) => (Bracketed().Match(text) is { Success: true } match ? match.Groups["mail"].Value : text).Trim().ToLowerInvariant();

    private static Dictionary<string, T> Table<T>(params (T Value, string Words)[] rows) => rows
        .SelectMany(row => row.Words.Split(',').Select(word => (Word: SearchText.Of(word), row.Value)))
        .DistinctBy(pair => pair.Word).ToDictionary(pair => pair.Word, pair => pair.Value, StringComparer.Ordinal);

    [GeneratedRegex(@"^#(N/A|N/D|REF!|VALUE!|VALEUR!|NAME\?|NOM\?|DIV/0!|NUM!|NOMBRE!|NULL!|NUL!)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorCell();

    [GeneratedRegex(@"^(?<h>\d{1,2})\s*(?:[:hH]\s*(?<m>\d{2})?)(?::00)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClockTime();

    [GeneratedRegex("<(?<mail>[^<>]+)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bracketed();
}

/// <summary>Cells that a spreadsheet would take for a formula.</summary>
internal static class Formulas
{
    /// <summary>An apostrophe before what would be computed: what we write never runs on the reader's machine.</summary>
    public static string Harmless(string cell) => Computes(cell) ? "'" + cell : cell;

    /// <summary>The apostrophe taken off, so that a corrected file says what the first one said.</summary>
    public static string Bare(string cell) => cell is ['\'', ..] && Computes(cell[1..]) ? cell[1..] : cell;

    /// <summary>Begins as a formula does, behind apostrophes or not; the wide signs count in the East.</summary>
    private static bool Computes(string cell) => cell.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..];
}
