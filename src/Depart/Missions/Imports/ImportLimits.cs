namespace Depart.Missions.Imports;

/// <summary>What a file may hold. Beyond, it is refused whole, with the figure.</summary>
internal static class ImportLimits
{
    /// <summary>Largest file, in bytes.</summary>
    public const int Bytes = 20 * 1024 * 1024;

    /// <summary>Most lines below the header.</summary>
    public const int Lines = 50_000;

    /// <summary>Most columns.</summary>
    public const int Columns = 200;

    /// <summary>Longest cell, in characters; a line with a longer one is refused alone.</summary>
    public const int Cell = 2_000;

    /// <summary>What a workbook may become when it is unpacked, in characters: a few kilobytes can hide gigabytes.</summary>
    public const int Unpacked = 200_000_000;

    /// <summary>What is kept of all cells together, in characters.</summary>
    public const int Kept = 40_000_000;

    /// <summary>Most missions of one person: every line is compared with all of them.</summary>
    public const int MissionsOfOne = 500;

    /// <summary>Lines handled in one transaction.</summary>
    public const int Chunk = 500;

    /// <summary>Departures opened in one transaction.</summary>
    public const int DeparturesChunk = 100;

    /// <summary>How long an import is kept: the file holds personal data.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);
}
