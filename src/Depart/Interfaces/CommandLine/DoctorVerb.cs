using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Mail;
using Depart.Proof;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.CommandLine;

/// <summary>What a check of <c>doctor</c> found.</summary>
public enum Finding
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, but should be changed.</summary>
    Advice,

    /// <summary>Does not work.</summary>
    Bad,
}

/// <summary><c>doctor</c>: what is wrong here, and what to do about each thing. Changes nothing. Exit 0 all good, 3 advice, 1 something bad.</summary>
internal static class DoctorVerb
{
    private static readonly Words Folder = new("Data folder", "Dossier des données");
    private static readonly Words FolderMissing = new("{0} does not exist yet: the first start makes it.", "{0} n’existe pas encore : le premier démarrage le crée.");
    private static readonly Words FolderOpen = new("{0} can be read by other users: chmod 700 {0}", "{0} est lisible par d’autres utilisateurs : chmod 700 {0}");
    private static readonly Words FolderUnwritable = new("{0} cannot be written by this user: run depart as its owner, or chown it.", "{0} n’est pas accessible en écriture : lancez depart sous le compte de son propriétaire, ou changez-le par chown.");
    private static readonly Words Lock = new("Lock", "Verrou");
    private static readonly Words LockFree = new("no server runs on it.", "aucun serveur ne tourne dessus.");
    private static readonly Words LockHeld = new("a server runs (process {0}).", "un serveur tourne (processus {0}).");
    private static readonly Words Key = new("Key of the secrets", "Clé des secrets");
    private static readonly Words KeyPassphrase = new("a passphrase, from DEPART__Passphrase.", "une phrase secrète, dans DEPART__Passphrase.");
    private static readonly Words KeyMissing = new("{0} is missing though the database exists: put it back, or the secrets of the systems must be entered again.", "{0} manque alors que la base existe : remettez-le, sinon les secrets des systèmes sont à ressaisir.");
    private static readonly Words KeyNotYet = new("{0} will be made by the first start.", "{0} sera créé au premier démarrage.");
    private static readonly Words KeyOpen = new("{0} can be read by other users: chmod 600 {0}", "{0} est lisible par d’autres utilisateurs : chmod 600 {0}");
    private static readonly Words KeyBeside = new(
        "{0} lies beside the database it protects: move it (mv {0} /etc/depart.key), set DEPART__KeyFile=/etc/depart.key, and keep a copy apart from the backups.",
        "{0} est à côté de la base qu’il protège : déplacez-le (mv {0} /etc/depart.key), renseignez DEPART__KeyFile=/etc/depart.key, et gardez-en une copie à l’écart des sauvegardes.");

    private static readonly Words Database = new("Database", "Base de données");
    private static readonly Words NoDatabase = new("none yet: the first start makes it.", "aucune pour l’instant : le premier démarrage la crée.");
    private static readonly Words Version = new("{0}, schema {1}, nothing to migrate.", "{0}, schéma {1}, rien à migrer.");
    private static readonly Words Pending = new("{0}: migrations waiting: {1}; the next start applies them{2}.", "{0} : migrations en attente : {1} ; le prochain démarrage les applique{2}.");
    private static readonly Words AfterBackup = new(", after a backup", ", après une sauvegarde");
    private static readonly Words Unreachable = new("PostgreSQL does not answer: {0}. Check DEPART__Database.", "PostgreSQL ne répond pas : {0}. Vérifiez DEPART__Database.");
    private static readonly Words JournalName = new("Journal", "Journal");
    private static readonly Words JournalNone = new("nothing to read yet.", "rien à lire pour l’instant.");
    private static readonly Words JournalHolds = new("entries read: {0}, chains: {1}, and all hold; last checkpoint: {2}.", "entrées relues : {0}, chaînes : {1}, et tout concorde ; dernier point de contrôle : {2}.");
    private static readonly Words JournalUnread = new("could not be read: {0}", "n’a pas pu être lu : {0}");
    private static readonly Words JournalLost = new(
        "holds, but this database was once found older than its last checkpoint: {0} says which. Expected after a restore; then move the file away.",
        "concorde, mais cette base a été trouvée un jour plus ancienne que son dernier point de contrôle : {0} dit lequel. Attendu après une restauration ; déplacez alors le fichier.");

