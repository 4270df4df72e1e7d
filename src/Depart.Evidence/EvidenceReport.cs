using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>What the report says of the archive it lies in.</summary>
/// <param name="At">When it was exported, UTC.</param>
/// <param name="Fingerprint">Of the key that signs.</param>
internal sealed record ReportFrame(DateTimeOffset At, string Fingerprint);

/// <summary>
/// The readable part of an archive, for a security officer and an auditor: HTML without script nor network, for the screen and for A4 paper.
/// Made from the entries alone, so that anybody can make it anew and compare.
/// </summary>
public sealed class EvidenceReport
{
    private readonly EvidenceStory story;
    private readonly ReportFrame frame;
    private readonly bool french;
    private readonly StringBuilder html = new();

    private EvidenceReport(EvidenceStory story, ReportFrame frame, bool french) => (this.story, this.frame, this.french) = (story, frame, french);

    /// <summary>Makes the report of an archive anew from its journal; verify the archive first.</summary>
    /// <exception cref="InvalidDataException">It is not an archive.</exception>
    public static string Of(byte[] archive, bool french)
    {
        var (files, _) = EvidenceZip.Read(archive, EvidenceVerifier.MaxBytes);
        try
        {
            var manifest = Manifest.Parse(files[EvidenceArchive.Manifest]);
            var personal = files.TryGetValue(EvidenceArchive.Personal, out var lines)
                ? ChainReading.Lines(lines).Select(line =>
                {
                    using var document = JsonDocument.Parse(line);
                    var root = document.RootElement;
                    return (root.GetProperty("seq").GetInt64(), new PersonalValue(root.GetProperty("name").GetString()!, root.GetProperty("value").GetString()!, root.GetProperty("salt").GetString()!));
                }).ToList()
                : null;
            return Encoding.UTF8.GetString(Render(EvidenceStory.Of(ChainReading.Lines(files[EvidenceArchive.Journal]), personal), new(manifest.At, manifest.Key), french));
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or InvalidOperationException or JsonException or ArgumentException)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    internal static byte[] Render(EvidenceStory story, ReportFrame frame, bool french) => Encoding.UTF8.GetBytes(new EvidenceReport(story, frame, french).Write());

    private string Write()
    {
        var title = Say("Evidence of a departure", "Preuves d’un départ");
        html.Append("<!doctype html>\n<html lang=\"").Append(french ? "fr" : "en").Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>").Append(Safe(title)).Append("</title><style>").Append(Style).Append("</style></head><body>\n");
        Head(title);
        foreach (var run in story.Runs)
        {
            Run(run);
        }

        Proving();
        Levels();
        Journal();
        return html.Append("</body></html>\n").ToString();
    }

    private void Head(string title)
    {
        html.Append("<header><h1>").Append(Safe(title)).Append("</h1>");
        if (story.WithoutPersonal)
        {
            Paragraph(Say("This copy was made without names and personal values; the journal it stands on is the same.", "Cette copie est faite sans noms ni valeurs personnelles ; le journal sur lequel elle repose est le même."), "note");
        }

        html.Append("<dl>");
        Pair(Say("Person", "Personne"), story.Person ?? Erased);
        if (story.Departure is { } departure)
        {
            var cut = EvidenceStory.Instant(departure, "cutAt");
            Pair(Say("Last working day", "Dernier jour travaillé"), EvidenceStory.Text(departure, "lastDay") ?? "—");
            Pair(Say("Reason", "Motif"), ReportWords.Reason(EvidenceStory.Text(departure, "reason")).In(french));
            Pair(Say("Cut meant for", "Coupure prévue"), cut is null ? "—" : Both(cut.Value));
            Pair(Say("State", "État"), ReportWords.State(story.Runs.LastOrDefault()?.State ?? EvidenceStory.Text(departure, "state")).In(french));
        }

        Pair(Say("Identifier", "Identifiant"), story.Chain);
        Pair(Say("Exported", "Exporté"), Both(frame.At));
        html.Append("</dl></header>\n");
        if (story.Runs.All(run => run.Started is null))
        {
            Paragraph(Say("No disconnection has begun: nothing was cut, and this archive proves no cut.", "Aucune déconnexion n’a commencé : rien n’a été coupé, et cette archive ne prouve aucune coupure."), "warn");
        }
    }

    private void Run(StoryRun run)
    {
        if (run is { Started: null, Ended: null })
        {
            return;
        }

        var several = story.Runs.Count(other => other.Started is not null) > 1;
        var at = run.At ?? run.Started?.At;
        html.Append("<section><h2>").Append(Safe(Say("Disconnection", "Déconnexion")));
        html.Append(several && at is { } begun ? Safe(Say($" of {Local(begun)}", $" du {Local(begun)}")) : "").Append("</h2><dl>");
        Pair(Say("Started", "Commencée"), at is null ? "—" : Both(at.Value) + (run.Immediate ? Say(" — immediate", " — immédiate") : ""));
        Pair(Say("Asked by", "Demandée par"), By(run.Started is { Via: "Engine" } or null ? run.Planned ?? run.Started : run.Started));
        Pair(Say("Ended", "Terminée"), run.Ended is null ? Say("not yet", "pas encore") : Both(run.Ended.At));
        Pair(Say("Came to", "Résultat"), run.Ended is null ? Say("In progress", "En cours") : ReportWords.State(run.State).In(french));
        html.Append("</dl>\n");
        Open(run);
        if (run.Accounts.Count == 0)
        {
            Paragraph(Say("No account was found.", "Aucun compte n’a été trouvé."), null);
        }
        else
        {
            Overview(run);
        }

        html.Append("</section>\n");
        foreach (var account in run.Accounts.Where(account => account.Untouched is null))
        {
            Account(account, at);
        }
    }

    /// <summary>What is not closed, before anything else: nobody should have to look for it.</summary>
    private void Open(StoryRun run)
    {
        var lines = new List<string>();
        if (run.Unsearched is { } unsearched)
        {
            lines.Add(Say($"Not searched, or left open on purpose: {unsearched}.", $"Non fouillé, ou laissé ouvert à dessein : {unsearched}."));
        }
        else if (run.Started is { Erased: > 0 } && run.State is not "Cut")
        {
            lines.Add(Say("What may have been left open is named in a value that is not in this copy.", "Ce qui a pu rester ouvert est nommé dans une valeur absente de cette copie."));
        }

        foreach (var account in run.Accounts)
        {
            if (account.Untouched is { } why)
            {
                lines.Add($"{Name(account)} — {Say("left untouched: ", "laissé en l’état : ")}{why.In(french)}");
            }
            else if (run.Ended is not null && !ReportWords.IsClosed(account.Verdict))
            {
                var last = account.Attempts.SelectMany(attempt => attempt.Steps).LastOrDefault(step => step.Outcome is not ("Done" or "AlreadySo"));
                lines.Add($"{Name(account)} — {ReportWords.Verdict(account.Verdict).In(french)}{(last?.Why is { } reason ? Say(": ", " : ") + reason.In(french) : "")}");
            }

            lines.AddRange(account.Attempts.Where(attempt => attempt.Decision == "Skip").Select(attempt =>
                $"{Name(account)} — {Say("skipped: ", "omis : ")}{Title(account, attempt.DecidedAction)} ({attempt.Why ?? Erased}; {By(attempt.Entry)})"));
            lines.AddRange(account.Planned.Where(step => step.LeftOut is not null).Select(step => $"{Name(account)} — {Say("left out: ", "non fait : ")}{step.Title.In(french)} ({step.LeftOut!.In(french)})"));
        }

        if (lines.Count == 0)
        {
            return;
        }

        html.Append("<div class=\"warn\"><h3>").Append(Safe(Say("What was not done, or not closed", "Ce qui n’a pas été fait, ou pas fermé"))).Append("</h3><ul>");
        foreach (var line in lines)
        {
            html.Append("<li>").Append(Safe(line)).Append("</li>");
        }

        html.Append("</ul></div>\n");
    }

    private void Overview(StoryRun run)
    {
        Columns("overview", Say("System", "Système"), Say("Login", "Identifiant"), Say("Verdict", "Verdict"), Say("Proof", "Preuve"), Say("Seen closed", "Vu fermé"), Say("Outlives the cut until", "Survit à la coupure jusqu’à"));
        foreach (var account in run.Accounts.Where(account => account.Untouched is null))
        {
            var seen = account.LastReading is { Step: { StateRead: "Disabled" or "Absent" } step } ? step.At : null;
            Row(
                $"<b>{Safe(account.System ?? account.Id)}</b>", Safe(account.Login ?? Erased),
                $"<span class=\"{(ReportWords.IsClosed(account.Verdict) ? account.Verdict is "Attested" or "AcceptedUnverified" ? "soft" : "good" : "bad")}\">{Safe(ReportWords.Verdict(account.Verdict).In(french))}</span>",
                Safe(account.Verdict == "Attested" ? ReportWords.Level("Attested").In(french) : ReportWords.Level(account.Proof).In(french)),
                seen is { } at ? Stacked(at) : "—",
                account.ResidualUntil is { } until ? Stacked(until) : account.Attempts.SelectMany(attempt => attempt.Steps).LastOrDefault(step => step.Action == "verify")?.Residuals.Count > 0 ? Safe(Say("not known", "non connu")) : "—");
        }

        html.Append("</tbody></table>\n");
    }

    private void Account(StoryAccount account, DateTimeOffset? cut)
    {
        html.Append("<section class=\"account\"><h3>").Append(Safe(Name(account))).Append("</h3>");
        Paragraph(
            $"{ReportWords.Verdict(account.Verdict).In(french)}"
            + (account.LastReading is { Step: { StateRead: "Disabled" or "Absent", At: { } seen } } && cut is { } begun
                ? Say($", seen closed {Distance(begun, seen)} after the instant of the cut.", $", vu fermé {Distance(begun, seen)} après l’instant de la coupure.") : "."), null);
        if (account.Attempts.Count == 0)
        {
            Paragraph(Say("Nothing was attempted.", "Rien n’a été tenté."), "warn");
        }

        var open = false;
        foreach (var attempt in account.Attempts)
        {
            if (attempt.Decision is { } decision)
            {
                html.Append(open ? "</tbody></table>\n" : "");
                open = false;
                Paragraph(
                    $"#{attempt.Entry.Sequence} · {Local(attempt.Entry.At)} · {By(attempt.Entry)} — {ReportWords.Decision(decision).In(french)}{Say(": ", " : ")}{Title(account, attempt.DecidedAction)}"
                    + (attempt.Why is { } why ? $" — {Say("“", "« ")}{why}{Say("”", " »")}" : decision == "Retry" ? "" : $" — {Erased}"), "decision");
                continue;
            }

            if (!open)
            {
                Columns("steps", Say("Entry", "Entrée"), Say("Instant", "Instant"), Say("What was asked", "Ce qui a été demandé"), Say("What was answered and seen", "Ce qui a été répondu et vu"));
                open = true;
            }

            foreach (var step in attempt.Steps)
            {
                Row($"#{attempt.Entry.Sequence}", Stacked(step.At ?? attempt.Entry.At), Asked(account, step), Seen(step, attempt.Entry));
            }
        }

        html.Append(open ? "</tbody></table>" : "").Append("</section>\n");
    }

    private string Asked(StoryAccount account, StoryStep step)
    {
        var asked = new StringBuilder("<b>").Append(Safe(Title(account, step.Action))).Append("</b>");
        foreach (var (index, (request, _)) in step.Exchanges.Index())
        {
            asked.Append("<code>").Append(Safe(Numbered(step, index) + request)).Append("</code>");
        }

        return asked.ToString();
    }

    /// <summary>Tells which answer belongs to which request, where there are several.</summary>
    private static string Numbered(StoryStep step, int index) => step.Exchanges.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{index + 1}. ") : "";

    private string Seen(StoryStep step, StoryEntry entry)
    {
        var well = step.Outcome is "Done" or "AlreadySo";
        var seen = new StringBuilder($"<span class=\"{(well ? "good" : "bad")}\">").Append(Safe(ReportWords.Outcome(step.Outcome).In(french)));
        seen.Append(step.Failure is null || well ? "" : Safe($" — {ReportWords.Failure(step.Failure).In(french)}")).Append("</span>");
        if (step.Why is { } why)
        {
            seen.Append("<p>").Append(Safe(why.In(french))).Append("</p>");
        }

        foreach (var (index, (_, answer)) in step.Exchanges.Index().Where(exchange => exchange.Item.Answer.Length > 0))
        {
            seen.Append("<code>→ ").Append(Safe(Numbered(step, index) + answer)).Append("</code>");
        }

        foreach (var (what, before, after) in step.Changes)
        {
            seen.Append("<p>").Append(Safe($"{what}{Say(": ", " : ")}{before ?? "—"} → {after ?? "—"}")).Append("</p>");
        }

        foreach (var (what, passed, answer) in step.Checks)
        {
            seen.Append(passed ? "<p class=\"good\">✓ " : "<p class=\"bad\">✗ ").Append(Safe(what.In(french))).Append("<code>→ ").Append(Safe(answer)).Append("</code></p>");
        }

        if (step.StateRead is { } state)
        {
            seen.Append("<p>").Append(Safe($"{Say("State read: ", "État relu : ")}{ReportWords.AccountState(state).In(french)}")).Append(step.Proof is null ? "" : Safe($" — {ReportWords.Level(step.Proof).In(french)}")).Append("</p>");
        }

        foreach (var (what, until) in step.Residuals)
        {
            seen.Append("<p>").Append(Safe($"{Say("Outlives the cut: ", "Survit à la coupure : ")}{what.In(french).TrimEnd('.')}{(until is { } end ? Say($", until {Local(end)} at the latest", $", jusqu’à {Local(end)} au plus tard") : Say(" (until when is not known)", " (jusqu’à quand, on ne le sait pas)"))}")).Append("</p>");
        }

        if (entry.Erased > 0 && step.Exchanges.Count == 0 && step.Checks.Count == 0 && !entry.Personal.ContainsKey("seen"))
        {
            seen.Append("<p class=\"muted\">").Append(Safe(Say("The exchange itself is not in this copy.", "L’échange lui-même n’est pas dans cette copie."))).Append("</p>");
        }

        return seen.ToString();
    }

    private void Proving()
    {
        html.Append("<section class=\"box\"><h2>").Append(Safe(Say("How to verify", "Comment vérifier"))).Append("</h2>");
        Paragraph(Say(
            "This page is a reading aid. What proves is the signed journal beside it in the archive: each entry seals the one before, and a checkpoint over all of the server’s journals covers the last.",
            "Cette page aide à lire. Ce qui prouve, c’est le journal signé qui l’accompagne dans l’archive : chaque entrée scelle la précédente, et un point de contrôle sur tous les journaux du serveur couvre la dernière."), null);
        Paragraph(Say("Signing key (compare with the fingerprint that the company publishes, obtained by another way than this file):", "Clé de signature (à comparer à l’empreinte publiée par l’entreprise, obtenue autrement que par ce fichier) :"), null);
        html.Append("<p><code>").Append(Safe(frame.Fingerprint)).Append("</code></p><p><code>depart evidence verify ").Append(Safe(Say("FILE", "FICHIER"))).Append(".zip --key ").Append(Safe(frame.Fingerprint)).Append("</code></p>");
        Paragraph(Say("Without Depart: openssl and sha256sum are enough, as docs/administrators/verify-evidence.md shows. Instants are those of the server’s clock.", "Sans Départ : openssl et sha256sum suffisent, comme le montre docs/administrators/verify-evidence.md. Les instants sont ceux de l’horloge du serveur."), null);
        Paragraph(Say("Bears on: ISO/IEC 27001:2022 A.5.18 and A.6.5 · NIST SP 800-53 PS-4 · SOC 2 CC6.2 and CC6.3.", "Se rapporte à : ISO/IEC 27001:2022 A.5.18 et A.6.5 · NIST SP 800-53 PS-4 · SOC 2 CC6.2 et CC6.3."), "muted");
        html.Append("</section>\n");
    }

    private void Levels()
    {
        html.Append("<section><h2>").Append(Safe(Say("Levels of proof", "Niveaux de preuve"))).Append("</h2><dl>");
        foreach (var level in ReportWords.Levels)
        {
            Pair(ReportWords.Level(level).In(french), ReportWords.LevelMeans(level).In(french));
        }

        html.Append("</dl></section>\n");
    }

    private void Journal()
    {
        html.Append("<section><h2>").Append(Safe(Say($"The journal: {story.Entries.Count} entries", $"Le journal : {story.Entries.Count} entrées"))).Append("</h2>");
        Columns("journal", "#", Say("Instant", "Instant"), Say("Fact", "Fait"), Say("By", "Par"), Say("Hash of the entry", "Empreinte de l’entrée"));
        foreach (var entry in story.Entries)
        {
            Row($"{entry.Sequence}", Stacked(entry.At), Safe(ReportWords.Kind(entry.Kind).In(french)), Safe(By(entry)), $"<code>{Safe(entry.Hash)}</code>");
        }

        html.Append("</tbody></table></section>\n");
    }

    private string Title(StoryAccount account, string? action) =>
        account.Planned.FirstOrDefault(step => step.Action == action).Title?.In(french) ?? ReportWords.Action(action).In(french);

    private string Name(StoryAccount account) => $"{account.System ?? account.Id} · {account.Login ?? Erased}";

    private string Erased => story.WithoutPersonal ? Say("[left out]", "[omis]") : Say("[erased]", "[effacé]");

    private string By(StoryEntry? entry) => entry switch
    {
        null => "—",
        { Via: "Engine" } => Say("Depart, at the instant set", "Départ, à l’instant fixé"),
        { By: { } name } => name,
        _ => Erased,
    };

    private string Local(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, story.Zone);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({story.Zone.Id})";
    }

