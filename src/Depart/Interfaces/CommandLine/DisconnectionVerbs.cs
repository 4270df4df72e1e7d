using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>plan</c>, <c>disconnect</c>, <c>status</c>.</summary>
internal static class DisconnectionVerbs
{
    private static readonly Words NotBegun = new("No disconnection has begun; access is to be cut on {0}.", "Aucune déconnexion n’a commencé\u00a0; la coupure des accès est prévue le {0}.");
    private static readonly Words NoMission = new("{0} has no mission: a departure ends one.", "{0} n’a aucune mission\u00a0: un départ en termine une.");
    private static readonly Words PersonWords = new("Mail, login or name.", "Adresse, identifiant ou nom.");
    private static readonly Words Unreached = new("Not searched: {0} — {1}", "Non interrogé : {0} — {1}");
    private static readonly Words NoAccounts = new("No account was found.", "Aucun compte n’a été trouvé.");
    private static readonly Words After = new("after {0}", "après {0}");
    private static readonly Words NotSearched = new(
        "{0}: not searched, or protected and left as it is. An account may still be open there.", "{0} : non interrogé, ou protégé et laissé en l’état. Un compte peut y être encore ouvert.");

    private static readonly Words SomeOpen = new("Not everything is proved closed.", "Tout n’est pas prouvé fermé.");
    private static readonly Words StepsDone = new("{0} of {1} steps", "étapes : {0} sur {1}");
    private static readonly Words KeepIt = new(
        "{0}\nKeep this line elsewhere than on the server: “depart evidence checkpoint {1}” must always give the same.",
        "{0}\nGardez cette ligne ailleurs que sur le serveur : « depart evidence checkpoint {1} » doit toujours donner la même.");

    private static readonly Words NotSealed = new(
        "What was recorded is not covered by a checkpoint yet; it will be within five minutes (depart evidence checkpoint).",
        "Ce qui a été enregistré n’est pas encore couvert par un point de contrôle ; il le sera dans les cinq minutes (depart evidence checkpoint).");

    private static readonly Words GoesOn = new(
        "Interrupted. The disconnection goes on at the server; look at it with: depart status {0}",
        "Interrompu. La déconnexion continue sur le serveur ; suivez-la avec : depart status {0}");

    private static readonly Words Started = new("Disconnection started; follow it with: depart status {0}", "Déconnexion lancée ; suivez-la avec : depart status {0}");
    private static readonly Words NotAChoice = new("“{0}” is not written SYSTEM=ACCOUNT.", "« {0} » ne s’écrit pas SYSTÈME=COMPTE.");

    /// <summary>A line on an account: system, login, and what is said of it.</summary>
    internal static readonly Words OnAccount = new("{0} · {1}: {2}", "{0} · {1} : {2}");