    private static readonly Words ArchiveBad = new("{0}: {1}", "{0} : {1}");
    private static readonly Words OldKey = new("Old key file", "Ancien fichier de clé");
    private static readonly Words OldKeyLeft = new(
        "{0} is no longer used, the database holds the key: keep a copy in a safe if you wish, and delete it here.",
        "{0} ne sert plus, la base contient la clé : gardez-en une copie au coffre si vous le souhaitez, et supprimez-le ici.");

    private static readonly Words MailName = new("Mail", "Courriels");
    private static readonly Words MailSet = new("{0}; waiting: {1}; refused or uncertain: {2}.", "{0} ; en attente : {1} ; refusés ou incertains : {2}.");
    private static readonly Words MailMissing = new("{0} Set one: docs/administrators/mail.md", "{0} Réglez-en un : docs/administrators/mail.md");
    private static readonly Words Disk = new("Free disk", "Espace libre");
    private static readonly Words DiskFree = new("{0:N1} GB on {1}.", "{0:N1} Go sur {1}.");
    private static readonly Words DiskShort = new("only {0:N1} GB on {1}: a backup needs as much as the database. Make room.", "seulement {0:N1} Go sur {1} : une sauvegarde prend autant que la base. Faites de la place.");
    private static readonly Words Ldap = new("LDAP library", "Bibliothèque LDAP");
    private static readonly Words LdapFound = new("{0} found.", "{0} trouvée.");
    private static readonly Words LdapMissing = new("missing: LDAP and Active Directory cannot be reached. Debian, Ubuntu: apt install libldap2. Red Hat: dnf install openldap.", "absente : LDAP et Active Directory sont injoignables. Debian, Ubuntu : apt install libldap2. Red Hat : dnf install openldap.");
    private static readonly Words Fonts = new("Fonts", "Polices");
    private static readonly Words FontsFound = new("{0} found.", "{0} trouvées.");
    private static readonly Words FontsMissing = new("none: PDF documents cannot be made. Debian, Ubuntu: apt install fonts-dejavu-core", "aucune : les documents PDF ne peuvent pas être faits. Debian, Ubuntu : apt install fonts-dejavu-core");
    private static readonly Words Clock = new("Clock", "Horloge");
    private static readonly Words ClockFine = new("{0:yyyy-MM-dd HH:mm:ss} UTC; time zones are there.", "{0:yyyy-MM-dd HH:mm:ss} UTC ; les fuseaux horaires sont là.");
    private static readonly Words ClockBehind = new("{0:yyyy-MM-dd HH:mm:ss} UTC is earlier than this program: set the clock (timedatectl set-ntp true).", "{0:yyyy-MM-dd HH:mm:ss} UTC est antérieur à ce programme : réglez l’horloge (timedatectl set-ntp true).");
    private static readonly Words ClockBeforeData = new("{0:yyyy-MM-dd HH:mm:ss} UTC is earlier than the last write to the database: set the clock (timedatectl set-ntp true).", "{0:yyyy-MM-dd HH:mm:ss} UTC est antérieur à la dernière écriture de la base : réglez l’horloge (timedatectl set-ntp true).");
    private static readonly Words NoZones = new("time zones are missing. Debian, Ubuntu: apt install tzdata", "les fuseaux horaires manquent. Debian, Ubuntu : apt install tzdata");

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = Terminal.Say(new("Data folder.", "Dossier des données.")) };
        var evidence = new Option<string[]>("--evidence")
        {
            Description = Terminal.Say(new("Evidence archives that the database must still bear out.", "Archives de preuves que la base doit encore confirmer.")),
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("doctor", Terminal.Say(new("Looks at this installation and says what to do.", "Examine cette installation et dit quoi faire."))) { data, evidence };
        command.SetAction(async (parsed, cancellation) =>
        {
            var findings = await ExamineAsync(StorageOptions.FromEnvironment(DataFolder.Of(parsed.GetValue(data))), TimeProvider.System, parsed.GetValue(evidence) ?? [], cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(JsonSerializer.Serialize(findings, ApiJson.Options));
            }
            else
            {
                foreach (var line in findings)
                {
                    Console.WriteLine($"{line.Finding switch { Finding.Good => "✓", Finding.Advice => "!", _ => "✗" }} {line.Check} — {line.What}");
                }
            }

            return findings.Any(line => line.Finding == Finding.Bad) ? Terminal.ExitFailed
                : findings.Any(line => line.Finding == Finding.Advice) ? Terminal.ExitPartly : Terminal.ExitDone;
        });
        return command;
    }

    /// <summary>Every check, in the order in which one would set things right.</summary>
    public static Task<IReadOnlyList<Line>> ExamineAsync(StorageOptions storage, TimeProvider clock, CancellationToken cancellation) =>
        ExamineAsync(storage, clock, [], cancellation);

    /// <summary>Every check; the database must also bear out these archives.</summary>
    public static async Task<IReadOnlyList<Line>> ExamineAsync(StorageOptions storage, TimeProvider clock, IReadOnlyList<string> evidence, CancellationToken cancellation) =>
    [
        FolderLine(storage), LockLine(storage), KeyLine(storage), await DatabaseLineAsync(storage, cancellation),
        .. await JournalLinesAsync(storage, evidence, cancellation), .. await MailLinesAsync(storage, cancellation), DiskLine(storage), ClockLine(storage, clock), LdapLine(), FontsLine(),
    ];

    /// <summary>One check: what was looked at, what was found, what to do.</summary>
    public sealed record Line(Words Check, Finding Finding, Words What);

    private static Line FolderLine(StorageOptions storage)
    {
        var folder = storage.DataFolder;
        return !Directory.Exists(folder) ? new(Folder, Finding.Good, FolderMissing.With(folder))
            : !IsWritable(folder) ? new(Folder, Finding.Bad, FolderUnwritable.With(folder))
            : OwnersOnly.IsOpenToOthers(folder) ? new(Folder, Finding.Advice, FolderOpen.With(folder))
            : new(Folder, Finding.Good, Words.Same(folder));
    }

    private static bool IsWritable(string folder)
    {
        var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static Line LockLine(StorageOptions storage)
    {
        var file = Path.Combine(storage.DataFolder, "depart.lock");
        if (!File.Exists(file))
        {
            return new(Lock, Finding.Good, LockFree);
        }

        try
        {
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                return new(Lock, Finding.Good, LockFree);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(Lock, Finding.Good, LockHeld.With(HolderOf(file)));
        }
    }

    /// <summary>The process in the lock file; read without sharing rules, which .NET's own file handles would ask for.</summary>
    private static string HolderOf(string file)
    {
        using var cat = OperatingSystem.IsWindows() ? null : Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true, UseShellExecute = false });
        return cat?.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } pid ? pid : "?";
    }

    private static Line KeyLine(StorageOptions storage)
    {
        var file = storage.KeyFile;
        if (storage.Passphrase is not null)
        {
            return new(Key, Finding.Good, KeyPassphrase);
        }

        if (!File.Exists(file))
        {
            return File.Exists(storage.SqliteFile) ? new(Key, Finding.Bad, KeyMissing.With(file)) : new(Key, Finding.Good, KeyNotYet.With(file));
        }

        return OwnersOnly.IsOpenToOthers(file) ? new(Key, Finding.Bad, KeyOpen.With(file))
            : Path.GetDirectoryName(Path.GetFullPath(file)) == Path.GetFullPath(storage.DataFolder) ? new(Key, Finding.Advice, KeyBeside.With(file))
            : new(Key, Finding.Good, Words.Same(file));
    }

    private static async Task<Line> DatabaseLineAsync(StorageOptions storage, CancellationToken cancellation)
    {
        if (storage.PostgreSql is { } connection)
        {
            await using var server = new PostgreSqlDb(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql(connection).Options);
            try
            {
                var there = (await server.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
                return SchemaLine("PostgreSQL", there, [.. server.Database.GetMigrations()], Words.Same(""));
            }
            catch (Exception error) when (error is Npgsql.NpgsqlException or InvalidOperationException or TimeoutException)
            {
                return new(Database, Finding.Bad, Unreachable.With(error.Message));
            }
        }

        if (!File.Exists(storage.SqliteFile))
        {
            return new(Database, Finding.Good, NoDatabase);
        }

        var (problem, applied) = await SqliteFiles.ReadAsync(storage.SqliteFile, cancellation);
        using var known = new SqliteDesign().CreateDbContext([]);
        return problem is not null ? new(Database, Finding.Bad, problem) : SchemaLine("SQLite", applied, [.. known.Database.GetMigrations()], AfterBackup);
    }

    private static Line SchemaLine(string name, IReadOnlyList<string> applied, IReadOnlyList<string> known, Words backup)
    {
        var waiting = known.Except(applied, StringComparer.Ordinal).Count();
        return applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } strange ? new(Database, Finding.Bad, StorageText.NewerDatabase.With(strange))
            : waiting > 0 ? new(Database, Finding.Advice, Pending.With(name, waiting, backup))
            : new(Database, Finding.Good, Version.With(name, applied[^1]));
    }

    private static async Task<IReadOnlyList<Line>> JournalLinesAsync(StorageOptions storage, IReadOnlyList<string> evidence, CancellationToken cancellation)
    {
        var lines = new List<Line>();
        if (Directory.Exists(storage.DataFolder) && Directory.GetFiles(storage.DataFolder, "signing-key.pem.imported") is [var old, ..])
        {
            lines.Add(new(OldKey, Finding.Advice, OldKeyLeft.With(old)));
        }

        if (storage.PostgreSql is null && !File.Exists(storage.SqliteFile))
        {
            return [.. lines, new(JournalName, Finding.Good, JournalNone)];
        }

        var outside = new List<OutsideCheckpoint>();
        if (OutsideCheckpoint.Read(storage) is { } beside)
        {
            outside.Add(beside);
        }

        foreach (var file in evidence)
        {
            if (!File.Exists(file))
            {
                lines.Add(new(JournalName, Finding.Bad, JournalUnread.With(file)));
                continue;
            }

            await using var archive = File.OpenRead(file);
            var report = Evidence.EvidenceVerifier.Verify(archive, null);
            lines.AddRange(report.Findings.Take(1).Select(finding => new Line(JournalName, Finding.Bad, ArchiveBad.With(file, new Words(finding.En, finding.Fr)))));
            if (report.Checkpoint is { } shown)
            {
                outside.Add(new(file, shown));
            }
        }

        await using var db = Open(storage);
        try
        {
            var check = await new JournalAudit(db).RunAsync(null, outside, cancellation);
            lines.AddRange(check.Broken.Select(broken => new Line(JournalName, Finding.Bad, broken)));
            if (check.Broken.Count == 0)
            {
                lines.Add(OutsideCheckpoint.LostIn(storage) is [.., var lost]
                    ? new(JournalName, Finding.Advice, JournalLost.With(lost))
                    : new(JournalName, Finding.Good, JournalHolds.With(check.Entries, check.Chains, check.Checkpoint is null ? "—" : $"{check.Checkpoint}, {check.SealedAt:yyyy-MM-dd HH:mm:ss} UTC")));
            }
        }
        catch (Exception error) when (error is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            lines.Add(new(JournalName, Finding.Advice, JournalUnread.With(error.Message)));
        }

        return lines;
    }

    /// <summary>Says when mails wait for nothing but a server; silent while there is no database to ask.</summary>
    private static async Task<IReadOnlyList<Line>> MailLinesAsync(StorageOptions storage, CancellationToken cancellation)
    {
        if (storage.PostgreSql is null && !File.Exists(storage.SqliteFile))
        {
            return [];
        }

        await using var db = Open(storage);
        try
        {
            var server = await db.Set<MailServer>().AsNoTracking().SingleOrDefaultAsync(cancellation);
            var waiting = await db.Set<OutgoingMail>().CountAsync(mail => mail.State == MailState.Waiting, cancellation);
            var stuck = await db.Set<OutgoingMail>().CountAsync(mail => mail.State == MailState.Refused || mail.State == MailState.Uncertain, cancellation);
            return
            [
                server is not null ? new(MailName, Finding.Good, MailSet.With($"{server.Host}:{server.Port}", waiting, stuck))
                    : waiting == 0 ? new(MailName, Finding.Good, MailText.NoneWaits)
                    : new(MailName, Finding.Advice, MailMissing.With(Words.Count(waiting, MailText.OneWaits, MailText.ManyWait))),
            ];
        }
        catch (Exception error) when (error is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            // The lines on the database say why.
            return [];
        }
    }

    private static DepartDb Open(StorageOptions storage) => storage.PostgreSql is { } connection
        ? DepartDb.OnConsole(new PostgreSqlDb(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql(connection).Options))
        : DepartDb.OnConsole(new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={storage.SqliteFile};Mode=ReadOnly;Pooling=False").Options));

    private static Line DiskLine(StorageOptions storage)
    {
        var folder = storage.DataFolder;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var size = File.Exists(storage.SqliteFile) ? new FileInfo(storage.SqliteFile).Length : 0;
        var (gigabytes, enough) = (free / 1e9, free > (2 * size) + 500_000_000);
        return enough ? new(Disk, Finding.Good, DiskFree.With(gigabytes, folder)) : new(Disk, Finding.Bad, DiskShort.With(gigabytes, folder));
    }

    private static Line ClockLine(StorageOptions storage, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var built = File.GetLastWriteTimeUtc(typeof(DoctorVerb).Assembly.Location);
        var written = File.Exists(storage.SqliteFile) ? File.GetLastWriteTimeUtc(storage.SqliteFile) : DateTime.MinValue;
        return LocalInstant.FindZone("Europe/Paris") is null ? new(Clock, Finding.Bad, NoZones)
            : now.UtcDateTime.AddMinutes(5) < built ? new(Clock, Finding.Bad, ClockBehind.With(now))
            : now.UtcDateTime.AddMinutes(5) < written ? new(Clock, Finding.Bad, ClockBeforeData.With(now))
            : new(Clock, Finding.Good, ClockFine.With(now));
    }

    private static Line LdapLine()
    {
        foreach (var name in OperatingSystem.IsWindows() ? ["wldap32.dll"] : OperatingSystem.IsMacOS() ? ["libldap.dylib"] : new[] { "libldap.so.2", "libldap-2.6.so.0", "libldap-2.5.so.0", "libldap-2.4.so.2" })
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                NativeLibrary.Free(handle);
                return new(Ldap, Finding.Good, LdapFound.With(name));
            }
        }

        return new(Ldap, Finding.Advice, LdapMissing);
    }

    private static Line FontsLine()
    {
        string[] folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", Environment.GetFolderPath(Environment.SpecialFolder.Fonts)];
        var count = folders.Where(folder => folder.Length > 0 && Directory.Exists(folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            .Count(file => Path.GetExtension(file).ToLower(CultureInfo.InvariantCulture) is ".ttf" or ".otf" or ".ttc");
        return count > 0 ? new(Fonts, Finding.Good, FontsFound.With(count)) : new(Fonts, Finding.Advice, FontsMissing);
    }
}
