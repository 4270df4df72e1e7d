using System.Globalization;
using System.Text;
using Depart.Foundation;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.CommandLine;

/// <summary>The folder with the data, and the lock that keeps a second process out of it.</summary>
internal static class DataFolder
{
    private const string DemoMark = "demo";

    private static readonly Words OtherKind = new("{0} holds {1}: choose another folder with --data.", "{0} contient {1} : choisissez un autre dossier avec --data.");
    private static readonly Words DemoData = new("the demo", "la démonstration");
    private static readonly Words RealData = new("real data", "de vraies données");

    /// <summary>The folder given, else <c>$XDG_DATA_HOME/depart</c>, or <c>depart-demo</c> for the demo.</summary>
    public static string Of(string? given, bool demo = false)
    {
        var home = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.GetFullPath(given ?? Path.Combine(home, demo ? "depart-demo" : "depart"));
    }

    /// <summary>Holds the folder until disposed.</summary>
    /// <exception cref="CommandFailed">Another process holds it.</exception>
    public static FileStream Lock(string folder) => TryLock(folder) ?? throw new CommandFailed(StorageText.InUse.With(folder).ToString(), Terminal.ExitFailed);

    /// <summary>Holds the folder until disposed, or null when another process does.</summary>
    public static FileStream? TryLock(string folder)
    {
        try
        {
            var file = new FileStream(Path.Combine(folder, "depart.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return file;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Marks a folder of the demo; the demo and real data refuse each other's.</summary>
    public static void Mark(string folder, bool demo)
    {
        var mark = Path.Combine(folder, DemoMark);
        var used = File.Exists(Path.Combine(folder, "depart.db"));
        if (used && File.Exists(mark) != demo)
        {
            throw new CommandFailed(OtherKind.With(folder, demo ? RealData : DemoData).ToString(), Terminal.ExitUsage);
        }

        if (demo)
        {
            File.WriteAllText(mark, "");
        }
    }
}
