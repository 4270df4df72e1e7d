using System.Security.Cryptography;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>Identifies a file of a task.</summary>
public readonly record struct TaskFileId(Guid Value) : IIdentifier<TaskFileId>
{
    /// <summary>Wraps a UUID.</summary>
    public static TaskFileId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out TaskFileId id) => IIdentifier<TaskFileId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>A file attached to a task. Its bytes lie in the database beside it (<see cref="TaskFileContent"/>): every node has them, and so has a backup.</summary>
internal sealed class TaskFile
{
    /// <summary>Most files of one task.</summary>
    public const int MostOfTask = 20;

    /// <summary>Longest name.</summary>
    public const int NameLength = 160;

    public TaskFileId Id { get; private init; } = IIdentifier<TaskFileId>.New();

    public required DepartureTaskId Task { get; init; }

    /// <summary>As shown; already cleaned.</summary>
    public required string Name { get; init; }

    /// <summary>Media type, by what it holds.</summary>
    public required string Type { get; init; }

    public required int Size { get; init; }

    /// <summary>SHA-256 of its bytes, hexadecimal: what the journal holds of it.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The user who attached it, or null: the console, or <see cref="ByName"/>.</summary>
    public Guid? By { get; init; }

    /// <summary>Who attached it by a link, without an account, or null.</summary>
    public string? ByName { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TaskFile>
    {
        public void Configure(EntityTypeBuilder<TaskFile> builder)
        {
            builder.ToTable("task_files");
            builder.HasKey(file => file.Id);
            builder.Property(file => file.Name).HasMaxLength(NameLength);
            builder.Property(file => file.Type).HasMaxLength(100);
            builder.Property(file => file.Hash).HasMaxLength(64);
            builder.Property(file => file.ByName).HasMaxLength(TaskGuest.NameLength);
            builder.HasIndex(file => file.Task);
        }
    }
}

/// <summary>The bytes of a file, apart: lists do not read them.</summary>
internal sealed class TaskFileContent
{
    public required TaskFileId File { get; init; }

    public required byte[] Bytes { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TaskFileContent>
    {
        public void Configure(EntityTypeBuilder<TaskFileContent> builder)
        {
            builder.ToTable("task_file_contents");
            builder.HasKey(content => content.File);
        }
    }
}

/// <summary>A file as it is listed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">SHA-256, hexadecimal.</param>
/// <param name="At">When it was attached, UTC.</param>
/// <param name="By">By whom.</param>
public sealed record TaskAttachment(TaskFileId Id, string Name, int Size, string Hash, DateTimeOffset At, string By);

/// <summary>Attaches a file to a task (DEP5). Whoever may do the task may; a file also is the proof that a task asks for.</summary>
/// <remarks>At most 10 MB and twenty files to a task; what it holds must be what its name says (<see cref="FileKinds"/>).</remarks>
internal sealed record AttachFile(DepartureId Departure, DepartureTaskId Task, string Name, byte[] Content) : ICommand<TaskFileId>, IRouted, IOnTask, IOwnPart, IChecked
{
    public static Access Access => CompleteTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/files", async (DepartureId departure, DepartureTaskId task, HttpContext http, ApiDoor door) =>
        {
            var file = await TaskUpload.ReadAsync(http);
            return file.Ok ? await door.SendAsync(new AttachFile(departure, task, file.Value.Name, file.Value.Content)) : ApiDoor.Failed(file.Problem);
        }).WithTags("Tasks").Accepts<IFormFile>("multipart/form-data").Produces<TaskFileId>().DisableAntiforgery();

    public IEnumerable<Problem> Check() => TaskFiles.Check(Name, Content);

    internal sealed class Handler(TaskAtHand hand, TaskRights rights, TaskFiles files, Actor actor) : IHandler<AttachFile, TaskFileId>
    {
        public async Task<Outcome<TaskFileId>> HandleAsync(AttachFile command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            return await rights.RefusalAsync(task, departure, cancellation) is { } notTheirs ? notTheirs
                : await files.AddAsync(task, departure, command.Name, command.Content, actor.User, null, cancellation);
        }
    }
}

/// <summary>Removes a file, bytes and all: whoever attached it, and whoever steers the departure. The journal keeps that it was there, with its hash.</summary>
internal sealed record RemoveFile(DepartureId Departure, DepartureTaskId Task, TaskFileId File) : ICommand<Done>, IRouted, IOnTask, IOwnPart
{
    public static Access Access => CompleteTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/departures/{departure}/tasks/{task}/files/{file}", (DepartureId departure, DepartureTaskId task, TaskFileId file, ApiDoor door) =>
            door.SendAsync(new RemoveFile(departure, task, file))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, TaskAtHand hand, TaskRights rights, Actor actor, IDepartureBinding binding, IJournal journal) : IHandler<RemoveFile, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveFile command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if (await db.Set<TaskFile>().FirstOrDefaultAsync(file => file.Id == command.File && file.Task == task.Id, cancellation) is not { } file)
            {
                return Problem.NotFound(TaskFileText.File);
            }

