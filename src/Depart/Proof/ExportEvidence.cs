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

/// <summary>
/// The evidence of one chain: a departure's key in <c>N</c> format, or <c>house</c> (PRV2). A checkpoint is made first and goes with it. The export
/// itself is journalled.
/// </summary>
/// <param name="Chain">The chain.</param>
/// <param name="WithoutPersonal">Leaves out names and everything that could name somebody; the rest verifies alike.</param>
internal sealed record ExportEvidence(string Chain, bool WithoutPersonal = false) : ICommand<EvidenceFile>
{
    private static readonly Words Label = new("Journal", "Journal");

    public static Access Access => Access.To(Role.Security, Role.Auditor, Role.Admin);

    internal sealed class Handler(DepartDb db, SigningKeys keys, JournalSeal seal, IJournal journal, TimeProvider clock) : IHandler<ExportEvidence, EvidenceFile>
    {
        public async Task<Outcome<EvidenceFile>> HandleAsync(ExportEvidence command, CancellationToken cancellation)
        {
            if (await db.Set<JournalHead>().AsNoTracking().FirstOrDefaultAsync(head => head.Chain == command.Chain, cancellation) is not { } known)
            {
                return Problem.NotFound(Label);
            }

            if (known.Held)
            {
                return JournalText.Held;
            }

            using var key = await keys.CurrentAsync(cancellation);
            var checkpoint = (await seal.SealAsync(key, asked: true, cancellation))!;
            var (proof, last) = await seal.ProveAsync(checkpoint, command.Chain, cancellation);
            var entries = await db.Set<JournalRow>().AsNoTracking().Where(row => row.Chain == command.Chain && row.Sequence <= last)
                .OrderBy(row => row.Sequence).Select(row => row.Bytes).ToListAsync(cancellation);
            var values = command.WithoutPersonal ? null : await db.Set<JournalValue>().AsNoTracking()
                .Where(value => value.Chain == command.Chain && value.Sequence <= last)
                .OrderBy(value => value.Sequence).ThenBy(value => value.Name).ToListAsync(cancellation);
            using var zip = new MemoryStream();
            EvidenceArchive.Write(zip, new()
            {
                Chain = command.Chain,
                At = clock.GetUtcNow(),
                Entries = entries,
                Personal = values?.ConvertAll(value => (value.Sequence, new PersonalValue(value.Name, value.Value, value.Salt))),
                Sealed = proof,
            }, key.Key);
            journal.Record(new(Fact.House, "evidence.exported")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["chain"] = command.Chain, ["entries"] = entries.Count, ["checkpoint"] = checkpoint.Number, ["withoutPersonal"] = command.WithoutPersonal,
                },
            });
            return new EvidenceFile(zip.ToArray(), key.Fingerprint);
        }
    }
}
