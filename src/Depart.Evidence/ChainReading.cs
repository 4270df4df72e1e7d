using System.Text.Json;

namespace Depart.Evidence;

/// <summary>Follows a journal from its first line: every link, and what its entries claim of each other.</summary>
internal sealed class ChainReading
{
    private static readonly string[] EntryMembers = ["v", "chain", "seq", "prev", "at", "kind", "values", "personal"];
    private static readonly string[] PersonalMembers = ["seq", "name", "value", "salt"];

    private readonly Dictionary<(long Sequence, string Name), string> digests = [];

    private ChainReading(string chain) => Head = ChainHead.Start(chain);

    /// <summary>Lines read.</summary>
    public int Entries { get; private set; }

    /// <summary>Where the lines end.</summary>
    public ChainHead Head { get; private set; }

    public static ChainReading Read(Manifest manifest, byte[] journal, Findings findings)
    {
        var reading = new ChainReading(manifest.Chain);
        var support = new VerdictSupport();
        foreach (var bytes in Lines(journal))
        {
            reading.Entries++;
            var place = $"{EvidenceArchive.Journal}:{reading.Entries}";
            try
            {
                reading.Follow(manifest, bytes, place, support, findings);
            }
            catch (FormatException error)
            {
                findings.NotUnderstood(place, error);
                reading.Head = new(manifest.Chain, reading.Head.Sequence + 1, JournalEntry.Hash(bytes));
            }
        }

        if (reading.Entries != manifest.Entries || reading.Head.Hash != manifest.Head)
        {
            findings.Add("tail-missing", $"{EvidenceArchive.Journal}:{reading.Entries}",
                $"The journal has {reading.Entries} entries and does not end as the manifest says ({manifest.Entries} entries): some were cut off, added or altered.",
                $"Le journal compte {reading.Entries} entrées et ne finit pas comme le dit le manifeste ({manifest.Entries} entrées) : des entrées ont été coupées, ajoutées ou modifiées.");
        }

        return reading;
    }

    /// <summary>Compares the personal values with their digests; gives how many are not there.</summary>
    public int CheckPersonal(Manifest manifest, byte[]? personal, Findings findings)
    {
        if (personal is null)
        {
            return digests.Count;
        }

        if (manifest.PersonalLeftOut)
        {
            findings.Add("personal-unexpected", EvidenceArchive.Personal,
                "The manifest says that personal values were left out, and here are some.", "Le manifeste dit que les valeurs personnelles ont été omises, et en voici.");
        }

        var line = 0;
        foreach (var bytes in Lines(personal))
        {
            line++;
            var place = $"{EvidenceArchive.Personal}:{line}";
            try
            {
                using var document = StrictJson.Parse(bytes, PersonalMembers);
                var root = document.RootElement;
                var (sequence, value) = (StrictJson.Number(root, "seq"), new PersonalValue(StrictJson.Text(root, "name"), StrictJson.Text(root, "value"), StrictJson.Text(root, "salt")));
                if (!digests.Remove((sequence, value.Name), out var digest) || value.Salt.Length != 32 || digest != value.Digest())
                {
                    findings.Add("personal-altered", place,
                        $"The value “{value.Name}” of entry {sequence} is not the one recorded.", $"La valeur « {value.Name} » de l’entrée {sequence} n’est pas celle qui a été enregistrée.");
                }
            }
            catch (FormatException error)
            {
                findings.NotUnderstood(place, error);
            }
        }

        return digests.Count;
    }

    /// <summary>The lines of a file; what follows the last line end counts as one.</summary>
    public static IEnumerable<byte[]> Lines(byte[] content)
    {
        var start = 0;
        for (var end = Array.IndexOf(content, (byte)'\n'); end >= 0; end = Array.IndexOf(content, (byte)'\n', start))
        {
            yield return content[start..end];
            start = end + 1;
        }

        if (start < content.Length)
        {
            yield return content[start..];
        }
    }

