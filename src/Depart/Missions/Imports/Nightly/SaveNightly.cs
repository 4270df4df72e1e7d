using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports.Nightly;

/// <summary>Sets a nightly import up, or changes it (REC7). It reads files of one folder of the server and no others.</summary>
/// <remarks>The hour is local in the zone, 02:00 in Europe/Paris unless said. An import that would end more than <see cref="MostEnded"/> percent of the running missions stops and asks; 5 unless said.</remarks>
internal sealed record SaveNightly(
    string Name, string File, NightlyImportId? Nightly = null, ImportKind Kind = ImportKind.People, TimeOnly? Hour = null, string? Zone = null, DateOrder Dates = DateOrder.Unknown, int? MostEnded = null,
    bool Runs = true, IReadOnlyList<MappedColumn>? Columns = null) : ICommand<NightlyImportId>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/imports/nightly", (Body body, ApiDoor door) => door.SendAsync(body.Command(null))).WithTags("Imports");
        api.MapPut("/imports/nightly/{nightly}", (NightlyImportId nightly, Body body, ApiDoor door) => door.SendAsync(body.Command(nightly))).WithTags("Imports");
    }

    internal sealed record Body(
        string Name, string File, ImportKind Kind = ImportKind.People, TimeOnly? Hour = null, string? Zone = null, DateOrder Dates = DateOrder.Unknown, int? MostEnded = null, bool Runs = true, IReadOnlyList<MappedColumn>? Columns = null)
    {
        public SaveNightly Command(NightlyImportId? nightly) => new(Name, File, nightly, Kind, Hour, Zone, Dates, MostEnded, Runs, Columns);
    }

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return Problem.Required(nameof(Name), NightlyText.Name);
        }
        else if (Name.Trim().Length > NightlyImport.TextLength)
        {
            yield return Problem.Invalid(nameof(Name), "too-long", MissionsText.TooLong.With(NightlyText.Name, NightlyImport.TextLength));
        }

        if (!IncomingFolder.IsName(File?.Trim() ?? ""))
        {
            yield return Problem.Invalid(nameof(File), "file-name", NightlyText.FileWrong);
        }

        if (Zone is not null && LocalInstant.FindZone(Zone) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", NightlyText.ZoneUnknown.With(Zone));
        }

        if (MostEnded is < 0 or > 100)
        {
            yield return Problem.Invalid(nameof(MostEnded), "out-of-range", NightlyText.ShareRange);
        }

        if (Columns is { Count: > ImportLimits.Columns } || Columns?.Any(column => column.Title is not { Length: > 0 and <= ImportLimits.Cell }) == true)
        {
            yield return Problem.Invalid(nameof(Columns), "columns", NightlyText.ColumnsWrong);
        }
    }

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<SaveNightly, NightlyImportId>
    {
        public async Task<Outcome<NightlyImportId>> HandleAsync(SaveNightly command, CancellationToken cancellation)
        {
            var nightly = command.Nightly is { } id ? await db.FindAsync<NightlyImport>([id], cancellation) : null;
            if (command.Nightly is not null && nightly is null)
            {
                return Problem.NotFound(NightlyText.Nightly);
            }

            if (nightly is null)
            {
                db.Add(nightly = new() { Name = "", File = "" });
            }
            else if (!nightly.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var mapping = command.Columns is null ? nightly.Mapping : JsonSerializer.Serialize(command.Columns, ApiJson.Options);
            if ((nightly.File, nightly.Kind, nightly.Mapping, nightly.Dates) != (command.File.Trim(), command.Kind, mapping, command.Dates))
            {
                // Read otherwise, the same file may say something else.
                nightly.AppliedSha256 = null;
            }

            (nightly.Name, nightly.File, nightly.Kind, nightly.Dates, nightly.Mapping) = (command.Name.Trim(), command.File.Trim(), command.Kind, command.Dates, mapping);
            (nightly.Hour, nightly.Zone, nightly.MostEnded, nightly.Runs) = (command.Hour ?? new(2, 0), command.Zone ?? Foundation.Design.Zones.Reader.Id, command.MostEnded ?? 5, command.Runs);
            nightly.Changed();
            await NightlyWork.WithdrawAsync(db, nightly.Id, cancellation);
            var next = nightly.Next(clock.GetUtcNow());
            if (nightly.Runs)
            {
                if (await db.Set<WorkItem>().FirstOrDefaultAsync(item => item.IdempotencyKey == next.IdempotencyKey, cancellation) is { } withdrawn)
                {
                    // The same hour as before.
                    db.EnqueueAgain(withdrawn, next.DueAt);
                }
                else
                {
                    db.Enqueue(next);
                }
            }

            journal.Record(new(Fact.House, "nightly-import.saved")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["nightly"] = nightly.Id.Value, ["file"] = nightly.File, ["kind"] = nightly.Kind.ToString(), ["hour"] = nightly.Hour.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
                    ["zone"] = nightly.Zone, ["mostEnded"] = nightly.MostEnded, ["runs"] = nightly.Runs,
                },
            });
            return nightly.Id;
        }
    }
}

/// <summary>Takes a nightly import away; what it imported stays.</summary>
internal sealed record RemoveNightly(NightlyImportId Nightly) : ICommand<Done>, IRouted
{
    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/imports/nightly/{nightly}", (NightlyImportId nightly, ApiDoor door) => door.SendAsync(new RemoveNightly(nightly))).WithTags("Imports");

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<RemoveNightly, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveNightly command, CancellationToken cancellation)
        {
            if (await db.FindAsync<NightlyImport>([command.Nightly], cancellation) is not { } nightly)
            {
                return Problem.NotFound(NightlyText.Nightly);
            }

            await NightlyWork.WithdrawAsync(db, nightly.Id, cancellation);
            await db.Set<NightlySubject>().Where(subject => subject.Nightly == nightly.Id).ExecuteDeleteAsync(cancellation);
            await db.Set<NightlyRun>().Where(run => run.Nightly == nightly.Id).ExecuteDeleteAsync(cancellation);
            db.Remove(nightly);
            journal.Record(new(Fact.House, "nightly-import.removed") { Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["nightly"] = nightly.Id.Value } });
            return Done.Value;
        }
    }
}

/// <summary>Runs a nightly import now, besides its nights.</summary>
internal sealed record RunNightlyNow(NightlyImportId Nightly) : ICommand<Done>, IRouted
{
    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports/nightly/{nightly}/run", (NightlyImportId nightly, ApiDoor door) => door.SendAsync(new RunNightlyNow(nightly))).WithTags("Imports");

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<RunNightlyNow, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RunNightlyNow command, CancellationToken cancellation)
        {
            if (await db.FindAsync<NightlyImport>([command.Nightly], cancellation) is not { } nightly)
            {
                return Problem.NotFound(NightlyText.Nightly);
            }

            db.Enqueue(nightly.Now(clock.GetUtcNow()));
            return Done.Value;
        }
    }
}

/// <summary>The work that waits for a nightly import.</summary>
internal static class NightlyWork
{
    public static Task WithdrawAsync(DepartDb db, NightlyImportId nightly, CancellationToken cancellation)
    {
        var subject = nightly.ToString();
        return db.Set<WorkItem>().Where(item => item.Subject == subject && item.Kind == NightlyImport.WorkKind && item.State == WorkState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
    }
}
