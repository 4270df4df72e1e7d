using System.Globalization;
using System.Net;
using System.Text;
using Depart.Evidence;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Proof;

/// <summary>An evidence archive.</summary>
/// <param name="Content">The zip.</param>
/// <param name="Fingerprint">Of the key that signed.</param>
internal sealed record EvidenceFile(byte[] Content, string Fingerprint);

/// <summary>The evidence of one chain: a departure's key in <c>N</c> format, or <c>house</c> (PRV2). The export itself is journalled.</summary>
internal sealed record ExportEvidence(string Chain) : ICommand<EvidenceFile>
{
    private static readonly Words Label = new("Journal", "Journal");

    public static Access Access => Access.To(Role.Security, Role.Auditor, Role.Admin);

    internal sealed class Handler(DepartDb db, SigningKey key, IJournal journal, TimeProvider clock) : IHandler<ExportEvidence, EvidenceFile>
    {
        public async Task<Outcome<EvidenceFile>> HandleAsync(ExportEvidence command, CancellationToken cancellation)
        {
            var rows = await db.Set<JournalRow>().AsNoTracking().Where(row => row.Chain == command.Chain).OrderBy(row => row.Sequence).ToListAsync(cancellation);
            if (rows.Count == 0)
            {
                return Problem.NotFound(Label);
            }

            var values = await db.Set<JournalValue>().AsNoTracking().Where(value => value.Chain == command.Chain)
                .OrderBy(value => value.Sequence).ThenBy(value => value.Name).ToListAsync(cancellation);
            using var zip = new MemoryStream();
            EvidenceArchive.Write(zip, new()
            {
                Chain = command.Chain,
                At = clock.GetUtcNow(),
                Entries = [.. rows.Select(row => row.Bytes)],
                Personal = [.. values.Select(value => (value.Sequence, new PersonalValue(value.Name, value.Value, value.Salt)))],
                Report = Html(command.Chain, rows, key.Fingerprint),
            }, key.Key);
            journal.Record(new(Fact.House, "evidence.exported")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["chain"] = command.Chain, ["entries"] = rows.Count },
            });
            return new EvidenceFile(zip.ToArray(), key.Fingerprint);
        }

        private static string Html(string chain, List<JournalRow> rows, string fingerprint)
        {
            var html = new StringBuilder();
            html.Append(CultureInfo.InvariantCulture, $$"""
                <!doctype html><html lang="en"><meta charset="utf-8"><title>Depart evidence · Preuves de départ</title>
                <style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
                table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top}code{word-break:break-all}</style>
                <h1>Evidence of departure <span lang="fr">· Preuves du départ</span></h1>
                <p>{{WebUtility.HtmlEncode(chain)}}</p>
                <p>Signing key · <span lang="fr">Clé de signature</span>: <code>{{fingerprint}}</code></p>
                <p>Check with · <span lang="fr">Vérifier avec</span>: <code>depart evidence verify FILE --key FINGERPRINT</code></p>
                <table><thead><tr><th>#<th>UTC<th>Fact · <span lang="fr">Fait</span><th>Content · <span lang="fr">Contenu</span></thead><tbody>
                """);
            foreach (var row in rows)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{row.Sequence}<td>{row.At:yyyy-MM-dd HH:mm:ss.fff}<td>{WebUtility.HtmlEncode(row.Kind)}<td><code>{WebUtility.HtmlEncode(Encoding.UTF8.GetString(row.Bytes))}</code>\n");
            }

            return html.Append("</tbody></table></html>").ToString();
        }
    }
}
