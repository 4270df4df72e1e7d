using Depart.Evidence;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Proof;

/// <summary>A checkpoint, as somebody outside can keep it: the server must still give the same root for the same number.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When it was made.</param>
/// <param name="Size">Leaves that it covers.</param>
/// <param name="Root">Of the log, in hexadecimal.</param>
/// <param name="Key">Fingerprint of the key that signed.</param>
/// <param name="Covers">Whether all that was recorded so far of the departure asked for is covered; null when none was asked for.</param>
public sealed record CheckpointLine(long Number, DateTimeOffset At, long Size, string Root, string Key, bool? Covers);

/// <summary>A checkpoint by its number, or the last one; and whether it covers a chain as it stands.</summary>
internal sealed record GetCheckpoint(long? Number = null, string? Chain = null) : IQuery<CheckpointLine>, IRouted
{
    private static readonly Words Label = new("Checkpoint", "Point de contrôle");

    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/evidence/checkpoints/{number:long}", (long number, ApiDoor door) => door.AskAsync(new GetCheckpoint(number)))
            .WithTags("Evidence").Produces<CheckpointLine>();
        api.MapGet("/evidence/checkpoints/last", (string? departure, ApiDoor door) =>
            door.AskAsync(new GetCheckpoint(Chain: Guid.TryParse(departure, out var id) ? id.ToString("N") : null))).WithTags("Evidence").Produces<CheckpointLine>();
    }

    internal sealed class Handler(DepartDb db) : IHandler<GetCheckpoint, CheckpointLine>
    {
        public async Task<Outcome<CheckpointLine>> HandleAsync(GetCheckpoint query, CancellationToken cancellation)
        {
            var covers = query.Chain is null ? (bool?)null : await db.Set<JournalHead>().AnyAsync(
                head => head.Chain == query.Chain && db.Set<LeafRow>().Any(leaf => leaf.Chain == head.Chain && leaf.Sequence == head.Sequence), cancellation);
            var row = await db.Set<CheckpointRow>().Where(row => query.Number == null || row.Number == query.Number)
                .OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation);
            if (row is null)
            {
                return Problem.NotFound(Label);
            }

            var checkpoint = Checkpoint.Parse(row.Bytes);
            return new CheckpointLine(checkpoint.Number, checkpoint.At, checkpoint.Size, checkpoint.Root, checkpoint.Key, covers);
        }
    }
}
