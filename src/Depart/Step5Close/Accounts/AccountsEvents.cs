using Depart.Departures;
using Depart.Foundation.Design;

namespace Depart.Step5Close.Accounts;

/// <summary>What the pages of this room listen to.</summary>
internal static class AccountsEvents
{
    /// <summary>Maps the streams.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/departures/{departure:guid}/disconnection/events", (Guid departure, HttpContext http) => LiveEvents.StreamAsync(
            http, new GetDisconnection(DepartureId.From(departure)), progress => new(
                string.Join('|', progress.Accounts.SelectMany(account => account.Steps).Select(step => $"{step.State}{step.Attempts}").Append($"{progress.EndedAt}{progress.State}")),
                progress.EndedAt is not null))).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/departures/{departure:guid}/undo/events", (Guid departure, HttpContext http) => LiveEvents.StreamAsync(
            http, new GetUndo(DepartureId.From(departure)), undo => new(UndoPage.VersionOf(undo), undo.Over))).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/systems/{system:guid}/events", (Guid system, HttpContext http) => LiveEvents.StreamAsync(
            http, new GetSystem(SystemId.From(system)), row => new(
                $"{row.Discovery?.State}{row.Discovery?.Read}", row.Discovery?.State is not (DiscoveryState.Waiting or DiscoveryState.Running)))).RequireAuthorization().ExcludeFromDescription();
    }
}
