using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>systems</c>.</summary>
internal static class SystemsVerbs
{
    private static readonly Words NoSuch = new("There is no system called {0}. Known ones: {1}.", "Aucun système ne s’appelle {0}. Systèmes connus : {1}.");
    private static readonly Words Added = new("{0}: added. Nothing was sent to it yet; test it with: depart systems test '{0}'", "{0} : ajouté. Rien ne lui a encore été envoyé ; testez-le avec : depart systems test '{0}'");
    private static readonly Words Changed = new("{0}: changed.", "{0} : modifié.");
    private static readonly Words Removed = new("{0}: removed.", "{0} : retiré.");
    private static readonly Words PausedNow = new("{0}: paused. What is due there waits.", "{0} : en pause. Ce qui y est prévu attend.");
    private static readonly Words Resumed = new("{0}: no longer paused. What waited is sent.", "{0} : la pause est finie. Ce qui attendait est envoyé.");
    private static readonly Words Paused = new("paused", "en pause");
    private static readonly Words PausedFor = new("paused: {0}", "en pause : {0}");
    private static readonly Words OneAccount = new("{0} account", "{0} compte");
    private static readonly Words ManyAccounts = new("{0} accounts", "{0} comptes");
    private static readonly Words Held = new("{0}: {1}", "{0} : {1}");
    private static readonly Words Proposes = new("{0} proposes {1} = {2}", "{0} propose {1} = {2}");
    private static readonly Words HowToAccept = new("Compare with the server itself, then run again with --accept.", "Comparez avec le serveur lui-même, puis relancez avec --accept.");
    private static readonly Words Accepted = new("Accepted into the settings.", "Accepté dans les réglages.");

    public static Command Create() => new("systems", Terminal.Say(new("The company’s systems.", "Les systèmes de l’entreprise.")))
    {
        Add(), List(), Show(), Test(), DiscoveryVerb.Create(), Pause(), Resume(), Remove(), Connectors(),
    };

    /// <summary>The system with a name, any case.</summary>
    public static async Task<JsonObject> FindAsync(ApiClient api, string name, CancellationToken cancellation)
    {
        var systems = (await api.GetAsync("/api/v1/systems", cancellation))!.AsArray();
        return systems.FirstOrDefault(known => string.Equals(known!["name"]!.ToString(), name, StringComparison.OrdinalIgnoreCase))?.AsObject()
            ?? throw new CommandFailed(NoSuch.With(name, string.Join(", ", systems.Select(known => known!["name"]))).ToString(), Terminal.ExitFailed);
    }

    /// <summary>The argument of most verbs.</summary>
    public static Argument<string> Name() => new("name") { Description = Terminal.Say(new("The system's name.", "Le nom du système.")) };

    private static Command Add()
    {
        var file = new Argument<string>("file");
        var update = new Option<bool>("--update") { Description = Terminal.Say(new("Change systems of the same name, too.", "Modifie aussi les systèmes du même nom.")) };
        var add = new Command("add", Terminal.Say(new("Adds the systems described in a YAML file; reaches none of them.", "Ajoute les systèmes décrits dans un fichier YAML, sans en contacter aucun."))) { file, update };
        add.SetAction(async (parsed, cancellation) =>
        {
            var described = SystemFile.Read(parsed.GetValue(file)!);
            using var api = new ApiClient();
            var known = parsed.GetValue(update) ? (await api.GetAsync("/api/v1/systems", cancellation))!.AsArray() : [];
            var (done, result) = (0, new JsonArray());
            foreach (var system in described)
            {
                try
                {
                    var existing = known.FirstOrDefault(row => string.Equals(row!["name"]!.ToString(), system.Name, StringComparison.OrdinalIgnoreCase));
                    var id = existing is null ? await AddAsync(api, system, cancellation) : await ChangeAsync(api, system, existing, cancellation);
                    result.Add(new JsonObject { ["name"] = system.Name, ["id"] = id });
                    await Console.Error.WriteLineAsync((existing is null ? Added : Changed).With(system.Name).ToString());
                    done++;
                }
                catch (CommandFailed refused)
                {
                    // One that is refused does not stop the others; each line says which.
                    await Console.Error.WriteLineAsync(SystemFile.Refused(system, refused).Message);
                }
            }

            Print(parsed, result);
            return done == described.Count ? Terminal.ExitDone : done > 0 ? Terminal.ExitPartly : Terminal.ExitFailed;
        });
        return add;
    }

    private static async Task<string> AddAsync(ApiClient api, DescribedSystem system, CancellationToken cancellation) =>
        (await api.PostAsync("/api/v1/systems", new AddSystem(
            system.Name, system.Connector, system.Settings, system.ProtectedAccounts, system.After, system.Concurrency, system.Rate), cancellation))!.ToString();

