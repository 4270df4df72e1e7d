using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Evidence;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.CommandLine;

/// <summary>
/// <c>evidence</c>. Verification, reports and taking names out need no server. <c>verify</c>: exit 0 genuine, 3 consistent but signer not checked, 1 broken
/// or no archive, 2 usage.
/// </summary>
internal static class EvidenceVerbs
{
    private static readonly Words Exported = new("{0} written, signed by {1}", "{0} écrit, signé par {1}");
    private static readonly Words Written = new("{0} written.", "{0} écrit.");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");
    private static readonly Words NoFingerprint = new("--key {0}: a fingerprint has 64 hexadecimal digits.", "--key {0} : une empreinte compte 64 chiffres hexadécimaux.");
    private static readonly Words NoArchive = new("{0} is not an evidence archive: {1}", "{0} n’est pas une archive de preuves : {1}");
    private static readonly Words Genuine = new("GENUINE: unaltered, and signed by the key you gave.", "AUTHENTIQUE : intacte, et signée par la clé indiquée.");
    private static readonly Words NotChecked = new(
        "CONSISTENT, SIGNER NOT CHECKED: nothing was altered since it was signed. Whoever could re-sign it all would look the same: compare the key below with the published one, or give it with --key.",
        "COHÉRENTE, SIGNATAIRE NON VÉRIFIÉ : rien n’a été modifié depuis la signature. Un faux entièrement re-signé aurait le même aspect : comparez la clé ci-dessous à celle qui est publiée, ou indiquez-la par --key.");

    private static readonly Words Broken = new("BROKEN: this archive does not prove anything as it stands.", "ALTÉRÉE : en l’état, cette archive ne prouve rien.");
    private static readonly Words Unreadable = new("NOT AN ARCHIVE: this is no evidence archive of Depart.", "PAS UNE ARCHIVE : ceci n’est pas une archive de preuves de Départ.");
    private static readonly Words KeyLine = new("Signing key: {0}", "Clé de signature : {0}");
    private static readonly Words Holds = new("Journal: chain {0}, {1} entries, exported {2:yyyy-MM-dd HH:mm:ss} UTC", "Journal : chaîne {0}, {1} entrées, exporté le {2:yyyy-MM-dd HH:mm:ss} UTC");
    private static readonly Words SealLine = new("Checkpoint: {0} of {1:yyyy-MM-dd HH:mm:ss} UTC, root {2}", "Point de contrôle : {0} du {1:yyyy-MM-dd HH:mm:ss} UTC, racine {2}");
    private static readonly Words ErasedLine = new("Personal values not in it: {0} (erased or left out; not an error)", "Valeurs personnelles absentes : {0} (effacées ou omises ; ce n’est pas une erreur)");
    private static readonly Words KeyNow = new("{0}  signs since {1:yyyy-MM-dd}", "{0}  signe depuis le {1:yyyy-MM-dd}");
    private static readonly Words KeyThen = new("{0}  signed from {1:yyyy-MM-dd} to {2:yyyy-MM-dd}", "{0}  a signé du {1:yyyy-MM-dd} au {2:yyyy-MM-dd}");
    private static readonly Words Rotated = new(
        "New signing key: {0}. Publish this fingerprint; keep the old one published too, for what it signed.",
        "Nouvelle clé de signature : {0}. Publiez cette empreinte ; gardez aussi l’ancienne publiée, pour ce qu’elle a signé.");

    public static Command Create() => new("evidence", Terminal.Say(new("Evidence archives.", "Les archives de preuves."))) { Export(), Verify(), Report(), Redact(), Key(), Checkpoint() };

