using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Missions;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>people</c>.</summary>
internal static class PeopleVerbs
{
    private static readonly Words Added = new("Added: {0}", "Ajout : {0}");
    private static readonly Words NobodyYet = new("Nobody is in the record.", "Personne n’est dans le registre.");
    private static readonly Words NobodyFound = new("Nobody fits “{0}”.", "Personne ne correspond à « {0} ».");
    private static readonly Words Until = new("until {0}", "jusqu’au {0}");
    private static readonly Words NoEnd = new("no end date", "sans date de fin");

    public static Command Create() => new("people", Terminal.Say(new("People of the record.", "Les personnes du registre.")))
    {
        Add(), List(), Show(), ImportVerbs.Create("people", new("Imports people, with their missions, from a CSV or XLSX file.", "Importe des personnes, avec leurs missions, d’un fichier CSV ou XLSX.")),
    };

    private static Command Add()
    {
        var given = new Option<string>("--given-name") { Required = true };
        var family = new Option<string>("--family-name") { Required = true };
        var mail = new Option<string[]>("--mail") { DefaultValueFactory = _ => [] };
        var login = new Option<string[]>("--login") { DefaultValueFactory = _ => [] };
        var number = new Option<string?>("--number");
        var status = Choices.Or("--status", ContractualStatus.SuppliersEmployee);
        var supplier = new Option<string?>("--supplier");
        var mission = new Option<string?>("--mission");
        var unit = new Option<string?>("--unit");
        var end = Days.Optional("--mission-end");
        var add = new Command("add", Terminal.Say(new("Adds a person and their mission.", "Ajoute une personne et sa mission.")))
        {
            given, family, mail, login, number, status, supplier, mission, unit, end,
        };
        add.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var command = new AddPerson(
                parsed.GetValue(given)!, parsed.GetValue(family)!, parsed.GetValue(mail), parsed.GetValue(login), parsed.GetValue(number),
                parsed.GetValue(status), parsed.GetValue(supplier), parsed.GetValue(mission), parsed.GetValue(unit), parsed.GetValue(end));
            var added = await api.PostAsync("/api/v1/people", command, cancellation);
            Console.WriteLine(parsed.GetValue(Terminal.Json) ? added!.ToJsonString() : Added.With($"{command.GivenName} {command.FamilyName}"));
            return Terminal.ExitDone;
        });
        return add;
    }

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = Terminal.Say(new("Part of a name, mail, login or number.", "Une partie du nom, de l’adresse, de l’identifiant ou du numéro interne.")) };
        var unit = new Option<string?>("--unit") { Description = Terminal.Say(new("A mission’s unit.", "L’entité d’une mission.")) };
        var status = Choices.Optional<ContractualStatus>("--status");
        var list = new Command("list", Terminal.Say(new("People, by family name.", "Les personnes, par nom."))) { search, unit, status };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var query = $"search={Uri.EscapeDataString(parsed.GetValue(search) ?? "")}&unit={Uri.EscapeDataString(parsed.GetValue(unit) ?? "")}"
                + (parsed.GetValue(status) is { } chosen ? $"&status={chosen}" : "");
            var people = await api.GetAllAsync("/api/v1/people?" + query, cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(people.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var person in people)
            {
                Console.WriteLine(Row(person!.AsObject()));
            }

            if (people.Count == 0)
            {
                await Console.Error.WriteLineAsync(parsed.GetValue(search) is { Length: > 0 } sought ? NobodyFound.With(sought).ToString() : NobodyYet.ToString());
            }

            return Terminal.ExitDone;
        });
        return list;
    }

    private static Command Show()
    {
        var who = new Argument<string>("person") { Description = Terminal.Say(new("Mail, login, number or name.", "Adresse, identifiant, numéro interne ou nom.")) };
        var show = new Command("show", Terminal.Say(new("Shows what the record knows of a person.", "Montre ce que le registre sait d’une personne."))) { who };
        show.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var found = await api.PersonAsync(parsed.GetValue(who)!, cancellation);
            var person = (await api.GetAsync($"/api/v1/people/{found["id"]}", cancellation))!.AsObject();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(person.ToJsonString());
                return Terminal.ExitDone;
            }

            Console.WriteLine(person["name"]);
            Line(MissionsText.EmployeeNumber, person["employeeNumber"]?.ToString());
            Line(MissionsText.Mails, Joined(person["mails"]));
            Line(MissionsText.Logins, Joined(person["logins"]));
            Line(MissionsText.Status, MissionsText.Of(Enum.Parse<ContractualStatus>(person["status"]!.ToString().Replace("-", "", StringComparison.Ordinal), ignoreCase: true)).ToString());
            Line(MissionsText.Supplier, person["supplier"]?.ToString());
            Line(MissionsText.PrivateMail, person["privateAddress"]?["mail"]?.ToString());
            foreach (var mission in person["missions"]!.AsArray())
            {
                Line(MissionsText.Mission, string.Join(" · ", new[] { mission!["title"]?.ToString(), mission["unit"]?.ToString(), mission["managerName"]?.ToString(), End(mission["end"]) }.OfType<string>()));
            }

            return Terminal.ExitDone;
        });
        return show;
    }

    private static string Row(JsonObject person)
    {
        var missions = string.Join(", ", person["missions"]!.AsArray().Select(mission => $"{mission!["title"]} ({End(mission["end"])})"));
        return string.Join("  ", new[] { person["name"]!.ToString(), person["mails"]!.AsArray().FirstOrDefault()?.ToString(), person["supplier"]?.ToString(), missions }
            .Where(text => !string.IsNullOrEmpty(text)));
    }

    private static string End(JsonNode? end) => end is null
        ? NoEnd.ToString()
        : Until.With(DateOnly.ParseExact(end.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("d", CultureInfo.CurrentCulture)).ToString();

    private static string Joined(JsonNode? texts) => string.Join(", ", texts!.AsArray().Select(text => text!.ToString()));

    private static void Line(Words label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Console.WriteLine(new Words("  {0}: {1}", "  {0} : {1}").With(label, value));
        }
    }
}