    private static async Task<string> ChangeAsync(ApiClient api, DescribedSystem system, JsonNode existing, CancellationToken cancellation)
    {
        var id = existing["id"]!.ToString();
        await api.PutAsync($"/api/v1/systems/{id}", new ChangeSystem.Body(
            system.Name, system.Settings, null, system.ProtectedAccounts, system.After, system.Concurrency, system.Rate), cancellation);
        return id;
    }

    private static Command List()
    {
        var list = new Command("list", Terminal.Say(new("Systems by name, with how many accounts are known there.", "Les systèmes par nom, avec le nombre de comptes connus.")));
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var systems = (await api.GetAsync("/api/v1/systems", cancellation))!.AsArray();
            foreach (var system in parsed.GetValue(Terminal.Json) ? [] : systems)
            {
                Console.WriteLine($"{system!["name"]} ({system["connector"]})  {Foundation.Words.Count((int)system["accounts"]!, OneAccount, ManyAccounts)}{((bool)system["paused"]! ? $"  [{(system["pausedWhy"] is { } why ? PausedFor.With(why) : Paused)}]" : "")}");
            }

            Print(parsed, systems);
            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Show()
    {
        var name = Name();
        var show = new Command("show", Terminal.Say(new("Shows a system; secrets never.", "Montre un système, jamais ses secrets."))) { name };
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            if (!parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine($"{system["name"]} ({system["connector"]})");
                foreach (var (key, value) in system["settings"]!.AsObject())
                {
                    Console.WriteLine($"  {key}: {value}");
                }

                foreach (var secret in system["secretsSet"]!.AsArray())
                {
                    Console.WriteLine($"  {secret}: ********");
                }
            }

            Print(parsed, system);
            return Terminal.ExitDone;
        });
        return show;
    }

    private static Command Test()
    {
        var name = Name();
        var accept = new Option<bool>("--accept") { Description = Terminal.Say(new("Accept what the test proposes (a host key).", "Accepte ce que le test propose (une clé d’hôte).")) };
        var test = new Command("test", Terminal.Say(new("Tests a connection and names each missing right.", "Teste une connexion et nomme chaque droit manquant."))) { name, accept };
        test.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            var report = (await api.GetAsync($"/api/v1/systems/{system["id"]}/test", cancellation))!.AsObject();
            var proposed = report["proposed"]?.AsObject() ?? [];
            if (!parsed.GetValue(Terminal.Json))
            {
                Say(report);
                foreach (var (key, value) in proposed)
                {
                    Console.WriteLine(Proposes.With(system["name"], key, value));
                }
            }

            Print(parsed, report);
            if (proposed.Count == 0)
            {
                return (bool)report["ready"]! ? Terminal.ExitDone : Terminal.ExitFailed;
            }

            if (!parsed.GetValue(accept))
            {
                await Console.Error.WriteLineAsync(HowToAccept.ToString());
                return Terminal.ExitFailed;
            }

            await api.PostAsync($"/api/v1/systems/{system["id"]}/proposed", proposed, cancellation);
            await Console.Error.WriteLineAsync(Accepted.ToString());
            return Terminal.ExitDone;
        });
        return test;
    }

    private static void Say(JsonObject report)
    {
        if (report["failure"] is { } failure)
        {
            Console.WriteLine(ApiClient.Words(failure["what"]));
            if (failure["remedy"] is { } remedy)
            {
                Console.WriteLine($"  {ApiClient.Words(remedy)}");
            }
        }

        foreach (var right in report["rights"]!.AsArray())
        {
            Console.WriteLine($"  {Held.With(RightWord(right!["state"]!.ToString()), ApiClient.Words(right["right"]))}");
            if (right["state"]!.ToString() == "missing" && right["remedy"] is { } remedy)
            {
                Console.WriteLine($"    {ApiClient.Words(remedy)}");
            }
        }
    }

    private static Words RightWord(string state) => state switch
    {
        "held" => new("held", "acquis"),
        "missing" => new("MISSING", "MANQUANT"),
        _ => new("not checked", "non vérifié"),
    };

    private static Command Pause()
    {
        var name = Name();
        var reason = new Option<string>("--reason") { Required = true };
        var pause = new Command("pause", Terminal.Say(new("Sends nothing more to a system.", "N’envoie plus rien à un système."))) { name, reason };
        pause.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            await api.PostAsync($"/api/v1/systems/{system["id"]}/pause", new PauseSystem.Body(parsed.GetValue(reason)!), cancellation);
            await Console.Error.WriteLineAsync(PausedNow.With(system["name"]).ToString());
            return Terminal.ExitDone;
        });
        return pause;
    }

    private static Command Resume()
    {
        var name = Name();
        var resume = new Command("resume", Terminal.Say(new("Resumes a system.", "Laisse un système reprendre."))) { name };
        resume.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            await api.PostAsync($"/api/v1/systems/{system["id"]}/resume", null, cancellation);
            await Console.Error.WriteLineAsync(Resumed.With(system["name"]).ToString());
            return Terminal.ExitDone;
        });
        return resume;
    }

    private static Command Remove()
    {
        var name = Name();
        var withAccounts = new Option<bool>("--with-accounts") { Description = Terminal.Say(new("Although it has accounts.", "Bien qu’il ait des comptes.")) };
        var remove = new Command("remove", Terminal.Say(new("Removes a system and forgets its secrets.", "Retire un système et oublie ses secrets."))) { name, withAccounts };
        remove.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await FindAsync(api, parsed.GetValue(name)!, cancellation);
            await api.DeleteAsync($"/api/v1/systems/{system["id"]}?withAccounts={(parsed.GetValue(withAccounts) ? "true" : "false")}", cancellation);
            await Console.Error.WriteLineAsync(Removed.With(system["name"]).ToString());
            return Terminal.ExitDone;
        });
        return remove;
    }

    private static Command Connectors()
    {
        var connectors = new Command("connectors", Terminal.Say(new("What can be connected, and which settings it takes.", "Ce qui peut être connecté, et avec quels réglages.")));
        connectors.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var kinds = (await api.GetAsync("/api/v1/connectors", cancellation))!.AsArray();
            foreach (var kind in parsed.GetValue(Terminal.Json) ? [] : kinds)
            {
                Console.WriteLine($"{kind!["key"]}: {ApiClient.Words(kind["name"])}");
                foreach (var setting in kind["settings"]!.AsArray())
                {
                    var name = setting!["name"]!.ToString();
                    Console.WriteLine($"  {char.ToLowerInvariant(name[0])}{name[1..]}{((bool)setting["required"]! ? " *" : "")}: {ApiClient.Words(setting["label"])}");
                }
            }

            Print(parsed, kinds);
            return Terminal.ExitDone;
        });
        return connectors;
    }

    private static void Print(ParseResult parsed, JsonNode answer)
    {
        if (parsed.GetValue(Terminal.Json))
        {
            Console.WriteLine(answer.ToJsonString());
        }
    }
}

