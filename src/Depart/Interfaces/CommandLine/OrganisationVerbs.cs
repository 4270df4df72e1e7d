using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Step7OnePlatform.Brand;
using Depart.Step7OnePlatform.FirstRun;
using Depart.Step7OnePlatform.PublicNotices;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>settings organisation</c>: name, contact, logo and colour; <c>first-steps</c>: the way from an empty installation to a first departure.</summary>
internal static class OrganisationVerbs
{
    private const string Nothing = "none";

    private static readonly Words Line = new("{0}: {1}", "{0} : {1}");
    private static readonly Words NoFile = new("There is no file “{0}”.", "Il n’y a pas de fichier « {0} ».");

    public static Command Organisation()
    {
        var (company, address) = (new Option<string?>("--company"), new Option<string?>("--address"));
        var (contact, mail) = (new Option<string?>("--contact-name") { Description = Terminal.Say(NoticesText.ContactName) }, new Option<string?>("--contact-mail") { Description = Terminal.Say(NoticesText.ContactMail) });
        var (publisher, host) = (new Option<string?>("--publisher") { Description = Terminal.Say(NoticesText.Publisher) }, new Option<string?>("--host") { Description = Terminal.Say(NoticesText.Host) });
        var accent = new Option<string?>("--accent") { HelpName = "#4139c9 | none", Description = Terminal.Say(BrandText.Accent) };
        var logo = new Option<string?>("--logo") { HelpName = "logo.png | none", Description = Terminal.Say(new("A PNG, JPEG or WebP file.", "Un fichier PNG, JPEG ou WebP.")) };
        var organisation = new Command("organisation", Terminal.Say(new("Shows who runs this Depart, or says it; what is not said stays.", "Montre qui exploite ce Départ, ou le dit ; ce qui n’est pas dit reste.")))
        {
            company, contact, mail, address, publisher, host, accent, logo,
        };
        organisation.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            var known = await KnownAsync();
            var details = known["details"].Deserialize<OrganisationDetails>(ApiJson.Options)!;
            var said = new OrganisationDetails(
                parsed.GetValue(company) ?? details.Company, parsed.GetValue(address) ?? details.Address, parsed.GetValue(contact) ?? details.ContactName, parsed.GetValue(mail) ?? details.ContactMail,
                parsed.GetValue(publisher) ?? details.Publisher, parsed.GetValue(host) ?? details.Host);
            if (said != details)
            {
                await api.PutAsync("/api/v1/organisation", said, cancellation);
            }

            if (parsed.GetValue(accent) is { } colour)
            {
                await api.PutAsync("/api/v1/organisation/accent", new { colour = colour == Nothing ? null : colour }, cancellation);
            }

            if (parsed.GetValue(logo) is Nothing)
            {
                await api.DeleteAsync("/api/v1/organisation/logo", cancellation);
            }
            else if (parsed.GetValue(logo) is { } file)
            {
                var picture = File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellation) : throw new CommandFailed(NoFile.With(file).ToString(), Terminal.ExitUsage);
                await api.UploadAsync("/api/v1/organisation/logo", picture, Path.GetFileName(file), cancellation, HttpMethod.Put);
            }

            known = await KnownAsync();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(known.ToJsonString());
                return Terminal.ExitDone;
            }

            details = known["details"].Deserialize<OrganisationDetails>(ApiJson.Options)!;
            foreach (var (label, value) in new[]
            {
                (NoticesText.Company, details.Company), (NoticesText.ContactName, details.ContactName), (NoticesText.ContactMail, details.ContactMail), (NoticesText.Address, details.Address.ReplaceLineEndings(", ")),
                (NoticesText.Publisher, details.Publisher), (NoticesText.Host, details.Host.ReplaceLineEndings(", ")), (BrandText.Accent, known["accent"]?.ToString()), (BrandText.Logo, known["logo"]?.ToString()),
            })
            {
                Console.WriteLine(Line.With(label, value is { Length: > 0 } ? value : "–"));
            }

            return Terminal.ExitDone;

            async Task<JsonObject> KnownAsync() => (await api.GetAsync("/api/v1/organisation", cancellation))!.AsObject();
        });
        return organisation;
    }

    public static Command FirstSteps()
    {
        var (later, takeUp) = (Choices.Optional<FirstStep>("--later"), Choices.Optional<FirstStep>("--take-up"));
        later.Description = Terminal.Say(new("Leaves a step for later; all puts the guide away.", "Remet un pas à plus tard ; all range le guide.")) + $" {string.Join(", ", Enum.GetNames<FirstStep>()).ToLowerInvariant()}";
        takeUp.Description = Terminal.Say(new("Takes it up again.", "Le reprend."));
        var steps = new Command("first-steps", Terminal.Say(new("From an empty installation to a first departure: where it stands.", "D’une installation vide à un premier départ : où on en est."))) { later, takeUp };
        steps.SetAction(async (parsed, cancellation) =>
        {
            using var api = new ApiClient();
            if (parsed.GetValue(later) is { } left)
            {
                await api.PutAsync($"/api/v1/first-steps/{left.ToString().ToLowerInvariant()}/later", null, cancellation);
            }

            if (parsed.GetValue(takeUp) is { } taken)
            {
                await api.DeleteAsync($"/api/v1/first-steps/{taken.ToString().ToLowerInvariant()}/later", cancellation);
            }

            var view = (await api.GetAsync("/api/v1/first-steps", cancellation))!.AsObject();
            if (parsed.GetValue(Terminal.Json))
            {
                Console.WriteLine(view.ToJsonString());
                return Terminal.ExitDone;
            }

            foreach (var row in view["steps"]!.AsArray().OfType<JsonObject>())
            {
                var state = ApiClient.Read<FirstStepState>(row["state"]) switch { FirstStepState.Done => FirstStepsText.Done, FirstStepState.Later => FirstStepsText.Later, _ => FirstStepsText.ToDo };
                Console.WriteLine($"{state,-10}  {FirstStepsText.Of(ApiClient.Read<FirstStep>(row["step"]))}  {ApiClient.Words(row["said"])}");
            }

            if (view["putAway"]!.GetValue<bool>())
            {
                await Console.Error.WriteLineAsync(FirstStepsText.IsAway.ToString());
            }

            return Terminal.ExitDone;
        });
        return steps;
    }
}
