using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Evidence;
using Depart.Foundation;
using Depart.Missions;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>departures</c>.</summary>
internal static class DeparturesVerbs
{
    private static readonly Words NoMission = new("{0} has no mission.", "{0} n’a aucune mission.");

    public static Command Create()
    {
        var person = new Option<string>("--person") { Required = true };
        var lastDay = Days.Required("--last-day");
        var open = new Command("open", Terminal.Say(new("Opens a departure.", "Ouvre un départ."))) { person, lastDay };
        open.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var found = await api.PersonAsync(parsed.GetValue(person)!, cancellation);
            var mission = found["missions"]!.AsArray().FirstOrDefault()?["id"]?.GetValue<Guid>()
                ?? throw new CommandFailed(NoMission.With(found["name"]).ToString(), Terminal.ExitFailed);
            var id = await api.PostAsync("/api/v1/departures", new OpenDeparture(MissionId.From(mission), parsed.GetValue(lastDay)), cancellation);
            Console.WriteLine(id!.ToString());
            return Terminal.ExitDone;
        });
        var list = new Command("list", Terminal.Say(new("Departures, the next cut first.", "Les départs, prochaine coupure d’abord.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var page = (await api.GetAsync("/api/v1/departures?size=200", cancellation))!;
            foreach (var row in parsed.GetValue(Terminal.Json) ? [] : page["items"]!.AsArray())
            {
                Console.WriteLine($"{row!["id"]}  {row["lastDay"]}  {row["state"],-16}  {row["name"]} · {row["mission"]}");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(page.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        var show = Verb("show", new("Shows a departure.", "Montre un départ."), (api, id, _, cancellation) => api.GetAsync($"/api/v1/departures/{id}", cancellation));
        var cancel = Verb("cancel", new("Withdraws a departure.", "Annule un départ."), (api, id, _, cancellation) => api.PostAsync($"/api/v1/departures/{id}/cancel", null, cancellation));
        var newDay = Days.Required("--last-day");
        var reschedule = Verb("reschedule", new("Moves the last day.", "Déplace le dernier jour."), (api, id, parsed, cancellation) =>
            api.PostAsync($"/api/v1/departures/{id}/reschedule", new RescheduleDeparture.Body(parsed.GetValue(newDay), null, null), cancellation));
        reschedule.Options.Add(newDay);
        return new("departures", Terminal.Say(new("Departures.", "Les départs."))) { open, list, show, reschedule, cancel };
    }

    private static Command Verb(string name, Words about, Func<ApiClient, string, ParseResult, CancellationToken, Task<JsonNode?>> call)
    {
        var id = new Argument<string>("id");
        var verb = new Command(name, Terminal.Say(about)) { id };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            if (await call(api, Uri.EscapeDataString(parsed.GetValue(id)!), parsed, cancellation) is { } answer)
            {
                Console.WriteLine(answer.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return verb;
    }
}

/// <summary><c>evidence</c>: verification needs no server.</summary>
internal static class EvidenceVerbs
{
    private static readonly Words Exported = new("{0} written, signed by {1}", "{0} écrit, signé par {1}");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");
    private static readonly Words Signer = new("Signing key: {0}. Entries: {1}. Values erased since: {2}.", "Clé de signature : {0}. Entrées : {1}. Valeurs effacées depuis : {2}.");

    public static Command Create()
    {
        var departure = new Argument<string>("departure");
        var output = new Option<string>("--output") { DefaultValueFactory = _ => "depart-evidence.zip" };
        var export = new Command("export", Terminal.Say(new("Writes the evidence of a departure.", "Écrit les preuves d’un départ."))) { departure, output };
        export.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var (content, fingerprint) = await api.DownloadAsync($"/api/v1/departures/{Uri.EscapeDataString(parsed.GetValue(departure)!)}/evidence", cancellation);
            await File.WriteAllBytesAsync(parsed.GetValue(output)!, content, cancellation);
            Console.WriteLine(Exported.With(parsed.GetValue(output), fingerprint));
            return Terminal.ExitDone;
        });
        var file = new Argument<string>("file");
        var key = new Option<string?>("--key") { Description = Terminal.Say(new("The signer's published fingerprint.", "L’empreinte publiée du signataire.")) };
        var verify = new Command("verify", Terminal.Say(new("Checks an evidence archive, without a server.", "Vérifie une archive de preuves, sans serveur."))) { file, key };
        verify.SetAction(parsed => Verify(parsed.GetValue(file)!, parsed.GetValue(key), parsed.GetValue(Terminal.Json)));
        return new("evidence", Terminal.Say(new("Evidence archives.", "Les archives de preuves."))) { export, verify };
    }

    private static int Verify(string path, string? key, bool json)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
        }

        using var archive = File.OpenRead(path);
        var report = EvidenceVerifier.Verify(archive, key);
        if (json)
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(report, Foundation.Door.ApiJson.Options));
        }
        else
        {
            Console.WriteLine(report.Verdict switch
            {
                EvidenceVerdict.Genuine => new Words("Genuine: unaltered, signed by the key you gave.", "Authentique : intact, signé par la clé indiquée."),
                EvidenceVerdict.ConsistentSignerNotChecked => new("Consistent, signer not checked: compare the key below with the published one.", "Cohérent, signataire non vérifié : comparez la clé ci-dessous à celle qui est publiée."),
                EvidenceVerdict.Broken => new("BROKEN: this archive does not prove anything.", "ALTÉRÉ : cette archive ne prouve rien."),
                _ => new("Not an evidence archive.", "Ce n’est pas une archive de preuves."),
            });
            foreach (var finding in report.Findings)
            {
                Console.WriteLine($"  {finding.Place}: {new Words(finding.En, finding.Fr)}");
            }

            Console.WriteLine(Signer.With(report.Fingerprint ?? "?", report.Entries, report.Erased));
        }

        return report.Verdict is EvidenceVerdict.Genuine or EvidenceVerdict.ConsistentSignerNotChecked ? Terminal.ExitDone : Terminal.ExitFailed;
    }
}
