using Depart.Departures;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Step5Close.Accounts;

/// <summary>What the pages of this room listen to, the disconnection apart.</summary>
internal static class AccountsEvents
{
    /// <summary>Maps the streams.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/departures/{departure:guid}/undo/events", (Guid departure, Dispatcher dispatcher, HttpContext http) => LiveEvents.Stream(http, async () =>
            await dispatcher.AskAsync(new GetUndo(DepartureId.From(departure)), Actor.From(http.User), http.RequestAborted) is { Ok: true, Value: { } undo }
                ? new LiveLook(UndoPage.VersionOf(undo), undo.Over)
                : null)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/systems/{system:guid}/events", (Guid system, Dispatcher dispatcher, HttpContext http) => LiveEvents.Stream(http, async () =>
            await dispatcher.AskAsync(new GetSystem(SystemId.From(system)), Actor.From(http.User), http.RequestAborted) is { Ok: true, Value: { } row }
                ? new LiveLook($"{row.Discovery?.State}{row.Discovery?.Read}", row.Discovery?.State is not (DiscoveryState.Waiting or DiscoveryState.Running))
                : null)).RequireAuthorization().ExcludeFromDescription();
    }
}
