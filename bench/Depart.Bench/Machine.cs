using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Depart.Bench;

/// <summary>Where and when a measure was taken: without it a figure says nothing.</summary>
internal static class Machine
{
    /// <summary>One line for the head of every result.</summary>
    public static string Describe() => string.Join(" · ",
    [
        $"{Environment.ProcessorCount} cores",
        Processor(),
        $"{Memory()} GB",
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        $"load {Load()}",
        $"{TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
        Build(),
    ]);

    /// <summary>The load of the last minute, as the system tells it; 0 where it does not.</summary>
    public static double Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;

    private static long Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000_000;

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor not named"
        : "processor not named";

    // A figure of a debug build is no figure.
    private static string Build() => typeof(Machine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "?";
}
