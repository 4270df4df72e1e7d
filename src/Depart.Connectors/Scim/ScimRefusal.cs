using System.Net;

namespace Depart.Connectors.Scim;

/// <summary>What an HTTP status other than success means (RFC 7644, 3.12).</summary>
internal static class ScimRefusal
{
    private const int LongestDetail = 200;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>The failure; none for 404, which is an answer.</summary>
    public static Failure? Of(HttpResponseMessage response, string? detail, string host, TimeProvider clock)
    {
        var code = (int)response.StatusCode;
        var (en, fr) = string.IsNullOrWhiteSpace(detail) ? ($" ({code}).", $" ({code}).")
            : ($" ({code}: {Short(detail)}).", $" ({code} : « {Short(detail)} »).");
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => null,
            HttpStatusCode.Unauthorized => new(FailureKind.SignInRefused, new(
                $"{host} refused our access token (401).", $"{host} a refusé notre jeton d’accès (401)."), new(
                "Enter a new token in the settings of the system.", "Saisissez un nouveau jeton dans les réglages du système.")),
            HttpStatusCode.Forbidden => new(FailureKind.RightMissing, new(
                $"{host} does not give our token the right to do this{en}", $"{host} n’accorde pas ce droit à notre jeton{fr}"), new(
                "Give the client the right to read and change users and groups.", "Donnez au client le droit de lire et de modifier utilisateurs et groupes.")),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new(FailureKind.Throttled, new(
                $"{host} asks to slow down ({code}).", $"{host} demande de ralentir ({code})."), new(
                "It is tried again by itself; lower the calls per second of the system if it goes on.",
                "Un nouvel essai aura lieu de lui-même ; réduisez les appels par seconde du système si cela persiste."), RetryAfter(response, clock)),
            HttpStatusCode.PreconditionFailed => new(FailureKind.Conflict, new(
                $"The account changed meanwhile on {host} (412).", $"Le compte a changé entre-temps sur {host} (412).")),
            >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => new(FailureKind.SystemError, new(
                $"{host} failed{en}", $"{host} est en erreur{fr}")),
            >= HttpStatusCode.BadRequest => new(FailureKind.Invalid, new(
                $"{host} refused the request{en}", $"{host} a refusé la requête{fr}")),
            _ => new(FailureKind.Invalid, new(
                $"{host} sends us elsewhere ({code}): the token is not taken there.", $"{host} nous renvoie ailleurs ({code}) : le jeton n’y est pas envoyé."), new(
                "Enter the service’s final address in the settings of the system.", "Saisissez l’adresse définitive du service dans les réglages du système.")),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } wait } => wait,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked is not { } time ? null : time > LongestWait ? LongestWait : time < TimeSpan.Zero ? TimeSpan.Zero : time;
    }

    private static string Short(string detail) => detail.Length <= LongestDetail ? detail.TrimEnd('.', ' ') : detail[..LongestDetail] + "…";
}
