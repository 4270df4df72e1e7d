using System.Collections.Concurrent;
using System.Reflection;
using Fluid;

namespace Depart.Foundation.Mail;

/// <summary>One kind of mail: a record that implements <see cref="IMailContent{TSelf}"/>.</summary>
/// <param name="Name">Its template's name.</param>
/// <param name="Content">The record.</param>
/// <param name="Read">Makes values to show it with, in the reader's language.</param>
internal sealed record MailTemplate(string Name, Type Content, Func<IReadOnlyList<object>> Read)
{
    /// <summary>Values to show it with.</summary>
    public IReadOnlyList<object> Samples => Read();
}

/// <summary>A template in one language, parsed.</summary>
internal sealed record MailSource(IFluidTemplate Subject, IFluidTemplate Body);

/// <summary>All kinds of mails, found by scanning, and their templates, embedded in the program.</summary>
internal static class MailTemplates
{
    private static readonly Assembly Home = typeof(MailTemplates).Assembly;
    private static readonly FluidParser Parser = new();
    private static readonly ConcurrentDictionary<(string Name, string Language), MailSource> Sources = new();

    /// <summary>By name.</summary>
    public static IReadOnlyList<MailTemplate> All { get; } =
    [
        .. Home.GetTypes()
            .Where(type => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IMailContent<>)))
            .Select(type => new MailTemplate(
                (string)Static(type, "Template"), type, () => [.. ((System.Collections.IEnumerable)Static(type, nameof(MailTemplate.Samples))).Cast<object>()]))
            .OrderBy(template => template.Name, StringComparer.Ordinal),
    ];

    /// <summary>The template of that name, or null.</summary>
    public static MailTemplate? Find(string name) => All.FirstOrDefault(template => template.Name == name);

    /// <summary>Names of the files that are there, for the test that looks for orphans.</summary>
    public static IEnumerable<string> Files => Home.GetManifestResourceNames().Where(name => name.StartsWith("mails/", StringComparison.Ordinal)).Select(name => name["mails/".Length..]);

    /// <summary>The template in a language.</summary>
    /// <exception cref="InvalidOperationException">There is no such file, or it cannot be parsed.</exception>
    public static MailSource Source(string name, string language) => Sources.GetOrAdd((name, language), static key =>
    {
        var file = $"{key.Name}.{key.Language}.liquid";
        using var stream = Home.GetManifestResourceStream($"mails/{file}") ?? throw new InvalidOperationException($"There is no template {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n---\n", 2) is [var subject, var body]
            ? new(Parse(file, subject), Parse(file, body))
            : throw new InvalidOperationException($"{file}: the first line is the subject, the second ---, then comes the body.");
    });

    private static IFluidTemplate Parse(string file, string text) =>
        Parser.TryParse(text, out var template, out var error) ? template : throw new InvalidOperationException($"{file}: {error}");

    private static object Static(Type type, string property) =>
        type.GetProperty(property, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null)
        ?? throw new InvalidOperationException($"{type.Name} has no {property}.");
}