            var steers = SkipTask.Access.Allows(actor, await binding.OfDepartureAsync(departure.Id.Value, cancellation))
                && (actor.Via == Via.Console || await Separation.RefusalAsync(actor, departure.Person.Value, binding, cancellation) is null);
            if (!steers && (file.By is null || file.By != actor.User || await rights.RefusalAsync(task, departure, cancellation) is not null))
            {
                return TaskFileText.NotYours;
            }

            if (departure.IsOver)
            {
                return TaskFileText.Kept;
            }

            db.Remove(file);
            await db.Set<TaskFileContent>().Where(content => content.File == file.Id).ExecuteDeleteAsync(cancellation);
            journal.Record(TaskFiles.Fact(file, departure, task, "task.file-removed"));
            return Done.Value;
        }
    }
}

/// <summary>A file with its bytes.</summary>
internal sealed record TaskFileBytes(string Name, string Type, byte[] Content);

/// <summary>Gives a file to whoever may see its task.</summary>
internal sealed record GetTaskFile(DepartureTaskId Task, TaskFileId File) : IQuery<TaskFileBytes>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tasks/{task}/files/{file}", (DepartureTaskId task, TaskFileId file, Dispatcher dispatcher, HttpContext http) => ServeAsync(task, file, dispatcher, http))
            .WithTags("Tasks").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");

    /// <summary>Always a download, under the type that it was found to be, and nothing that a browser might show or run in our name.</summary>
    public static async Task<IResult> ServeAsync(DepartureTaskId task, TaskFileId file, Dispatcher dispatcher, HttpContext http)
    {
        var found = await dispatcher.AskAsync(new GetTaskFile(task, file), Actor.From(http.User), http.RequestAborted);
        if (!found.Ok)
        {
            return ApiDoor.Failed(found.Problem);
        }

        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.File(found.Value.Content, found.Value.Type, found.Value.Name);
    }

    internal sealed class Handler(DepartDb db, TaskRights rights, IDepartureBinding binding) : IHandler<GetTaskFile, TaskFileBytes>
    {
        public async Task<Outcome<TaskFileBytes>> HandleAsync(GetTaskFile query, CancellationToken cancellation)
        {
            if (await db.FindAsync<DepartureTask>([query.Task], cancellation) is not { } task
                || !await rights.MaySeeAsync(task, await binding.OfDepartureAsync(task.Departure.Value, cancellation), cancellation)
                || await db.Set<TaskFile>().FirstOrDefaultAsync(row => row.Id == query.File && row.Task == task.Id, cancellation) is not { } file
                || await db.Set<TaskFileContent>().FirstOrDefaultAsync(content => content.File == file.Id, cancellation) is not { } content)
            {
                return Problem.NotFound(TaskFileText.File);
            }

            return new TaskFileBytes(file.Name, file.Type, content.Bytes);
        }
    }
}

/// <summary>The files of tasks. Scoped.</summary>
internal sealed class TaskFiles(DepartDb db, IUserDirectory users, IJournal journal, TimeProvider clock)
{
    /// <summary>Why a file is not taken; nothing when it is.</summary>
    public static IEnumerable<Problem> Check(string name, byte[] content)
    {
        if (content.Length == 0)
        {
            yield return TaskFileText.Empty;
        }
        else if (content.Length > FileKinds.MostBytes)
        {
            yield return TaskFileText.TooLarge;
        }
        else if (FileKinds.Claimed(FileKinds.CleanName(name)) is not { } claimed)
        {
            yield return TaskFileText.KindRefused;
        }
        else if (FileKinds.Of(content) != claimed)
        {
            yield return TaskFileText.OtherThanSaid(FileKinds.CleanName(name));
        }
    }

    /// <summary>Keeps a file that was checked.</summary>
    public async Task<Outcome<TaskFileId>> AddAsync(DepartureTask task, Departure departure, string name, byte[] content, Guid? by, string? byName, CancellationToken cancellation)
    {
        if (departure.State == DepartureState.Cancelled)
        {
            return DeparturesText.NotOpen;
        }

        if (await db.Set<TaskFile>().CountAsync(row => row.Task == task.Id, cancellation) >= TaskFile.MostOfTask)
        {
            return TaskFileText.TooMany;
        }

        var file = new TaskFile
        {
            Task = task.Id, Name = FileKinds.CleanName(name), Type = FileKinds.Claimed(FileKinds.CleanName(name))!.Type, Size = content.Length,
            Hash = Convert.ToHexStringLower(SHA256.HashData(content)), At = clock.GetUtcNow(), By = by, ByName = byName,
        };
        db.Add(file);
        db.Add(new TaskFileContent { File = file.Id, Bytes = content });
        journal.Record(Fact(file, departure, task, "task.file-added"));
        return file.Id;
    }

