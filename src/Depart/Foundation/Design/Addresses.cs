namespace Depart.Foundation.Design;

/// <summary>Addresses of our own pages: filters and position live in the address.</summary>
internal static class Addresses
{
    /// <summary>A path with the values that are given.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var query = QueryString.Empty;
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query = query.Add(name, value);
            }
        }

        return path + query;
    }
}
