namespace Depart.Given;

/// <summary>The sources that are tested.</summary>
internal static class Sources
{
    /// <summary>A file or folder of them.</summary>
    public static string InRepository(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Depart.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run within the sources.");
        }

        return Path.Combine(folder, path);
    }
}
