using static Depart.Evidence.ReportSheet;

namespace Depart.Evidence;

/// <content>What stands at the end: how to verify, what the levels of proof mean, the journal entry by entry.</content>
public sealed partial class EvidenceReport
{
    private void Proving()
    {
        sheet.Append("<section class=\"box\"><h2>").Append(Safe(sheet.Say("How to verify", "Comment vérifier"))).Append("</h2>");
        sheet.Paragraph(sheet.Say(
            "This page is for reading. The proof is the signed journal beside it in the archive: each entry contains the hash of the one before, and a signed checkpoint covers the last one, so that none can be changed, taken out or added unseen. The archive holds what was recorded up to its export, and nothing later.",
            "Cette page sert à la lecture. La preuve est le journal signé qui l’accompagne dans l’archive : chaque entrée contient l’empreinte de la précédente et un point de contrôle signé couvre la dernière, si bien qu’aucune ne peut être modifiée, retirée ou ajoutée sans que cela se voie. L’archive contient ce qui a été enregistré jusqu’à son export, et rien de postérieur."), null);
        sheet.Paragraph(sheet.Say("Fingerprint of the signing key. Compare it with the one that the company publishes, and get that one by another way than this file:", "Empreinte de la clé de signature. Comparez-la à celle que publie l’entreprise, obtenue autrement que par ce fichier :"), null);
        sheet.Append("<p><code>").Append(Safe(frame.Fingerprint)).Append("</code></p><p><code>depart evidence verify ").Append(Safe(sheet.Say("FILE", "FICHIER"))).Append(".zip --key ").Append(Safe(frame.Fingerprint)).Append("</code></p>");
        sheet.Paragraph(sheet.Say("Without Depart: openssl and sha256sum are enough; “Verify evidence”, in Depart’s documentation, shows how (docs/administrators/verify-evidence.md). Instants are those of the server’s clock.", "Sans Départ : openssl et sha256sum suffisent ; la page « Verify evidence » de la documentation de Départ montre comment (docs/administrators/verify-evidence.md). Les instants sont ceux de l’horloge du serveur."), null);
        sheet.Paragraph(sheet.Say("May serve as evidence for: ISO/IEC 27001:2022 A.5.18 and A.6.5 · NIST SP 800-53 PS-4 · SOC 2 CC6.2 and CC6.3.", "Peut servir de preuve pour : ISO/IEC 27001:2022 A.5.18 et A.6.5 · NIST SP 800-53 PS-4 · SOC 2 CC6.2 et CC6.3."), "muted");
        sheet.Append("</section>\n");
    }

    private void Levels()
    {
        sheet.Append("<section><h2>").Append(Safe(sheet.Say("Levels of proof", "Niveaux de preuve"))).Append("</h2><dl>");
        foreach (var level in ReportWords.Levels)
        {
            sheet.Pair(ReportWords.Level(level).In(sheet.French), ReportWords.LevelMeans(level).In(sheet.French));
        }

        sheet.Append("</dl></section>\n");
    }

    private void Journal()
    {
        sheet.Append("<section><h2>").Append(Safe(sheet.Say($"The journal: {story.Entries.Count} entries", $"Le journal : {story.Entries.Count} entrées"))).Append("</h2>");
        sheet.Columns("journal", "#", sheet.Say("Instant", "Instant"), sheet.Say("Fact", "Fait"), sheet.Say("By", "Par"), sheet.Say("SHA-256 of the entry", "SHA-256 de l’entrée"));
        foreach (var entry in story.Entries)
        {
            sheet.Row($"{entry.Sequence}", sheet.Stacked(entry.At), Safe(ReportWords.Kind(entry.Kind).In(sheet.French)), Safe(By(entry)), $"<code>{Safe(entry.Hash)}</code>");
        }

        sheet.Append("</tbody></table></section>\n");
    }
}
