using System.Text.RegularExpressions;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Missions.Imports;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>A template made of a checklist: to be read over before it is saved.</summary>
/// <param name="Yaml">The file.</param>
/// <param name="Notes">What was guessed and what could not be, line by line of the checklist.</param>
public sealed record ChecklistDraft(string Yaml, IReadOnlyList<Words> Notes);

/// <summary>
/// Makes a template of an existing checklist, CSV or XLSX (PRO6): most companies' process is a spreadsheet. Columns are found by their titles, French or English; step and kind
/// are guessed from the words of a line, owner and day from their columns. What is guessed is said.
/// </summary>
internal static partial class Checklist
{
    private const int HeaderWithin = 10;

    private static readonly Words AnyOther = new("Line {0}: nothing says who does “{1}”; HR was put in.", "Ligne {0} : rien ne dit qui fait « {1} » ; les RH ont été inscrites.");
    private static readonly Words UnknownOwner = new("Line {0}: “{2}” is no role known here; HR was put in for “{1}”.", "Ligne {0} : « {2} » n’est pas un rôle connu ici ; les RH ont été inscrites pour « {1} ».");
    private static readonly Words UnknownDay = new("Line {0}: “{2}” is no day that can be counted; the last day was put in for “{1}”.", "Ligne {0} : « {2} » n’est pas un jour que l’on puisse compter ; le dernier jour a été inscrit pour « {1} ».");
    private static readonly Words UnknownStep = new("Line {0}: no step could be guessed for “{1}”; it was put into step 5.", "Ligne {0} : aucune étape n’a pu être devinée pour « {1} » ; elle a été mise à l’étape 5.");
    private static readonly Words NoHeader = new("No titles of columns were found: each line was taken for a task.", "Aucun titre de colonne n’a été trouvé : chaque ligne a été prise pour une tâche.");
    private static readonly Words OneLanguage = new("The texts are in one language: the same stands in both until you translate it.", "Les textes sont dans une seule langue : le même figure dans les deux jusqu’à ce que vous le traduisiez.");
    private static readonly Words NoTask = new("There is no task in this file.", "Ce fichier ne contient aucune tâche.");
    private static readonly Words TooMany = new("There are {0} tasks; a process has at most {1}.", "Il y a {0} tâches ; un processus en compte {1} au plus.");
    private static readonly Words Description = new(
        "Made of the checklist “{0}”: read it over before you publish it.", "Établi à partir de la liste « {0} » : relisez-le avant de le publier.");

    private static readonly (string Column, string[] Titles)[] Columns =
    [
        ("task", ["tache", "taches", "action", "actions", "libelle", "intitule", "quoi", "a faire", "task", "tasks", "what", "to do", "item", "activity", "point"]),
        ("owner", ["responsable", "qui", "acteur", "porteur", "charge", "service", "owner", "who", "responsible", "assignee", "department"]),
        ("day", ["quand", "echeance", "delai", "date", "jour", "moment", "when", "due", "deadline", "timing", "day"]),
        ("step", ["etape", "phase", "categorie", "theme", "rubrique", "step", "category", "section", "stage"]),
        ("how", ["description", "detail", "details", "consigne", "consignes", "instructions", "commentaire", "commentaires", "comment", "comments", "notes", "remarques", "how"]),
    ];

    private static readonly (TaskOwner Owner, string[] Words)[] Owners =
    [
        (TaskOwner.Security, ["rssi", "securite", "security", "ciso"]),
        (TaskOwner.It, ["dsi", "it", "informatique", "support", "systemes", "helpdesk", "exploitation", "admin"]),
        (TaskOwner.Hr, ["rh", "hr", "achats", "achat", "procurement", "personnel", "comptabilite", "finance", "juridique", "administratif"]),
        (TaskOwner.Successor, ["repreneur", "successeur", "remplacant", "successor"]),
        (TaskOwner.Manager, ["manager", "responsable", "chef", "n 1", "encadrant", "lead", "tuteur"]),
        (TaskOwner.SupplierContact, ["esn", "fournisseur", "supplier", "commercial"]),
        (TaskOwner.Consultant, ["consultant", "prestataire", "freelance", "salarie", "collaborateur", "contractor", "leaver", "interesse", "employee"]),
    ];

