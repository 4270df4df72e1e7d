using System.Globalization;
using Depart.Departures;
using Depart.Foundation;
using Depart.Missions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Step5Close.Accounts;

/// <summary>What the page of a run says, in both languages.</summary>
public sealed class DisconnectionRunTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 18, 17, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("fr-FR", "Bloqué par « Annuaire (aperrin) · Verrouiller le compte », qui a échoué.", "Bloqué par « Changer le mot de passe », qui a échoué.")]
    [InlineData("en-GB", "Waits for “Annuaire (aperrin) · Lock the account”, which failed.", "Waits for “Change the password”, which failed.")]
    public async Task A_blocked_step_names_what_blocks_it_on_its_own_account_and_on_another(string culture, string elsewhere, string here)
    {
        var (password, locking, other) = (Step(RevocationState.Failed, "Change the password", "Changer le mot de passe"), Step(RevocationState.Failed, "Lock the account", "Verrouiller le compte"), Step(RevocationState.Blocked, "Sign out", "Fermer les sessions"));
        var markup = await RenderAsync(culture,
            Account("Annuaire", "aperrin", password, Step(RevocationState.Blocked, "Unlink", "Détacher") with { BlockedBy = password.Id }, locking),
            Account("Messagerie", "anne.perrin", other with { BlockedBy = locking.Id }));

        Assert.Contains(elsewhere, markup, StringComparison.Ordinal);
        Assert.Contains(here, markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RevocationState.ToDoByHand, "What is left is done by hand")]
    [InlineData(RevocationState.Running, "Closing access")]
    public async Task What_waits_for_a_person_is_not_said_to_run(RevocationState state, string headline)
    {
        var markup = await RenderAsync("en-GB", Account("Badge", "aperrin", Step(state, "Take the badge back", "Reprendre le badge")));

        Assert.Contains(headline, markup, StringComparison.Ordinal);
    }

    private static StepView Step(RevocationState state, string en, string fr) =>
        new(RevocationId.From(Guid.CreateVersion7()), "any", new Words(en, fr), state, null, null, 1, 0, null, null);

    private static AccountProgress Account(string system, string login, params StepView[] steps) => new(
        AccountId.From(Guid.CreateVersion7()), SystemId.From(Guid.CreateVersion7()), system, login, Verdict.Pending, null, null, [], steps);

    private static async Task<string> RenderAsync(string culture, params AccountProgress[] accounts)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var departure = new DepartureRow(
            DepartureId.From(Guid.CreateVersion7()), PersonId.From(Guid.CreateVersion7()), "Anne Perrin", "Refonte", null, new(2026, 12, 18), "Europe/Paris", Start,
            DepartureKind.Planned, DepartureReason.MissionEnd, DepartureState.Disconnecting, null, 1, false);
        var progress = new DisconnectionProgress(
            DisconnectionId.From(Guid.CreateVersion7()), departure.Id, departure.Person, Immediate: false, Start, EndedAt: null, UndoneAt: null, departure.State, 0, 3, [], accounts);
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () => System.Net.WebUtility.HtmlDecode((await renderer.RenderComponentAsync<DisconnectionRun>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(DisconnectionRun.Departure)] = departure, [nameof(DisconnectionRun.Progress)] = progress,
        }))).ToHtmlString()));
    }
}