    private void Follow(Manifest manifest, byte[] bytes, string place, VerdictSupport support, Findings findings)
    {
        using var entry = StrictJson.Parse(bytes, EntryMembers);
        var root = entry.RootElement;
        var (sequence, kind) = (StrictJson.Number(root, "seq"), StrictJson.Text(root, "kind"));
        _ = StrictJson.Instant(root, "at");
        if (StrictJson.Number(root, "v") != JournalEntry.FormatVersion)
        {
            throw new Misread($"entry version {StrictJson.Number(root, "v")} is not known here", $"la version {StrictJson.Number(root, "v")} d’une entrée n’est pas connue ici");
        }

        if (StrictJson.Text(root, "chain") != manifest.Chain)
        {
            findings.Add("chain-other", place, $"Entry {sequence} ({kind}) belongs to another chain.", $"L’entrée {sequence} ({kind}) appartient à une autre chaîne.");
        }

        if (sequence != Head.Sequence + 1)
        {
            findings.Add("sequence-broken", place,
                $"Here stands entry {sequence} where entry {Head.Sequence + 1} belongs: entries are missing or out of order.",
                $"Ici se trouve l’entrée {sequence} à la place de l’entrée {Head.Sequence + 1} : des entrées manquent ou sont déplacées.");
        }

        if (StrictJson.Text(root, "prev") != Head.Hash)
        {
            findings.Add("link-broken", place,
                $"Entry {sequence} ({kind}) does not follow the line before it: one of the two was altered.",
                $"L’entrée {sequence} ({kind}) ne suit pas la ligne précédente : l’une des deux a été modifiée.");
        }

        foreach (var value in StrictJson.Object(root, "personal").EnumerateObject())
        {
            digests[(sequence, value.Name)] = StrictJson.TextOf(value.Value, value.Name);
        }

        support.Follow(kind, StrictJson.Object(root, "values"), place, findings);
        Head = new(manifest.Chain, sequence, JournalEntry.Hash(bytes));
    }
}

/// <summary>
/// Whether what a disconnection is said to have come to is borne out by what was seen before: a chain can be whole and still claim what no
/// reading showed.
/// </summary>
internal sealed class VerdictSupport
{
    private readonly Dictionary<(string Run, string Account), (string? State, string? Proof)> read = [];
    private readonly HashSet<(string Run, string Account)> accepted = [];
    private readonly HashSet<string> attested = new(StringComparer.Ordinal);

    public void Follow(string kind, JsonElement values, string place, Findings findings)
    {
        switch (kind)
        {
            case "revocation.attempted":
                Attempted(values);
                break;
            case "revocation.decided" when Text(values, "decision") == "ByHand" && Text(values, "account") is { } account:
                attested.Add(account);
                break;
            case "disconnection.ended":
                Ended(values, place, findings);
                break;
        }
    }

    private void Attempted(JsonElement values)
    {
        if (Text(values, "disconnection") is not { } run || Text(values, "account") is not { } account || !values.TryGetProperty("steps", out var steps) || steps.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var step in steps.EnumerateArray())
        {
            if (Text(step, "action") == "verify" && Text(step, "stateRead") is "Enabled" or "Disabled" or "Absent")
            {
                read[(run, account)] = (Text(step, "stateRead"), Text(step, "proof"));
            }
            else if (Text(step, "outcome") is "Done" or "AlreadySo" && Text(step, "action") is not ("verify" or "snapshot"))
            {
                accepted.Add((run, account));
            }
        }
    }

    private void Ended(JsonElement values, string place, Findings findings)
    {
        if (Text(values, "disconnection") is not { } run || !values.TryGetProperty("accounts", out var accounts) || accounts.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var claim in accounts.EnumerateArray())
        {
            var (account, verdict, proof) = (Text(claim, "account") ?? "?", Text(claim, "verdict") ?? "?", Text(claim, "proof"));
            if (!IsSupported(run, account, verdict, proof))
            {
                var level = proof is null ? "" : $" ({proof})";
                findings.Add("verdict-unsupported", place,
                    $"Account {account} is said to be “{verdict}”{level}, and no earlier entry shows it.",
                    $"Le compte {account} est dit « {verdict} »{level}, et aucune entrée antérieure ne le montre.");
            }

            if (Text(values, "state") is "Cut" && verdict is not ("NotFound" or "AlreadyGone" or "GoneVerified" or "GoneResidual" or "AcceptedUnverified" or "Attested"))
            {
                findings.Add("verdict-unsupported", place,
                    $"The departure is said to be cut while account {account} is “{verdict}”.", $"Le départ est dit coupé alors que le compte {account} est « {verdict} ».");
            }
        }
    }

    private bool IsSupported(string run, string account, string verdict, string? proof)
    {
        var seen = read.GetValueOrDefault((run, account));
        return verdict switch
        {
            "NotFound" => seen.State == "Absent",
            "AlreadyGone" or "GoneVerified" or "GoneResidual" => seen.State is "Disabled" or "Absent" && proof is not null && seen.Proof == proof,
            "AcceptedUnverified" => accepted.Contains((run, account)) || seen.State == "Disabled",
            "Attested" => attested.Contains(account),
            _ => true,
        };
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.String ? StrictJson.TextOf(element, name) : null;
}
