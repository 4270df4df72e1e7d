using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.Api;

/// <summary>
/// Makes a copy of the whole database while it is used, and sends it. The copy holds everything but the key file, without which the
/// secrets in it cannot be read. That a backup was made is journalled first, and stands in it.
/// </summary>
internal sealed record MakeBackup : ICommand<Done>, IRouted, IRequiresProof
{
    private static readonly Problem OnPostgreSql = Problem.Conflict("backup-on-postgresql", new(
        "The database is PostgreSQL: back it up with its own tools (pg_dump, or continuous archiving).",
        "La base est PostgreSQL : sauvegardez-la avec ses propres outils (pg_dump, ou l’archivage continu)."));

    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/backup", async (Dispatcher dispatcher, StorageOptions storage, HttpContext context) =>
        {
            var recorded = await dispatcher.SendAsync(
                new MakeBackup(), Actor.From(context.User), new() { ProvedAt = Actor.ProvedAtOf(context.User) }, context.RequestAborted);
            return recorded.Ok ? Results.File(await CopyAsync(storage, context.RequestAborted), "application/vnd.sqlite3", "depart-backup.db") : ApiDoor.Failed(recorded.Problem);
        }).WithTags("Backup").Produces(StatusCodes.Status200OK, contentType: "application/vnd.sqlite3");

    private static async Task<FileStream> CopyAsync(StorageOptions storage, CancellationToken cancellation)
    {
        OwnersOnly.Folder(storage.BackupFolder);
        var copy = Path.Combine(storage.BackupFolder, $"sending-{Guid.NewGuid():N}.db");
        await SqliteFiles.CopyAsync(storage.SqliteFile, copy, cancellation);
        return new(copy, new FileStreamOptions { Mode = FileMode.Open, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
    }

    internal sealed class Handler(StorageOptions storage, IJournal journal) : IHandler<MakeBackup, Done>
    {
        public Task<Outcome<Done>> HandleAsync(MakeBackup command, CancellationToken cancellation)
        {
            if (storage.IsPostgreSql)
            {
                return Task.FromResult<Outcome<Done>>(OnPostgreSql);
            }

            journal.Record(new(Fact.House, "backup.made"));
            return Task.FromResult<Outcome<Done>>(Done.Value);
        }
    }
}
