namespace Depart.Interfaces.Api;

/// <summary>One word of an enumeration in an address, written as the API writes it (<c>suppliers-employee</c>); case and dashes are ignored.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public readonly record struct Chosen<T>(T Value)
    where T : struct, Enum
{
    /// <summary>Reads it from a route or query.</summary>
    public static bool TryParse(string? text, out Chosen<T> chosen)
    {
        var ok = Enum.TryParse<T>(text?.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value);
        chosen = new(value);
        return ok;
    }
}