/// <summary><c>systems discover</c>.</summary>
internal static class DiscoveryVerb
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private static readonly Words Asked = new("{0}: discovery asked for; the server goes on with it. See what was found with: depart accounts list --system '{0}'", "{0} : découverte demandée ; le serveur s’en charge. Voyez ce qui a été trouvé avec : depart accounts list --system '{0}'");
    private static readonly Words Reading = new("{0}: accounts read: {1}…", "{0} : comptes lus : {1}…");
    private static readonly Words Ended = new(
        "{0}: {1} read, {2} new, {3} matched, {4} doubtful, {5} orphans, {6} zombies, {7} not seen any more.",
        "{0} : {1} lus, {2} nouveaux, {3} rattachés, {4} douteux, {5} orphelins, {6} de personnes parties, {7} disparus.");

    public static Command Create()
    {
        var name = SystemsVerbs.Name();
        var wait = new Option<bool>("--wait") { Description = Terminal.Say(new("Wait for the end, with progress.", "Attend la fin, en montrant l’avancement.")) };
        var discover = new Command("discover", Terminal.Say(new("Reads all accounts of a system.", "Lit tous les comptes d’un système."))) { name, wait };
        discover.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var system = await SystemsVerbs.FindAsync(api, parsed.GetValue(name)!, cancellation);
            var id = (await api.PostAsync($"/api/v1/systems/{system["id"]}/discoveries", null, cancellation))!.ToString();
            if (!parsed.GetValue(wait))
            {
                await Console.Error.WriteLineAsync(Asked.With(system["name"]).ToString());
                Console.WriteLine(id);
                return Terminal.ExitDone;
            }

            var run = await FollowAsync(api, system["name"]!.ToString(), id, cancellation);
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? run.ToJsonString() : Ended.With(
                system["name"], run["read"], run["new"], run["matched"], run["doubtful"], run["orphan"], run["zombie"], run["vanished"]).ToString());
            if (run["why"] is { } why)
            {
                await Console.Error.WriteLineAsync(ApiClient.Words(why));
            }

            return run["state"]!.ToString() switch
            {
                "done" => Terminal.ExitDone,
                "to-confirm" => Terminal.ExitPartly,
                _ => Terminal.ExitFailed,
            };
        });
        return discover;
    }

    private static async Task<JsonObject> FollowAsync(ApiClient api, string system, string id, CancellationToken cancellation)
    {
        var shown = -1;
        while (true)
        {
            var run = (await api.GetAsync($"/api/v1/discoveries/{id}", cancellation))!.AsObject();
            if (run["endedAt"] is not null)
            {
                return run;
            }

            if ((int)run["read"]! is var read && read != shown)
            {
                await Console.Error.WriteLineAsync(Reading.With(system, read).ToString());
                shown = read;
            }

            await Task.Delay(Pace, cancellation);
        }
    }
}
