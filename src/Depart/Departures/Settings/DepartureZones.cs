namespace Depart.Departures.Settings;

/// <summary>Zones that are offered where one is asked for; any other may be typed.</summary>
internal static class DepartureZones
{
    /// <summary>Those of the people who use it most.</summary>
    public static IReadOnlyList<string> Offered { get; } =
        ["Europe/Paris", "Europe/London", "Europe/Brussels", "Europe/Zurich", "Indian/Reunion", "America/Guadeloupe", "America/Montreal", "Africa/Casablanca", "Africa/Tunis", "Asia/Kolkata"];
}