    /// <summary>Beginnings of words that tell step and kind; the first line that fits counts.</summary>
    private static readonly (int Step, string Kind, string[] Words)[] Steps =
    [
        (4, "interview", ["entretien", "questionnaire", "exit interview", "interview", "sondage"]),
        (2, "letter", ["lettre", "recommandation", "reference letter", "attestation de mission"]),
        (2, TaskKinds.Manual, ["remerci", "thank", "pot de depart", "cadeau", "gift", "card", "carte", "feedback", "bilan"]),
        (6, "alumni", ["alumni", "linkedin", "reseau", "garder contact", "rester en contact", "keep in touch"]),
        (3, "handover", ["passation", "transfert", "documentation", "handover", "hand over", "knowledge", "connaissance", "dossier", "formation"]),
        (1, "announcement", ["annonc", "communi", "informer", "prevenir", "announce", "inform", "notify"]),
        (5, "equipment-return", ["materiel", "ordinateur", "pc", "portable", "badge", "telephone", "cle", "equipment", "laptop", "phone", "casier", "restitu", "return"]),
        (5, "paperwork", ["facture", "cra", "contrat", "pv", "invoice", "timesheet", "paper", "confidentialit", "nda", "solde", "administrati"]),
        (5, TaskKinds.Manual, ["compte", "acces", "desactiv", "supprim", "messagerie", "vpn", "mot de passe", "licence", "account", "access", "disable", "password", "mailbox", "boite"]),
        (7, TaskKinds.Manual, ["archiv", "preuve", "evidence", "cloture du dossier"]),
    ];

    /// <summary>The template, or why there is none.</summary>
    public static Outcome<ChecklistDraft> Read(byte[] content, string fileName)
    {
        var sheet = SheetReader.Read(content);
        if (!sheet.Ok)
        {
            return sheet.Problem;
        }

        var (columns, first) = Find(sheet.Value.Rows);
        var rows = sheet.Value.Rows.Skip(first).Where(row => OneLine(row[columns["task"]]).Length > 0).ToList();
        if (rows.Count == 0)
        {
            return SheetReader.Refused("checklist-empty", NoTask);
        }

        if (rows.Count > YamlMapping.MostItems)
        {
            return SheetReader.Refused("checklist-too-long", TooMany.With(rows.Count, YamlMapping.MostItems));
        }

        var notes = new List<Words> { OneLanguage };
        if (first == 0)
        {
            notes.Add(NoHeader);
        }

        var (name, keys, tasks) = (Cut(OneLine(Path.GetFileNameWithoutExtension(fileName)), ProcessReader.TitleLength), new HashSet<string>(StringComparer.Ordinal), new List<TaskSource>());
        foreach (var row in rows)
        {
            tasks.Add(TaskSource.Whole(Task(row, column => columns.TryGetValue(column, out var index) ? row[index] : "", Unique(row[columns["task"]], keys), notes)));
        }

        var source = new ProcessSource
        {
            Key = Slug(name, "checklist"),
            Title = Words.Same(name.Length == 0 ? "checklist" : name),
            Description = Description.With(name),
            For = new([new(TemplateFact.Status, [.. TemplateFact.Named(TemplateFact.Status)!.Values!.Where(status => status != "internal")])]),
            Tasks = tasks,
        };
        return new ChecklistDraft(ProcessWriter.Write(source), notes);
    }

    private static TaskTemplate Task(SheetRow row, Func<string, string> cell, string key, List<Words> notes)
    {
        var (title, said) = (Cut(OneLine(cell("task")), ProcessReader.TitleLength), $"{cell("step")} {cell("task")}");
        var (step, kind) = (5, TaskKinds.Manual);
        if (Steps.FirstOrDefault(guess => guess.Words.Any(word => Begins(said, word))) is { Words: not null } guessed)
        {
            (step, kind) = (guessed.Step, guessed.Kind);
        }
        else
        {
            notes.Add(UnknownStep.With(row.Number, title));
        }

        var (anchor, offset, known) = DayOf(cell("day"));
        if (!known)
        {
            notes.Add(UnknownDay.With(row.Number, title, Cut(cell("day"), 40)));
        }

        var how = Cut(Clean(cell("how")), ProcessReader.TextLength);
        return TaskFields.Blank(key) with
        {
            Step = step,
            Kind = kind,
            Owner = OwnerOf(cell("owner"), row.Number, title, notes),
            Title = Words.Same(title),
            Instructions = Words.Same(how.Length > 0 ? how : title),
            Done = new("It is done.", "C’est fait."),
            Anchor = anchor,
            Offset = offset,
        };
    }

