using System.Diagnostics;
using System.Globalization;

namespace Depart.Given;

/// <summary>Prints how long something took, by the clock and by the processor: a figure to read, never a limit that a busy machine would miss.</summary>
internal sealed class Measure
{
    private long clock = Stopwatch.GetTimestamp();
    private TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;

    /// <summary>Prints the time since the last print, or since the start.</summary>
    public void Print(string what)
    {
        using var process = Process.GetCurrentProcess();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {Stopwatch.GetElapsedTime(clock).TotalSeconds:0.0} s, processor {(process.TotalProcessorTime - processor).TotalSeconds:0.0} s, memory {process.WorkingSet64 / 1_048_576} MB (peak {process.PeakWorkingSet64 / 1_048_576} MB)"));
        (clock, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
    }
}