    public static Command Plan()
    {
        var person = Person();
        var immediate = new Option<bool>("--immediate");
        var owners = NewOwner();
        var command = new Command("plan", Terminal.Say(new("Shows what a disconnection would do; changes nothing.", "Montre ce que ferait une déconnexion ; ne modifie rien."))) { person, immediate, owners };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            return await ShowPlanAsync(api, parsed.GetValue(person)!, parsed.GetValue(immediate), parsed.GetValue(owners), parsed.GetValue(Terminal.Json), cancellation);
        });
        return command;
    }

    public static Command Disconnect()
    {
        var person = Person();
        var departure = new Option<string?>("--departure");
        var dryRun = new Option<bool>("--dry-run") { Description = Terminal.Say(new("Only show the plan.", "Montre seulement le plan.")) };
        var immediate = new Option<bool>("--immediate");
        var reason = Choices.Optional<DepartureReason>("--reason");
        var wait = new Option<bool>("--wait") { Description = Terminal.Say(new("Wait for the proof.", "Attend la preuve.")) };
        var owners = NewOwner();
        var confidants = EmbargoVerbs.Option();
        var command = new Command("disconnect", Terminal.Say(new("Closes every account of a person, and proves it.", "Ferme tous les comptes d’une personne, et le prouve.")))
        {
            person, departure, dryRun, immediate, reason, wait, owners, confidants,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var (who, json) = (parsed.GetValue(person)!, parsed.GetValue(Terminal.Json));
            if (parsed.GetValue(dryRun))
            {
                return await ShowPlanAsync(api, who, parsed.GetValue(immediate), parsed.GetValue(owners), json, cancellation);
            }

            var found = await api.PersonAsync(who, cancellation);
            var id = parsed.GetValue(immediate) && parsed.GetValue(departure) is null
                ? await OpenImmediateAsync(api, found, parsed.GetValue(reason), parsed.GetValue(confidants), ChooseNewOwners.Read(parsed.GetValue(owners)), cancellation)
                : (await api.DepartureAsync(found, parsed.GetValue(departure), cancellation))["id"]!.ToString();
            if (!parsed.GetValue(immediate) || parsed.GetValue(departure) is not null)
            {
                await api.PostAsync(
                    $"/api/v1/departures/{id}/disconnect",
                    new { Immediate = parsed.GetValue(immediate), Reason = parsed.GetValue(reason), NewOwners = ChooseNewOwners.Read(parsed.GetValue(owners)) }, cancellation);
            }

            if (parsed.GetValue(wait))
            {
                return await Interrupted(GoesOn.With(who), () => FollowAsync(api, id, json, cancellation));
            }

            Console.WriteLine(Started.With(who));
            return Terminal.ExitDone;
        });
        return command;
    }

    /// <summary>Opens an immediate departure, or makes the open one immediate; gives its identifier.</summary>
    private static async Task<string> OpenImmediateAsync(ApiClient api, JsonObject person, DepartureReason? reason, string[]? confidants, IReadOnlyDictionary<string, string>? owners, CancellationToken cancellation)
    {
        // The mission whose departure is open already, or the one that runs longest.
        var known = (await api.GetAsync($"/api/v1/departures?person={person["id"]}&size=200", cancellation))!["items"]!.AsArray().OfType<JsonObject>()
            .LastOrDefault(departure => departure["state"]!.ToString() is not ("cancelled" or "closed"));
        if (known is not null)
        {
            await api.PostAsync($"/api/v1/departures/{known["id"]}/disconnect", new { Immediate = true, Reason = reason, NewOwners = owners }, cancellation);
            return known["id"]!.ToString();
        }

        var mission = person["missions"]!.AsArray().FirstOrDefault()?["id"]?.GetValue<Guid>() ?? throw new CommandFailed(NoMission.With(person["name"]).ToString(), Terminal.ExitFailed);
        var named = await EmbargoVerbs.ConfidantsAsync(api, $"/api/v1/missions/{mission}/confidants", null, confidants, cancellation);
        return (await api.PostAsync("/api/v1/departures/immediate", new { Mission = mission, Reason = reason, Confidants = named, NewOwners = owners }, cancellation))!.ToString();
    }

    public static Command Status()
    {
        var person = Person();
        var command = new Command("status", Terminal.Say(new("Where a person's disconnection stands.", "Où en est la déconnexion d’une personne."))) { person };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var found = await api.PersonAsync(parsed.GetValue(person)!, cancellation);
            var departure = await api.DepartureAsync(found, null, cancellation);
            try
            {
                return Show((await api.GetAsync($"/api/v1/departures/{departure["id"]}/disconnection", cancellation))!.AsObject(), parsed.GetValue(Terminal.Json));
            }
            catch (CommandFailed none) when (none.Problem?["code"]?.ToString() == Problem.NotFound(AccountsText.Disconnection).Code && !parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(NotBegun.With(Said.OnPaper(departure["cutAt"]!.GetValue<DateTimeOffset>(), LocalInstant.FindZone(departure["zone"]!.ToString()) ?? TimeZoneInfo.Utc)));
                return Terminal.ExitDone;
            }
        });
        return command;
    }

    /// <summary><c>--new-owner SYSTEM=ACCOUNT</c>, once for each system.</summary>
    private static Option<string[]> NewOwner()
    {
        var option = new Option<string[]>("--new-owner")
        {
            HelpName = "SYSTEM=ACCOUNT",
            Description = Terminal.Say(new("Who takes over what they own on a system; once for each.", "Qui reprend ce que la personne possède sur un système ; une fois pour chacun.")),
        };
        option.Validators.Add(result => CheckOwners(result.Tokens.Select(token => token.Value), result.AddError));
        return option;
    }

    /// <summary>Refuses what is not written <c>SYSTEM=ACCOUNT</c>.</summary>
    internal static void CheckOwners(IEnumerable<string> texts, Action<string> refuse)
    {
        foreach (var text in texts.Where(text => text.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            refuse(NotAChoice.With(text).ToString());
        }
    }

    /// <summary>Who, by mail, login or name.</summary>
    internal static Argument<string> Person() => new("person") { Description = PersonWords.ToString() };

    private static async Task<int> ShowPlanAsync(ApiClient api, string who, bool immediate, string[]? owners, bool json, CancellationToken cancellation)
    {
        var person = await api.PersonAsync(who, cancellation);
        var plan = (await api.GetAsync($"/api/v1/people/{person["id"]}/plan?immediate={immediate}{string.Concat((owners ?? []).Select(owner => $"&newOwner={Uri.EscapeDataString(owner)}"))}", cancellation))!.AsObject();
        if (json)
        {
            Console.WriteLine(plan.ToJsonString());
        }
        else
        {
            PrintPlan(person, plan);
        }

        return plan["unreached"]!.AsArray().Count > 0 ? Terminal.ExitPartly : Terminal.ExitDone;
    }

    private static void PrintPlan(JsonObject person, JsonObject plan)
    {
        Console.WriteLine(person["name"]);
        var steps = plan["steps"]!.AsArray().OfType<JsonObject>().ToList();
        var byKey = steps.ToDictionary(step => step["key"]!.ToString(), StringComparer.Ordinal);
        var names = plan["accounts"]!.AsArray().OfType<JsonObject>().ToDictionary(account => account["id"]!.ToString(), account => $"{account["systemName"]} · {account["login"]}", StringComparer.Ordinal);
        foreach (var account in plan["accounts"]!.AsArray().OfType<JsonObject>())
        {
            Console.WriteLine($"  {account["systemName"]} · {account["login"]} ({DisconnectionText.StateOf(ApiClient.Read<Connectors.AccountState>(account["state"]))})");
            if (account["untouched"] is { } why)
            {
                Console.WriteLine($"      {ApiClient.Words(why)}");
            }

            foreach (var step in steps.Where(step => step["account"]!.ToString() == account["id"]!.ToString()))
            {
                // Within an account the numbers say the order; what waits for another account says so.
                var waits = step["waits"]!.AsArray().Select(wait => byKey[wait!["key"]!.ToString()]).Where(first => first["account"]!.ToString() != step["account"]!.ToString())
                    .Select(first => $"{names[first["account"]!.ToString()]}, {ApiClient.Words(first["title"])}").Distinct(StringComparer.Ordinal).ToList();
                Console.WriteLine($"    {step["level"]!.GetValue<int>() + 1}. {ApiClient.Words(step["title"])}{(step["newOwner"] is { } owner ? $" → {owner}" : "")}{(waits.Count == 0 ? "" : $" ({After.With(string.Join("; ", waits))})")}");
                if (step["leftOut"] is { } leftOut)
                {
                    Console.WriteLine($"       {ApiClient.Words(leftOut)}{(step["stays"] is { } stays ? $" {ApiClient.Words(stays)}" : "")}");
                }
            }
        }

        if (plan["accounts"]!.AsArray().Count == 0)
        {
            Console.WriteLine($"  {NoAccounts}");
        }

        foreach (var system in plan["unreached"]!.AsArray())
        {
            Console.Error.WriteLine(Unreached.With(system!["name"], ApiClient.Words(system["why"])));
        }
    }

    private static async Task<int> FollowAsync(ApiClient api, string departure, bool json, CancellationToken cancellation)
    {
        for (var last = ""; ;)
        {
            var progress = (await api.GetAsync($"/api/v1/departures/{departure}/disconnection", cancellation))!.AsObject();
            var line = StepsDone.With(progress["stepsSettled"], progress["stepsTotal"]).ToString();
            if (line != last)
            {
                await Console.Error.WriteLineAsync(line);
                last = line;
            }

            if (progress["endedAt"] is not null)
            {
                var seal = await SealedAsync(api, departure, cancellation);
                progress["checkpoint"] = seal?.DeepClone();
                var code = Show(progress, json);
                await (json ? Task.CompletedTask : seal is null ? Console.Error.WriteLineAsync(NotSealed.ToString()) : Console.Out.WriteLineAsync(KeepIt.With(EvidenceVerbs.Line(seal), seal["number"]).ToString()));
                return code;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }
    }

    /// <summary>The checkpoint that covers all that was recorded of a departure: the server makes one when a disconnection ends. Null when none came in time.</summary>
    private static async Task<JsonObject?> SealedAsync(ApiClient api, string departure, CancellationToken cancellation)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            var last = (await api.GetAsync($"/api/v1/evidence/checkpoints/last?departure={departure}", cancellation))!.AsObject();
            if (last["covers"]!.GetValue<bool>())
            {
                return last;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }

        return null;
    }

    /// <summary>Says what goes on without the command line when somebody stops waiting.</summary>
    internal static async Task<int> Interrupted(Words goesOn, Func<Task<int>> follow)
    {
        try
        {
            return await follow();
        }
        catch (OperationCanceledException)
        {
            throw new Interruption(goesOn.ToString());
        }
    }

    private static int Show(JsonObject progress, bool json)
    {
        var accounts = progress["accounts"]!.AsArray().OfType<JsonObject>().ToList();
        if (json)
        {
            Console.WriteLine(progress.ToJsonString());
        }
        else
        {
            foreach (var account in accounts)
            {
                var verdict = ApiClient.Read<Verdict>(account["verdict"]);
                var proof = account["proof"] is { } level ? DisconnectionText.Of(ApiClient.Read<Connectors.ProofLevel>(level)) : null;
                Console.WriteLine(OnAccount.With(account["systemName"], account["login"], $"{AccountsText.Of(verdict)}{(proof is null ? "" : $" [{proof}]")}"));
                foreach (var step in account["steps"]!.AsArray().OfType<JsonObject>().Where(step => step["why"] is not null))
                {
                    Console.WriteLine($"    {ApiClient.Words(step["title"])}: {ApiClient.Words(step["why"])}");
                }

                foreach (var residual in account["residuals"]!.AsArray())
                {
                    Console.WriteLine($"    … {ApiClient.Words(residual)}");
                }
            }
        }

        var unsearched = progress["unsearched"]!.AsArray();
        foreach (var system in unsearched)
        {
            Console.Error.WriteLine(NotSearched.With(system));
        }

        var open = accounts.Where(account => account["verdict"]!.ToString() is "pending" or "failed" or "refused" or "unknown").ToList();
        if (open.Count + unsearched.Count > 0 && progress["endedAt"] is not null)
        {
            Console.Error.WriteLine(SomeOpen);
        }
        else if (progress["endedAt"] is not null && !json)
        {
            Console.WriteLine(accounts.Count == 0 ? NoAccounts : DisconnectionText.AllClosed);
        }

        return open.Count == 0 ? unsearched.Count == 0 ? Terminal.ExitDone : Terminal.ExitPartly : open.Count < accounts.Count ? Terminal.ExitPartly : Terminal.ExitFailed;
    }
}
