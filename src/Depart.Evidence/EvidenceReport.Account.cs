using System.Globalization;
using System.Text;
using static Depart.Evidence.ReportSheet;

namespace Depart.Evidence;

/// <content>One account, step by step: what was asked, what was answered, what was seen.</content>
public sealed partial class EvidenceReport
{
    private void Account(StoryAccount account, DateTimeOffset? cut)
    {
        sheet.Append("<section class=\"account\"><h3>").Append(Safe(Name(account))).Append("</h3>");
        sheet.Paragraph(
            $"{ReportWords.Verdict(account.Verdict).In(sheet.French)}"
            + (account.LastReading is { Step: { StateRead: "Disabled" or "Absent", At: { } seen } } && cut is { } begun
                ? sheet.Say($", seen closed {sheet.Distance(begun, seen)} after the instant of the cut.", $", vu fermé {sheet.Distance(begun, seen)} après l’instant de la coupure.") : "."), null);
        if (account.Attempts.Count == 0)
        {
            sheet.Paragraph(sheet.Say("Nothing was attempted.", "Rien n’a été tenté."), "warn");
        }

        var open = false;
        foreach (var attempt in account.Attempts)
        {
            if (attempt.Decision is { } decision)
            {
                sheet.Append(open ? "</tbody></table>\n" : "");
                open = false;
                sheet.Paragraph(
                    $"#{attempt.Entry.Sequence} · {sheet.Local(attempt.Entry.At)} · {By(attempt.Entry)} — {ReportWords.Decision(decision).In(sheet.French)}{sheet.Say(": ", " : ")}{Title(account, attempt.DecidedAction)}"
                    + (attempt.NewOwner is { } named ? $" — {NewOwner(named)}" : "")
                    + (attempt.Why is { } why ? $" — {sheet.Say("“", "« ")}{why}{sheet.Say("”", " »")}" : decision == "Retry" ? "" : $" — {Erased}"), "decision");
                continue;
            }

            if (!open)
            {
                sheet.Columns("steps", sheet.Say("Entry", "Entrée"), sheet.Say("Instant", "Instant"), sheet.Say("What was asked", "Ce qui a été demandé"), sheet.Say("What was answered and seen", "Ce qui a été répondu et vu"));
                open = true;
            }

            foreach (var step in attempt.Steps)
            {
                sheet.Row($"#{attempt.Entry.Sequence}", sheet.Stacked(step.At ?? attempt.Entry.At), Asked(account, step), Seen(step, attempt.Entry));
            }
        }

        sheet.Append(open ? "</tbody></table>" : "").Append("</section>\n");
    }

    private string Asked(StoryAccount account, StoryStep step)
    {
        var asked = new StringBuilder("<b>").Append(Safe(Title(account, step.Action))).Append("</b>");
        if (account.Planned.Find(planned => planned.Action == step.Action)?.NewOwner is { } owner)
        {
            asked.Append("<p>").Append(Safe(NewOwner(owner))).Append("</p>");
        }

        foreach (var (index, (request, _)) in step.Exchanges.Index())
        {
            asked.Append("<code>").Append(Safe(Numbered(step, index) + request)).Append("</code>");
        }

        return asked.ToString();
    }

    private string NewOwner(string login) => sheet.Say($"new owner: {login}", $"nouveau propriétaire : {login}");

    /// <summary>Tells which answer belongs to which request, where there are several.</summary>
    private static string Numbered(StoryStep step, int index) => step.Exchanges.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{index + 1}. ") : "";

    private string Seen(StoryStep step, StoryEntry entry)
    {
        var well = step.Outcome is "Done" or "AlreadySo";
        var seen = new StringBuilder($"<span class=\"{(well ? "good" : "bad")}\">").Append(Safe(ReportWords.Outcome(step.Outcome).In(sheet.French)));
        seen.Append(step.Failure is null || well ? "" : Safe($" — {ReportWords.Failure(step.Failure).In(sheet.French)}")).Append("</span>");
        if (step.Why is { } why)
        {
            seen.Append("<p>").Append(Safe(why.In(sheet.French))).Append("</p>");
        }

        foreach (var (index, (_, answer)) in step.Exchanges.Index().Where(exchange => exchange.Item.Answer.Length > 0))
        {
            seen.Append("<code>→ ").Append(Safe(Numbered(step, index) + answer)).Append("</code>");
        }

        foreach (var (what, before, after) in step.Changes)
        {
            seen.Append("<p>").Append(Safe($"{what}{sheet.Say(": ", " : ")}{before ?? "—"} → {after ?? "—"}")).Append("</p>");
        }

        foreach (var (what, passed, answer) in step.Checks)
        {
            seen.Append(passed ? "<p class=\"good\">✓ " : "<p class=\"bad\">✗ ").Append(Safe(what.In(sheet.French))).Append("<code>→ ").Append(Safe(answer)).Append("</code></p>");
        }

        if (step.StateRead is { } state)
        {
            seen.Append("<p>").Append(Safe($"{sheet.Say("State read: ", "État relu : ")}{ReportWords.AccountState(state).In(sheet.French)}")).Append(step.Proof is null ? "" : Safe($" — {ReportWords.Level(step.Proof).In(sheet.French)}")).Append("</p>");
        }

        foreach (var (what, until) in step.Residuals)
        {
            seen.Append("<p>").Append(Safe($"{sheet.Say("May still be used after the cut: ", "Encore utilisable après la coupure : ")}{what.In(sheet.French).TrimEnd('.')}{(until is { } end ? sheet.Say($", until {sheet.Local(end)} at the latest", $", jusqu’au {sheet.Local(end)} au plus tard") : sheet.Say(" (until when is not known)", " (jusqu’à quand n’est pas connu)"))}")).Append("</p>");
        }

        if (entry.Erased > 0 && step.Exchanges.Count == 0 && step.Checks.Count == 0 && !entry.Personal.ContainsKey("seen"))
        {
            seen.Append("<p class=\"muted\">").Append(Safe(sheet.Say("What was said to the system and what it answered is not in this copy.", "Ce qui a été demandé au système et ce qu’il a répondu n’est pas dans cette copie."))).Append("</p>");
        }

        return seen.ToString();
    }
}
