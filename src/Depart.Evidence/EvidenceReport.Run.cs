using static Depart.Evidence.ReportSheet;

namespace Depart.Evidence;

/// <content>One disconnection: what was asked, what it came to, and first of all what is not closed.</content>
public sealed partial class EvidenceReport
{
    private void Run(StoryRun run)
    {
        if (run is { Started: null, Ended: null })
        {
            return;
        }

        var several = story.Runs.Count(other => other.Started is not null) > 1;
        var at = run.At ?? run.Started?.At;
        sheet.Append("<section><h2>").Append(Safe(sheet.Say("Disconnection", "Déconnexion")));
        sheet.Append(several && at is { } begun ? Safe(sheet.Say($" of {sheet.Local(begun)}", $" du {sheet.Local(begun)}")) : "").Append("</h2><dl>");
        sheet.Pair(sheet.Say("Started", "Commencée le"), at is null ? "—" : sheet.Both(at.Value) + (run.Immediate ? sheet.Say(" — immediate", " — immédiate") : ""));
        sheet.Pair(sheet.Say("Asked by", "Demandée par"), By(run.Started is { Via: "Engine" } or null ? run.Planned ?? run.Started : run.Started));
        sheet.Pair(sheet.Say("Ended", "Terminée le"), run.Ended is null ? sheet.Say("not yet", "pas encore") : sheet.Both(run.Ended.At));
        sheet.Pair(sheet.Say("Result", "Résultat"), run.Ended is null ? sheet.Say("In progress", "En cours") : ReportWords.State(run.State).In(sheet.French));
        sheet.Append("</dl>\n");
        Open(run);
        if (run.Accounts.Count == 0)
        {
            sheet.Paragraph(sheet.Say("No account was found.", "Aucun compte n’a été trouvé."), null);
        }
        else
        {
            Overview(run);
        }

        sheet.Append("</section>\n");
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
            lines.Add(sheet.Say($"Not searched, or left open on purpose, so an account may still be open there: {unsearched}.", $"Non interrogé, ou laissé ouvert volontairement ; un compte peut donc y être encore ouvert : {unsearched}."));
        }
        else if (run.Started is { Erased: > 0 } && run.State is not "Cut")
        {
            lines.Add(sheet.Say("Something may have been left open; its name is among the values that are not in this copy.", "Quelque chose a pu rester ouvert ; son nom fait partie des valeurs absentes de cette copie."));
        }

        foreach (var account in run.Accounts)
        {
            if (account.Untouched is { } why)
            {
                lines.Add($"{Name(account)} — {sheet.Say("left untouched: ", "laissé en l’état : ")}{why.In(sheet.French)}");
            }
            else if (run.Ended is not null && !ReportWords.IsClosed(account.Verdict))
            {
                var last = account.Attempts.SelectMany(attempt => attempt.Steps).LastOrDefault(step => step.Outcome is not ("Done" or "AlreadySo"));
                lines.Add($"{Name(account)} — {ReportWords.Verdict(account.Verdict).In(sheet.French)}{(last?.Why is { } reason ? sheet.Say(": ", " : ") + reason.In(sheet.French) : "")}");
            }

            lines.AddRange(account.Attempts.Where(attempt => attempt.Decision == "Skip").Select(attempt =>
                $"{Name(account)} — {sheet.Say("skipped: ", "ignoré : ")}{Title(account, attempt.DecidedAction)} ({attempt.Why ?? Erased}; {By(attempt.Entry)})"));
            lines.AddRange(account.Planned.Where(step => step.LeftOut is not null).Select(step => (step, last: Last(account, step.Action)))
                .Where(pair => pair.last is not { Outcome: "Done" or "AlreadySo" })
                .Select(pair => $"{Name(account)} — {sheet.Say("left out: ", "non fait : ")}{pair.step.Title.In(sheet.French)} ({(pair.last?.Why ?? pair.step.LeftOut!).In(sheet.French)})"));
        }

        if (lines.Count == 0)
        {
            return;
        }

        sheet.Append("<div class=\"warn\"><h3>").Append(Safe(sheet.Say("What was not done, or not closed", "Ce qui n’a pas été fait, ou pas fermé"))).Append("</h3><ul>");
        foreach (var line in lines)
        {
            sheet.Append("<li>").Append(Safe(line)).Append("</li>");
        }

        sheet.Append("</ul></div>\n");
    }

    /// <summary>What was last seen of a step: what stays with the account is looked at, and named, though nothing was to be changed.</summary>
    private static StoryStep? Last(StoryAccount account, string action) => account.Attempts.SelectMany(attempt => attempt.Steps).LastOrDefault(step => step.Action == action);

    private void Overview(StoryRun run)
    {
        sheet.Columns("overview", sheet.Say("System", "Système"), sheet.Say("Login", "Identifiant"), sheet.Say("Verdict", "Verdict"), sheet.Say("Proof", "Preuve"), sheet.Say("Seen closed", "Vu fermé"), sheet.Say("May still be used until", "Encore utilisable jusqu’au"));
        foreach (var account in run.Accounts.Where(account => account.Untouched is null))
        {
            var seen = account.LastReading is { Step: { StateRead: "Disabled" or "Absent" } step } ? step.At : null;
            sheet.Row(
                $"<b>{Safe(account.System ?? account.Id)}</b>", Safe(account.Login ?? Erased),
                $"<span class=\"{(ReportWords.IsClosed(account.Verdict) ? account.Verdict is "Attested" or "AcceptedUnverified" ? "soft" : "good" : "bad")}\">{Safe(ReportWords.Verdict(account.Verdict).In(sheet.French))}</span>",
                Safe(account.Verdict == "Attested" ? ReportWords.Level("Attested").In(sheet.French) : ReportWords.Level(account.Proof).In(sheet.French)),
                seen is { } at ? sheet.Stacked(at) : "—",
                account.ResidualUntil is { } until ? sheet.Stacked(until) : account.Attempts.SelectMany(attempt => attempt.Steps).LastOrDefault(step => step.Action == "verify")?.Residuals.Count > 0 ? Safe(sheet.Say("not known", "non connu")) : "—");
        }

        sheet.Append("</tbody></table>\n");
    }
}