    private static Command Export()
    {
        var departure = new Argument<string>("departure");
        var output = new Option<string>("--output") { DefaultValueFactory = _ => "depart-evidence.zip" };
        var without = new Option<bool>("--without-personal") { Description = Terminal.Say(new("Leaves out names and all that could name somebody.", "Omet les noms et tout ce qui pourrait nommer quelqu’un.")) };
        var export = new Command("export", Terminal.Say(new("Writes the evidence of a departure.", "Écrit les preuves d’un départ."))) { departure, output, without };
        export.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var (content, fingerprint) = await api.DownloadAsync(
                $"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(departure)!)}/evidence{(parsed.GetValue(without) ? "?withoutPersonal=true" : "")}", cancellation);
            await File.WriteAllBytesAsync(parsed.GetValue(output)!, content, cancellation);
            Console.WriteLine(Exported.With(parsed.GetValue(output), fingerprint));
            return Terminal.ExitDone;
        });
        return export;
    }

    private static Command Verify()
    {
        var file = new Argument<string>("file") { Description = Terminal.Say(new("An archive, or a folder into which one was unpacked.", "Une archive, ou un dossier où elle a été décompressée.")) };
        var key = new Option<string?>("--key") { Description = Terminal.Say(new("The signer's published fingerprint.", "L’empreinte publiée du signataire.")) };
        var verify = new Command("verify", Terminal.Say(new("Checks an evidence archive, without a server.", "Vérifie une archive de preuves, sans serveur."))) { file, key };
        verify.SetAction(parsed => Verify(parsed.GetValue(file)!, parsed.GetValue(key), parsed.GetValue(Terminal.Json)));
        return verify;
    }

    private static Command Report()
    {
        var file = new Argument<string>("file");
        var output = new Option<string>("--output") { DefaultValueFactory = _ => "report.html" };
        var report = new Command("report", Terminal.Say(new(
            "Makes the readable report anew from the journal of an archive, without a server.", "Refait le rapport lisible à partir du journal d’une archive, sans serveur."))) { file, output };
        report.SetAction(async (parsed, cancellation) =>
        {
            var french = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr";
            await File.WriteAllTextAsync(parsed.GetValue(output)!, OfArchive(parsed.GetValue(file)!, bytes => EvidenceReport.Of(bytes, french)), cancellation);
            Console.WriteLine(Written.With(parsed.GetValue(output)));
            return Terminal.ExitDone;
        });
        return report;
    }

    private static Command Redact()
    {
        var file = new Argument<string>("file");
        var output = new Option<string>("--output") { Required = true };
        var redact = new Command("redact", Terminal.Say(new(
            "Takes names and personal values out of an archive; what is left still verifies.", "Retire d’une archive les noms et les valeurs personnelles ; le reste se vérifie toujours."))) { file, output };
        redact.SetAction(async (parsed, cancellation) =>
        {
            await File.WriteAllBytesAsync(parsed.GetValue(output)!, OfArchive(parsed.GetValue(file)!, EvidenceArchive.WithoutPersonal), cancellation);
            Console.WriteLine(Written.With(parsed.GetValue(output)));
            return Terminal.ExitDone;
        });
        return redact;
    }

    private static Command Key()
    {
        var show = new Command("key", Terminal.Say(new("Prints the fingerprint of the signing key, and of those before it.", "Affiche l’empreinte de la clé de signature, et celles d’avant.")));
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var keys = (await api.GetAsync("/api/v1/evidence/keys", cancellation))!.AsArray();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(keys.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var key in keys.OfType<JsonObject>())
            {
                var (fingerprint, from, to) = (key["fingerprint"]!.ToString(), key["madeAt"]!.GetValue<DateTimeOffset>(), key["retiredAt"]?.GetValue<DateTimeOffset>());
                Console.WriteLine(to is null ? KeyNow.With(fingerprint, from) : KeyThen.With(fingerprint, from, to));
            }

            return Terminal.ExitDone;
        });
        var rotate = new Command("rotate", Terminal.Say(new("Makes a new signing key; the old ones stay known.", "Crée une nouvelle clé de signature ; les anciennes restent connues.")));
        rotate.SetAction(async (_, cancellation) =>
        {
            using var api = new ApiClient();
            Console.WriteLine(Rotated.With((await api.PostAsync("/api/v1/evidence/keys", null, cancellation))!.ToString()));
            return Terminal.ExitDone;
        });
        show.Subcommands.Add(rotate);
        return show;
    }

    private static Command Checkpoint()
    {
        var number = new Argument<long?>("number")
        {
            Description = Terminal.Say(new("The checkpoint’s number; the last one when left out.", "Le numéro du point de contrôle ; le dernier si absent.")), Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("checkpoint", Terminal.Say(new(
            "Prints a checkpoint of the journal, to be kept elsewhere or compared with one that was.",
            "Affiche un point de contrôle du journal, à garder ailleurs ou à comparer à celui qui l’a été."))) { number };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var seal = (await api.GetAsync($"/api/v1/evidence/checkpoints/{parsed.GetValue(number)?.ToString(CultureInfo.InvariantCulture) ?? "last"}", cancellation))!.AsObject();
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? seal.ToJsonString() : Line(seal));
            return Terminal.ExitDone;
        });
        return command;
    }

    /// <summary>A checkpoint in one line, the same for ever.</summary>
    public static string Line(JsonObject seal) =>
        SealLine.With(seal["number"], seal["at"]!.GetValue<DateTimeOffset>().UtcDateTime, seal["root"]).ToString();

    private static T OfArchive<T>(string path, Func<byte[], T> make)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
        }

        try
        {
            return make(File.ReadAllBytes(path));
        }
        catch (InvalidDataException)
        {
            throw new CommandFailed(NoArchive.With(path).ToString(), Terminal.ExitFailed);
        }
    }

    private static int Verify(string path, string? key, bool json)
    {
        if (key is not null && !EvidenceVerifier.IsFingerprint(key))
        {
            throw new CommandFailed(NoFingerprint.With(key).ToString(), Terminal.ExitUsage);
        }

        VerificationReport report;
        if (Directory.Exists(path))
        {
            report = EvidenceVerifier.VerifyFolder(path, key);
        }
        else if (File.Exists(path))
        {
            using var archive = File.OpenRead(path);
            report = EvidenceVerifier.Verify(archive, key);
        }
        else
        {
            throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ApiJson.Options));
        }
        else
        {
            Print(report);
        }

        return report.Verdict switch
        {
            EvidenceVerdict.Genuine => Terminal.ExitDone,
            EvidenceVerdict.ConsistentSignerNotChecked => Terminal.ExitPartly,
            _ => Terminal.ExitFailed,
        };
    }

    private static void Print(VerificationReport report)
    {
        Console.WriteLine(report.Verdict switch
        {
            EvidenceVerdict.Genuine => Genuine,
            EvidenceVerdict.ConsistentSignerNotChecked => NotChecked,
            EvidenceVerdict.Broken => Broken,
            _ => Unreadable,
        });
        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"  ✗ {Plain(finding.Place)} — {Plain(new Words(finding.En, finding.Fr).ToString())}");
        }

        foreach (var note in report.Notes)
        {
            Console.WriteLine($"  · {Plain(note.Place)} — {Plain(new Words(note.En, note.Fr).ToString())}");
        }

        if (report.Verdict == EvidenceVerdict.Unreadable)
        {
            return;
        }

        Console.WriteLine(KeyLine.With(report.Fingerprint ?? "?"));
        if (report.Chain is not null)
        {
            Console.WriteLine(Plain(Holds.With(report.Chain, report.Entries, report.At?.UtcDateTime).ToString()));
        }

        if (report.Checkpoint is { } seal)
        {
            Console.WriteLine(Plain(SealLine.With(seal.Number, seal.At.UtcDateTime, seal.Root).ToString()));
        }

        if (report.Erased > 0)
        {
            Console.WriteLine(ErasedLine.With(report.Erased));
        }
    }

    /// <summary>A hostile archive does not write to the terminal what it likes.</summary>
    private static string Plain(string text) => new([.. text.Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