    /// <summary>Files of a task, oldest first.</summary>
    public async Task<IReadOnlyList<TaskAttachment>> OfAsync(DepartureTaskId task, CancellationToken cancellation)
    {
        var rows = await db.Set<TaskFile>().AsNoTracking().Where(file => file.Task == task).OrderBy(file => file.At).ToListAsync(cancellation);
        var names = await users.NamesAsync([.. rows.Select(row => row.By).OfType<Guid>().Distinct()], cancellation);
        return [.. rows.Select(row => new TaskAttachment(row.Id, row.Name, row.Size, row.Hash, row.At, row.By is { } by ? names.GetValueOrDefault(by) ?? "" : row.ByName ?? ""))];
    }

    /// <summary>What the journal says of a file: its hash proves it for ever, its name may be erased.</summary>
    public static Fact Fact(TaskFile file, Departure departure, DepartureTask task, string kind)
    {
        var fact = TaskFacts.Of(departure, task, kind);
        return fact with
        {
            Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["file"] = file.Id.Value, ["type"] = file.Type, ["size"] = file.Size, ["sha256"] = file.Hash },
            Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = file.Name },
        };
    }
}

/// <summary>Reads a file that is sent: in memory, never into a temporary file, and no more than may be kept.</summary>
internal static class TaskUpload
{
    /// <summary>How forms with a file are read.</summary>
    public static FormOptions Form { get; } = new() { MemoryBufferThreshold = FileKinds.MostBytes + (256 * 1024), MultipartBodyLengthLimit = FileKinds.MostBytes + (256 * 1024) };

    /// <summary>The part named <c>file</c> of a request.</summary>
    public static async Task<Outcome<(string Name, byte[] Content)>> ReadAsync(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType && await OfAsync(await http.Request.ReadFormAsync(Form, http.RequestAborted), http.RequestAborted) is { } file ? file : TaskFileText.NoFile;
        }
        catch (Exception error) when (error is BadHttpRequestException or InvalidDataException)
        {
            return TaskFileText.TooLarge;
        }
    }

    /// <summary>The file of a form, or null when none was chosen.</summary>
    public static async Task<(string Name, byte[] Content)?> OfAsync(IFormCollection form, CancellationToken cancellation)
    {
        if (form.Files["file"] is not { FileName.Length: > 0 } file)
        {
            return null;
        }

        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content, cancellation);
        return (file.FileName, content.ToArray());
    }
}

/// <summary>The words of attached files.</summary>
internal static class TaskFileText
{
    public static readonly Words File = new("File", "Fichier");
    public static readonly Words Files = new("Files", "Fichiers");
    public static readonly Words None = new("No file.", "Aucun fichier.");
    public static readonly Words Attach = new("Attach a file", "Joindre un fichier");
    public static readonly Words AttachHelp = new Words("{0}, 10 MB at most.", "{0}, 10 Mo au plus.").With(FileKinds.Named);
    public static readonly Words AttachButton = new("Attach", "Joindre");
    public static readonly Words Attached = new("The file is attached.", "Le fichier est joint.");
    public static readonly Words Remove = new("Remove", "Retirer");
    public static readonly Words RemoveOne = new("Remove {0}", "Retirer {0}");
    public static readonly Words Removed = new("The file is removed.", "Le fichier est retiré.");
    public static readonly Words Line = new("{0} KB · {1}", "{0} ko · {1}");

    public static readonly Problem Empty = Problem.Invalid("file", "file-empty", new("File: choose one that is not empty.", "Fichier : choisissez-en un qui n’est pas vide."));
    public static readonly Problem NoFile = Problem.Invalid("file", "file-missing", new(
        "Send the file as multipart/form-data, in a part named “file”.", "Envoyez le fichier en multipart/form-data, dans une partie nommée « file »."));

    public static readonly Problem TooLarge = Problem.Invalid("file", "file-too-large", new("File: 10 MB at most.", "Fichier : 10 Mo au plus."));
    public static readonly Problem KindRefused = Problem.Invalid("file", "file-kind", new Words(
        "File: this kind is not taken. Accepted: {0}.", "Fichier : ce type n’est pas accepté. Sont acceptés : {0}.").With(FileKinds.Named));

    public static readonly Problem TooMany = Problem.Conflict("files-too-many", new Words(
        "This task has {0} files already: remove one first.", "Cette tâche a déjà {0} fichiers : retirez-en d’abord un.").With(TaskFile.MostOfTask));

    public static readonly Problem NotYours = new(ProblemKind.Forbidden, "file-not-yours", new(
        "Only whoever attached a file, or steers the departure, removes it.", "Seule la personne qui a joint un fichier, ou qui pilote le départ, peut le retirer."));

    public static readonly Problem Kept = Problem.Conflict("file-kept", new(
        "The departure is over: its files are kept.", "Le départ est terminé : ses fichiers sont conservés."));

    /// <summary>What a file holds is not what its name says.</summary>
    public static Problem OtherThanSaid(string name) => Problem.Invalid("file", "file-other", new Words(
        "File: what “{0}” holds is not what its name says, or it may run something. Save it again from the program that made it, without macros.",
        "Fichier : le contenu de « {0} » n’est pas celui que son nom annonce, ou peut exécuter quelque chose. Enregistrez-le de nouveau depuis le logiciel d’origine, sans macros.").With(name));
}