    private string Both(DateTimeOffset at) =>
        story.Zone.Equals(TimeZoneInfo.Utc) ? Utc(at) : $"{Local(at)} · {Utc(at)}";

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>Local time above, UTC below.</summary>
    private string Stacked(DateTimeOffset at) => story.Zone.Equals(TimeZoneInfo.Utc)
        ? $"<time>{Utc(at)}</time>"
        : $"<time>{TimeZoneInfo.ConvertTime(at, story.Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time><small>{Utc(at)}</small>";

    private string Distance(DateTimeOffset from, DateTimeOffset to)
    {
        var span = to - from;
        var number = span.TotalMinutes < 2 ? span.TotalSeconds.ToString("0.0", french ? French : CultureInfo.InvariantCulture) : span.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
        return $"{number} {(span.TotalMinutes < 2 ? "s" : "min")}";
    }

    private static readonly NumberFormatInfo French = new() { NumberDecimalSeparator = "," };

    private string Say(string en, string fr) => french ? fr : en;

    /// <summary>Every value comes through here: whatever a system answered stays text.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            safe.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ when char.IsControl(letter) && letter is not ('\n' or '\t') => "\uFFFD",
                _ => letter.ToString(),
            });
        }

        return safe.ToString();
    }

    private void Pair(string name, string value) => html.Append("<dt>").Append(Safe(name)).Append("</dt><dd>").Append(Safe(value)).Append("</dd>");

    private void Paragraph(string text, string? kind) => html.Append(kind is null ? "<p>" : $"<p class=\"{kind}\">").Append(Safe(text)).Append("</p>");

    private void Columns(string kind, params string[] names)
    {
        html.Append("<table class=\"").Append(kind).Append("\"><thead><tr>");
        foreach (var name in names)
        {
            html.Append("<th scope=\"col\">").Append(Safe(name)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>\n");
    }

    /// <summary>A row of cells that are HTML already.</summary>
    private void Row(params string[] cells)
    {
        html.Append("<tr>");
        foreach (var cell in cells)
        {
            html.Append("<td>").Append(cell).Append("</td>");
        }

        html.Append("</tr>\n");
    }

    private const string Style = """
        @page{size:A4;margin:16mm 14mm}
        :root{color-scheme:light}
        body{font:10.5pt/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;color:#1b1b1f;background:#fff;max-width:190mm;margin:10mm auto;padding:0 6mm}
        h1{font-size:20pt;margin:0 0 4mm}h2{font-size:14pt;margin:9mm 0 3mm;border-bottom:.4mm solid #1b1b1f;padding-bottom:1mm}h3{font-size:11.5pt;margin:6mm 0 1mm}
        p{margin:1mm 0}dl{display:grid;grid-template-columns:minmax(35mm,max-content) 1fr;gap:1mm 5mm;margin:2mm 0}dt{color:#55555f}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%;margin:2mm 0 3mm;table-layout:fixed}th{font-size:9pt;color:#55555f;font-weight:600}
        th,td{text-align:left;vertical-align:top;padding:1.3mm 2mm 1.3mm 0;border-bottom:.2mm solid #c9c9d1;overflow-wrap:anywhere}
        td p{margin:.6mm 0}code{font:8.5pt/1.4 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere;white-space:pre-wrap}td code{display:block;color:#33333b}
        time{white-space:nowrap}small{display:block;white-space:nowrap;color:#55555f;font-size:8pt}
        .steps th:nth-child(1){width:8%}.steps th:nth-child(2){width:24%}.steps th:nth-child(3){width:30%}
        .journal th:nth-child(1){width:5%}.journal th:nth-child(2){width:24%}.journal th:nth-child(3){width:23%}.journal th:nth-child(4){width:19%}
        .overview th:nth-child(2){width:21%}.overview th:nth-child(5){width:21%}.overview th:nth-child(6){width:19%}
        .good{color:#0b6b3a}.bad{color:#a8201a;font-weight:600}.soft{color:#7a5200}.muted{color:#55555f}
        .warn,.note,.box{border:.3mm solid #c9c9d1;border-left:1.4mm solid #a8201a;padding:2mm 4mm;margin:3mm 0}.warn h3{margin:0 0 1mm}.warn ul{margin:0;padding-left:5mm}
        .note{border-left-color:#7a5200}.box{border-left-color:#1b1b1f}.box h2{border:0;margin:0 0 2mm}.decision{border-left:1mm solid #7a5200;padding-left:3mm;margin:2mm 0}
        @media print{body{margin:0;padding:0;max-width:none}tr,.warn,.box,dl{break-inside:avoid}thead{display:table-header-group}h2,h3{break-after:avoid}}
        @media (max-width:40em){body{margin:0;padding:4mm}dl{grid-template-columns:1fr}dd{margin-bottom:2mm}table{display:block;overflow-x:auto}}
        """;
}
