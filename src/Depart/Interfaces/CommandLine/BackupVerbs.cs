using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>backup</c> and <c>restore</c>.</summary>
internal static class BackupVerbs
{
    private static readonly Words Written = new(
        "{0} written ({1:N0} KB), checked. It does not hold the key file, which opens what is closed in it: keep that elsewhere ({2}).",
        "{0} écrit ({1:N0} ko), vérifié. Il ne contient pas le fichier de clé, qui ouvre ce qui y est fermé : gardez-le ailleurs ({2}).");

    private static readonly Words Elsewhere = new("on the server: see depart doctor there", "sur le serveur : voir depart doctor là-bas");
    private static readonly Words Exists = new("{0} already exists: choose another name.", "{0} existe déjà : choisissez un autre nom.");
    private static readonly Words NothingThere = new("There is no database in {0}.", "Il n’y a pas de base dans {0}.");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");
    private static readonly Words Occupied = new(
        "{0} already holds a database. Add --replace to put the backup in its place; the present one is kept aside.",
        "{0} contient déjà une base. Ajoutez --replace pour mettre la sauvegarde à sa place ; l’actuelle est gardée de côté.");

    private static readonly Words Restored = new("{0} is back in {1}.", "{0} est de retour dans {1}.");
    private static readonly Words Aside = new("The database that was there is kept as {0}.", "La base qui s’y trouvait est gardée sous {0}.");
    private static readonly Words KeyMissing = new(
        "Put the key file back as {0} before you start the server: without it the secrets of the systems cannot be read.",
        "Remettez le fichier de clé à son emplacement, {0}, avant de démarrer le serveur : sans lui, les secrets des systèmes sont illisibles.");

    private static readonly Words OnPostgreSql = new(
        "The database is PostgreSQL (DEPART__Database): restore it with its own tools (pg_restore).",
        "La base est PostgreSQL (DEPART__Database) : restaurez-la avec ses propres outils (pg_restore).");

    public static Command Backup()
    {
        var file = new Argument<string>("file");
        var data = Data();
        var command = new Command("backup", Terminal.Say(new(
            "Copies the whole database into a file, also while the server runs.", "Copie toute la base dans un fichier, même quand le serveur tourne."))) { file, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var target = Path.GetFullPath(parsed.GetValue(file)!);
            if (File.Exists(target))
            {
                throw new CommandFailed(Exists.With(target).ToString(), Terminal.ExitUsage);
            }

            var storage = StorageOptions.FromEnvironment(DataFolder.Of(parsed.GetValue(data)));
            var beside = parsed.GetValue(data) is not null || (!ApiClient.IsSignedIn && File.Exists(storage.SqliteFile));
            await (beside ? CopyAsync(storage, target, cancellation) : DownloadAsync(target, cancellation));
            var (problem, _) = await SqliteFiles.ReadAsync(target, cancellation);
            if (problem is not null)
            {
                throw new CommandFailed(problem.ToString(), Terminal.ExitFailed);
            }

            var size = new FileInfo(target).Length;
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(new JsonObject { ["file"] = target, ["bytes"] = size, ["keyFileIncluded"] = false }.ToJsonString());
            }

            await Console.Error.WriteLineAsync(Written.With(target, size / 1024, beside ? storage.KeyFile : Elsewhere).ToString());
            return Terminal.ExitDone;
        });
        return command;
    }

    public static Command Restore()
    {
        var file = new Argument<string>("file");
        var replace = new Option<bool>("--replace") { Description = Terminal.Say(new("Put it in the place of the present database.", "La met à la place de la base actuelle.")) };
        var data = Data();
        var command = new Command("restore", Terminal.Say(new("Puts a backup back; the server must be stopped.", "Remet une sauvegarde ; le serveur doit être arrêté."))) { file, replace, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var storage = StorageOptions.FromEnvironment(DataFolder.Of(parsed.GetValue(data)));
            if (storage.IsPostgreSql)
            {
                throw new CommandFailed(OnPostgreSql.ToString(), Terminal.ExitFailed);
            }

            var aside = await PutBackAsync(storage, Path.GetFullPath(parsed.GetValue(file)!), parsed.GetValue(replace), cancellation);
            await Console.Error.WriteLineAsync(Restored.With(parsed.GetValue(file), storage.DataFolder).ToString());
            if (aside is not null)
            {
                await Console.Error.WriteLineAsync(Aside.With(aside).ToString());
            }

            var keyIsThere = storage.Passphrase is not null || File.Exists(storage.KeyFile);
            if (!keyIsThere)
            {
                await Console.Error.WriteLineAsync(KeyMissing.With(storage.KeyFile).ToString());
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(new JsonObject { ["data"] = storage.DataFolder, ["aside"] = aside, ["keyFilePresent"] = keyIsThere }.ToJsonString());
            }

            return keyIsThere ? Terminal.ExitDone : Terminal.ExitPartly;
        });
        return command;
    }

    private static Option<string?> Data() => new("--data") { Description = Terminal.Say(new("Data folder.", "Dossier des données.")) };

    private static async Task CopyAsync(StorageOptions storage, string target, CancellationToken cancellation)
    {
        if (!File.Exists(storage.SqliteFile))
        {
            throw new CommandFailed(NothingThere.With(storage.DataFolder).ToString(), Terminal.ExitFailed);
        }

        await SqliteFiles.CopyAsync(storage.SqliteFile, target, cancellation);
    }

    private static async Task DownloadAsync(string target, CancellationToken cancellation)
    {
        using var api = new ApiClient();
        await api.DownloadToAsync("/api/v1/backup", target, cancellation);
    }

    /// <summary>Checks the backup, moves the present database aside, puts the backup in its place by one rename; gives where the old one is.</summary>
    private static async Task<string?> PutBackAsync(StorageOptions storage, string backup, bool replace, CancellationToken cancellation)
    {
        if (!File.Exists(backup))
        {
            throw new CommandFailed(NoFile.With(backup).ToString(), Terminal.ExitUsage);
        }

        var (problem, applied) = await SqliteFiles.ReadAsync(backup, cancellation);
        using var db = new SqliteDesign().CreateDbContext([]);
        var strange = applied.Except(db.Database.GetMigrations(), StringComparer.Ordinal).FirstOrDefault();
        if ((problem ?? (strange is null ? null : StorageText.NewerDatabase.With(strange))) is { } refusal)
        {
            throw new CommandFailed(refusal.ToString(), Terminal.ExitFailed);
        }

        OwnersOnly.Folder(storage.DataFolder);
        using var locked = DataFolder.Lock(storage.DataFolder);
        var incoming = storage.SqliteFile + ".incoming";
        File.Delete(incoming);
        await SqliteFiles.CopyAsync(backup, incoming, cancellation);
        string? aside = null;
        if (File.Exists(storage.SqliteFile))
        {
            if (!replace)
            {
                File.Delete(incoming);
                throw new CommandFailed(Occupied.With(storage.DataFolder).ToString(), Terminal.ExitFailed);
            }

            OwnersOnly.Folder(storage.BackupFolder);
            aside = Path.Combine(storage.BackupFolder, $"replaced-{TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.db");
            await SqliteFiles.CopyAsync(storage.SqliteFile, aside, cancellation);
        }

        File.Delete(storage.SqliteFile + "-wal");
        File.Delete(storage.SqliteFile + "-shm");
        File.Move(incoming, storage.SqliteFile, overwrite: true);
        return aside;
    }
}
