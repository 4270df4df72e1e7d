using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>The templates of the installation: finds versions, and reads a file against those that are published. Departures take their process from here.</summary>
internal sealed class TemplateShelf(DepartDb db, TaskKinds kinds)
{
    /// <summary>The version to use of a process: the last one published, or null.</summary>
    public Task<ProcessTemplate?> PublishedAsync(string key, CancellationToken cancellation) => db.Set<ProcessTemplate>()
        .Where(template => template.Key == key && template.State == TemplateState.Published).OrderByDescending(template => template.Number).FirstOrDefaultAsync(cancellation);

    /// <summary>One version; without a number the last one published, else the last one.</summary>
    public async Task<ProcessTemplate?> FindAsync(string key, int? number, CancellationToken cancellation) => number is { } asked
        ? await db.Set<ProcessTemplate>().FirstOrDefaultAsync(template => template.Key == key && template.Number == asked, cancellation)
        : await PublishedAsync(key, cancellation)
            ?? await db.Set<ProcessTemplate>().Where(template => template.Key == key).OrderByDescending(template => template.Number).FirstOrDefaultAsync(cancellation);

    /// <summary>Reads a file; gives also the version of the process that it would stand on.</summary>
    public async Task<(ProcessReading Reading, int? BaseNumber)> ReadAsync(string yaml, CancellationToken cancellation)
    {
        var extends = ProcessReader.Read(yaml, kinds).Source?.Extends;
        var extended = extends is null ? null : await PublishedAsync(extends, cancellation);
        return (new ProcessResolver(kinds, key => key == extended?.Key ? extended.Document : null).Read(yaml), extended?.Number);
    }

    /// <summary>The process of a version: frozen, or of a draft as it would be now.</summary>
    public async Task<Outcome<ProcessDocument>> DocumentAsync(ProcessTemplate template, CancellationToken cancellation)
    {
        if (template.Document is { } frozen)
        {
            return frozen;
        }

        var (reading, number) = await ReadAsync(template.Yaml, cancellation);
        return reading.Document is { } document ? document with { ExtendsVersion = number } : ProcessProblem.Refused(reading.Problems)!;
    }

    /// <summary>What the journal says of a version; nobody is named in a template.</summary>
    public static Fact FactOf(ProcessTemplate template, string kind) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["template"] = template.Key,
            ["number"] = template.Number,
            ["extends"] = template.BaseKey,
            ["extendsNumber"] = template.BaseNumber,
            ["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(template.Yaml))),
        },
    };
}
