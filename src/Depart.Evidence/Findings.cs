namespace Depart.Evidence;

/// <summary>Gathers what is wrong, at most a hundred things: a hostile archive does not fill the screen.</summary>
internal sealed class Findings
{
    private const int Most = 100;
    private readonly List<Finding> found = [];

    public Findings(Finding? first)
    {
        if (first is not null)
        {
            found.Add(first);
        }
    }

    public IReadOnlyList<Finding> All => found;

    public bool Has(string code) => found.Exists(finding => finding.Code == code);

    public void Add(string code, string place, string en, string fr)
    {
        if (found.Count < Most)
        {
            found.Add(new(code, place, en, fr));
        }
    }

    public void NotUnderstood(string place, FormatException error) =>
        Add("not-understood", place, $"Its content cannot be understood: {error.Message}", $"Son contenu est incompréhensible : {Misread.InFrench(error)}");
}

/// <summary>What the manifest states.</summary>
internal sealed record Manifest
{
    private static readonly string[] Members = ["type", "v", "chain", "at", "entries", "head", "key", "personal", "erasable", "files"];

    public required string Chain { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Entries { get; init; }

    public required string Head { get; init; }

    public required string Key { get; init; }

    public required bool PersonalLeftOut { get; init; }

    public required IReadOnlyList<string> Erasable { get; init; }

    public required IReadOnlyDictionary<string, string> Files { get; init; }

    public static Manifest Parse(byte[] bytes)
    {
        using var document = StrictJson.Parse(bytes, Members);
        var root = document.RootElement;
        if (StrictJson.Text(root, "type") != EvidenceArchive.Type)
        {
            throw new Misread("it is not the manifest of an archive", "ce n’est pas le manifeste d’une archive");
        }

        if (StrictJson.Number(root, "v") != JournalEntry.FormatVersion)
        {
            throw new Misread(
                $"format version {StrictJson.Number(root, "v")} is not known here, only {JournalEntry.FormatVersion}", $"la version {StrictJson.Number(root, "v")} du format n’est pas connue ici, seulement la {JournalEntry.FormatVersion}");
        }

        var personal = StrictJson.Text(root, "personal");
        if (personal is not (EvidenceArchive.Included or EvidenceArchive.LeftOut) || root.GetProperty("erasable").ValueKind != System.Text.Json.JsonValueKind.Array)
        {
            throw new Misread("“personal” or “erasable” does not hold one of its values", "« personal » ou « erasable » n’a pas l’une de ses valeurs");
        }

        var erasable = root.GetProperty("erasable").EnumerateArray().Select(name => StrictJson.TextOf(name, "erasable")).ToList();
        if (erasable.FirstOrDefault(name => !EvidenceArchive.NamingPeople.Contains(name)) is { } never)
        {
            throw new Misread($"{never} cannot be declared erasable", $"{never} ne peut pas être déclaré effaçable");
        }

        return new()
        {
            Chain = StrictJson.Text(root, "chain"),
            At = StrictJson.Instant(root, "at"),
            Entries = StrictJson.Number(root, "entries"),
            Head = StrictJson.Text(root, "head"),
            Key = StrictJson.Text(root, "key"),
            PersonalLeftOut = personal == EvidenceArchive.LeftOut,
            Erasable = erasable,
            Files = StrictJson.Object(root, "files").EnumerateObject().ToDictionary(file => file.Name, file => StrictJson.TextOf(file.Value, file.Name), StringComparer.Ordinal),
        };
    }
}
