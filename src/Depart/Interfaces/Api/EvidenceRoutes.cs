using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Proof;

namespace Depart.Interfaces.Api;

/// <summary>The evidence archive as a download: the answer is a file, so it does not go through <see cref="ApiDoor"/>.</summary>
internal abstract class EvidenceRoutes : IRouted
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/evidence", async (DepartureId departure, bool? withoutPersonal, Dispatcher dispatcher, HttpContext http) =>
        {
            var outcome = await dispatcher.SendAsync(
                new ExportEvidence(departure.Value.ToString("N"), withoutPersonal ?? false), Actor.From(http.User), http.RequestAborted);
            if (!outcome.Ok)
            {
                return (IResult)ApiDoor.Failed(outcome.Problem);
            }

            http.Response.Headers["Depart-Key-Fingerprint"] = outcome.Value.Fingerprint;
            return Results.File(outcome.Value.Content, "application/zip", $"depart-evidence-{departure}.zip");
        }).WithTags("Evidence");
}
