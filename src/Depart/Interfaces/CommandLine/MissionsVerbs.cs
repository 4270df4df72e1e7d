using System.CommandLine;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Missions;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>missions</c>.</summary>
internal static class MissionsVerbs
{
    private static readonly Words None = new("No mission fits.", "Aucune mission ne correspond.");
    private static readonly Words Nobody = new("no manager", "sans responsable");

    public static Command Create() => new("missions", Terminal.Say(new("Missions of the record.", "Les missions du registre.")))
    {
        Add(), Change(), List(),
        ImportVerbs.Create("missions", new("Imports missions from a CSV or XLSX file; a line names its person by number or mail.", "Importe des missions d’un fichier CSV ou XLSX ; une ligne nomme sa personne par numéro interne ou adresse.")),
    };

    private static Command Add()
    {
        var (fields, person) = (new Fields(titleRequired: true), new Argument<string>("person") { Description = Terminal.Say(new("Mail, login or name.", "Adresse, identifiant ou nom.")) });
        var add = fields.Into(new("add", Terminal.Say(new("Adds a mission of a person.", "Ajoute une mission à une personne."))) { person });
        add.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var who = await api.PersonAsync(parsed.GetValue(person)!, cancellation);
            var id = await api.PostAsync($"/api/v1/people/{who["id"]}/missions", await fields.ReadAsync(api, parsed, new(), cancellation), cancellation);
            return await ShowAsync(api, parsed, id!.ToString(), cancellation);
        });
        return add;
    }

    private static Command Change()
    {
        var (fields, mission) = (new Fields(titleRequired: false), new Argument<Guid>("id") { Description = Terminal.Say(new("The mission, as list shows it.", "La mission, telle que list la montre.")) });
        var change = fields.Into(new("change", Terminal.Say(new("Changes a mission; what is not said stays.", "Modifie une mission ; ce qui n’est pas dit reste."))) { mission });
        change.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var path = $"/api/v1/missions/{parsed.GetValue(mission)}";
            await api.PutAsync(path, await fields.ReadAsync(api, parsed, (await api.GetAsync(path, cancellation))!.AsObject(), cancellation), cancellation);
            return await ShowAsync(api, parsed, parsed.GetValue(mission).ToString(), cancellation);
        });
        return change;
    }

    private static Command List()
    {
        var (search, person) = (new Option<string?>("--search") { Description = Terminal.Say(new("Part of a title, unit, order or name.", "Une partie de l’intitulé, de l’entité, de la commande ou du nom.")) }, new Option<string?>("--person"));
        var list = new Command("list", Terminal.Say(new("Missions, the next end first.", "Les missions, prochaine fin d’abord."))) { search, person };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var who = parsed.GetValue(person) is { } said ? (await api.PersonAsync(said, cancellation))["id"] : null;
            var all = await api.GetAllAsync($"/api/v1/missions?search={Uri.EscapeDataString(parsed.GetValue(search) ?? "")}{(who is null ? "" : $"&person={who}")}", cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(all.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var row in all)
            {
                Console.WriteLine(Line(row!));
            }

            if (all.Count == 0)
            {
                await Console.Error.WriteLineAsync(None.ToString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static async Task<int> ShowAsync(ApiClient api, ParseResult parsed, string id, CancellationToken cancellation)
    {
        var mission = (await api.GetAsync($"/api/v1/missions/{id}", cancellation))!;
        Console.WriteLine(parsed.GetValue(Terminal.Json) ? mission.ToJsonString() : Line(mission));
        return Terminal.ExitDone;
    }

    private static string Line(JsonNode row) => $"{row["id"]}  {row["end"]?.ToString() ?? "-",-10}  {row["personName"]} · {row["title"]} · {MissionsText.Of(ApiClient.Read<MissionKind>(row["kind"]))} · {row["managerName"]?.ToString() ?? Nobody.ToString()}";

    /// <summary>The options that say a mission, over what is known of it.</summary>
    private sealed class Fields(bool titleRequired)
    {
        private readonly Option<string?> title = new("--title") { Required = titleRequired };
        private readonly Option<string?> unit = new("--unit");
        private readonly Option<string?> supplier = new("--supplier") { HelpName = "NAME" };
        private readonly Option<string?> order = new("--order");
        private readonly Option<string?> manager = new("--manager") { HelpName = "PERSON", Description = Terminal.Say(new("Mail, login or name of the mission manager; empty for nobody.", "Adresse, identifiant ou nom du responsable de mission ; vide pour personne.")) };
        private readonly Option<MissionKind?> kind = Choices.Optional<MissionKind>("--kind");
        private readonly Option<WorkPlace?> place = Choices.Optional<WorkPlace>("--place");
        private readonly Option<DateOnly?> start = Days.Optional("--start");
        private readonly Option<DateOnly?> end = Days.Optional("--end");
        private readonly Option<string[]?> teams = new("--team") { Description = Terminal.Say(new("A team of the circle; once for each.", "Une équipe du cercle ; une fois pour chacune.")) };
        private readonly Option<string[]?> providers = new("--outside-provider") { Description = Terminal.Say(new("An outside provider of the circle; once for each.", "Un intervenant extérieur du cercle ; une fois pour chacun.")) };

        public Command Into(Command command)
        {
            foreach (var option in new Option[] { title, unit, supplier, order, manager, kind, place, start, end, teams, providers })
            {
                command.Options.Add(option);
            }

            return command;
        }

        public async Task<MissionContent> ReadAsync(ApiClient api, ParseResult parsed, JsonObject known, CancellationToken cancellation)
        {
            var named = parsed.GetValue(manager) is not { } who ? known["manager"]?.GetValue<Guid>()
                : who.Trim().Length == 0 ? null : (await api.PersonAsync(who, cancellation))["id"]!.GetValue<Guid>();
            return new(
                parsed.GetValue(title) ?? known["title"]!.ToString(), parsed.GetValue(unit) ?? Text("unit"), parsed.GetValue(supplier) ?? Text("supplier"), parsed.GetValue(order) ?? Text("orderReference"),
                named is { } id ? PersonId.From(id) : null,
                parsed.GetValue(kind) ?? (known["kind"] is { } ofKind ? ApiClient.Read<MissionKind>(ofKind) : MissionKind.Regie),
                parsed.GetValue(place) ?? (known["place"] is { } at ? ApiClient.Read<WorkPlace>(at) : WorkPlace.OnSite),
                parsed.GetValue(start) ?? Day("start"), parsed.GetValue(end) ?? Day("end"),
                parsed.GetValue(teams) is { Length: > 0 } circle ? circle : Texts("teams"), parsed.GetValue(providers) is { Length: > 0 } outside ? outside : Texts("outsideProviders"));

            string? Text(string name) => known[name]?.ToString();
            DateOnly? Day(string name) => known[name] is { } day ? DateOnly.ParseExact(day.ToString(), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null;
            string[] Texts(string name) => [.. (known[name]?.AsArray() ?? []).Select(text => text!.ToString())];
        }
    }
}

/// <summary><c>suppliers</c>.</summary>
internal static class SuppliersVerbs
{
    private static readonly Words NoSupplier = new("No supplier, or several, answer to “{0}”.", "Aucun prestataire, ou plusieurs, ne répond à « {0} ».");
    private static readonly Words NoContact = new("no contact", "sans contact");

    public static Command Create() => new("suppliers", Terminal.Say(new("Suppliers and their contacts.", "Les prestataires et leurs contacts."))) { Set("add"), Set("change"), List() };

    private static Command Set(string verb)
    {
        var name = new Argument<string>("name");
        var (contact, mail) = (new Option<string?>("--contact-name"), new Option<string?>("--contact-mail"));
        var set = new Command(verb, Terminal.Say(verb == "add" ? new("Adds a supplier.", "Ajoute un prestataire.") : new("Sets the contact of a supplier.", "Indique le contact d’un prestataire."))) { name, contact, mail };
        set.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var content = new SupplierContent(parsed.GetValue(name)!, parsed.GetValue(contact), parsed.GetValue(mail));
            if (verb == "add")
            {
                await api.PostAsync("/api/v1/suppliers", content, cancellation);
            }
            else
            {
                var known = await FindAsync(api, content.Name, cancellation);
                await api.PutAsync($"/api/v1/suppliers/{known["id"]}", content with { Name = known["name"]!.ToString(), ContactName = content.ContactName ?? known["contactName"]?.ToString(), ContactMail = content.ContactMail ?? known["contactMail"]?.ToString() }, cancellation);
            }

            var row = await FindAsync(api, content.Name, cancellation);
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? row.ToJsonString() : Line(row));
            return Terminal.ExitDone;
        });
        return set;
    }

    private static Command List()
    {
        var search = new Option<string?>("--search");
        var list = new Command("list", Terminal.Say(new("Suppliers by name.", "Les prestataires, par nom."))) { search };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var rows = (await api.GetAsync($"/api/v1/suppliers?size=200&search={Uri.EscapeDataString(parsed.GetValue(search) ?? "")}", cancellation))!["items"]!.AsArray();
            foreach (var row in parsed.GetValue(Terminal.Json) ? [] : rows)
            {
                Console.WriteLine(Line(row!));
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(rows.ToJsonString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    /// <summary>The one supplier that a name means.</summary>
    public static async Task<JsonNode> FindAsync(ApiClient api, string name, CancellationToken cancellation)
    {
        var found = (await api.GetAsync($"/api/v1/suppliers?search={Uri.EscapeDataString(name)}", cancellation))!["items"]!.AsArray();
        return found.FirstOrDefault(row => SearchText.Of(row!["name"]!.ToString()) == SearchText.Of(name)) ?? (found is [var only] ? only : null)
            ?? throw new CommandFailed(NoSupplier.With(name).ToString(), Terminal.ExitFailed);
    }

    private static string Line(JsonNode row) =>
        $"{row["name"]}  {(row["contactMail"] is null && row["contactName"] is null ? NoContact.ToString() : $"{row["contactName"]} <{row["contactMail"]}>")}";
}