    private static TaskOwner OwnerOf(string said, int line, string title, List<Words> notes)
    {
        foreach (var (owner, words) in Owners)
        {
            if (words.Any(word => $" {SearchText.Of(said)} ".Contains($" {word} ", StringComparison.Ordinal)))
            {
                return owner;
            }
        }

        notes.Add(said.Length == 0 ? AnyOther.With(line, title) : UnknownOwner.With(line, title, Cut(said, 40)));
        return TaskOwner.Hr;
    }

    /// <summary>« J-10 », « D+5 », « 5 jours ouvrés avant », « dès l’annonce », « dernier jour »; nothing said is the last day.</summary>
    private static (TaskAnchor Anchor, DayOffset Offset, bool Known) DayOf(string said)
    {
        var text = SearchText.Of(said);
        var anchor = text.Contains("annonce", StringComparison.Ordinal) || text.Contains("announce", StringComparison.Ordinal) ? TaskAnchor.Announcement : TaskAnchor.LastDay;
        var business = text.Contains("ouvre", StringComparison.Ordinal) || text.Contains("business", StringComparison.Ordinal) || text.Contains("working", StringComparison.Ordinal);
        if (Relative().Match(said) is { Success: true } match && int.TryParse(match.Groups["days"].Value, out var days) && days <= DayOffset.Farthest)
        {
            var before = match.Groups["sign"].Value is "-" or "–" or "−" || (match.Groups["sign"].Length == 0 && (text.Contains("avant", StringComparison.Ordinal) || text.Contains("before", StringComparison.Ordinal)));
            return (anchor, new(before ? -days : days, business), true);
        }

        return (anchor, default, text.Length == 0 || text is "j" or "d" || anchor == TaskAnchor.Announcement
            || text.Contains("dernier jour", StringComparison.Ordinal) || text.Contains("last day", StringComparison.Ordinal) || text.Contains("jour du depart", StringComparison.Ordinal));
    }

    /// <summary>Where the columns are, and the first line of tasks; without titles the first column that holds texts.</summary>
    private static (Dictionary<string, int> Columns, int First) Find(IReadOnlyList<SheetRow> rows)
    {
        for (var at = 0; at < Math.Min(HeaderWithin, rows.Count); at++)
        {
            var found = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var column = 0; column < rows[at].Cells.Count; column++)
            {
                var title = SearchText.Of(rows[at][column]);
                if (Columns.FirstOrDefault(known => known.Titles.Contains(title)) is { Column: { } name })
                {
                    found.TryAdd(name, column);
                }
            }

            if (found.ContainsKey("task"))
            {
                return (found, at + 1);
            }
        }

        var first = rows.SelectMany(row => row.Cells.Select((_, column) => (column, row[column]))).Where(cell => cell.Item2.Any(char.IsLetter)).Select(cell => cell.column).DefaultIfEmpty(0).Min();
        return (new(StringComparer.Ordinal) { ["task"] = first }, 0);
    }

    private static bool Begins(string text, string word) => $" {SearchText.Of(text)}".Contains($" {word}", StringComparison.Ordinal);

    private static string Unique(string title, HashSet<string> taken)
    {
        var slug = Slug(title, "task");
        var key = slug;
        for (var number = 2; !taken.Add(key); number++)
        {
            key = $"{slug[..Math.Min(slug.Length, TaskTemplate.KeyLength - 4)].TrimEnd('-')}-{number}";
        }

        return key;
    }

    /// <summary>A text as a key: « Récupérer le badge » becomes <c>recuperer-le-badge</c>.</summary>
    private static string Slug(string text, string otherwise)
    {
        var plain = string.Concat(SearchText.Of(text).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var slug = string.Join('-', plain.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? otherwise : slug[..Math.Min(slug.Length, 40)].TrimEnd('-');
    }

    private static string OneLine(string text) => string.Join(' ', Clean(text).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Clean(string text) => string.Concat(text.ReplaceLineEndings("\n").Where(letter => letter == '\n' || !char.IsControl(letter))).Trim();

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";

    [GeneratedRegex(@"(?<sign>[+\-–−])?\s*(?<days>[0-9]{1,3})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Relative();
}
