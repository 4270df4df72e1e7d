using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;

namespace Depart.Interfaces.CommandLine;

/// <summary>Words of closed lists on the command line, written as in the API: <c>suppliers-employee</c>; the help names them, and so does the refusal of another.</summary>
internal static class Choices
{
    /// <summary>An option that may be left out.</summary>
    public static Option<T?> Optional<T>(string name)
        where T : struct, Enum => new(name) { Description = List<T>(), CustomParser = result => Read<T>(name, result) };

    /// <summary>An option that must be given.</summary>
    public static Option<T> Required<T>(string name)
        where T : struct, Enum => new(name) { Required = true, Description = List<T>(), CustomParser = result => Read<T>(name, result) ?? default };

    /// <summary>An option with a usual word.</summary>
    public static Option<T> Or<T>(string name, T usual)
        where T : struct, Enum => new(name) { Description = List<T>(), DefaultValueFactory = _ => usual, CustomParser = result => Read<T>(name, result) ?? usual };

    /// <summary>Roles that can be granted, none or several.</summary>
    public static Option<Role[]> Roles() => new("--role")
    {
        AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [], Description = GrantableRoles, CustomParser = result => [.. result.Tokens.Select(token => ReadRole("--role", token.Value, result)).OfType<Role>()],
    };

    /// <summary>One role that can be granted.</summary>
    public static Argument<Role> OneRole() => new("role") { Description = GrantableRoles, CustomParser = result => ReadRole(CommandHelp.Place("role"), result.Tokens is [var token, ..] ? token.Value : "", result) ?? default };

    private static readonly Words Wrong = new("{0}: {1}", "{0} : {1}");

    private const string GrantableRoles = "it, hr, security, auditor, admin";

    private static string List<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName));

    private static Role? ReadRole(string name, string said, ArgumentResult result)
    {
        if (GrantableRoles.Split(", ").FirstOrDefault(role => string.Equals(role, said, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return Enum.Parse<Role>(known, ignoreCase: true);
        }

        result.AddError(Wrong.With(name, WordText.Unknown.With(said, GrantableRoles)).ToString());
        return null;
    }

    private static T? Read<T>(string name, ArgumentResult result)
        where T : struct, Enum => Read<T>(name, result.Tokens is [var token, ..] ? token.Value : "", result);

    private static T? Read<T>(string name, string said, ArgumentResult result)
        where T : struct, Enum
    {
        _ = Word<T>.TryParse(said, out var word);
        if (word.Refusal(name) is { } refusal)
        {
            result.AddError(Wrong.With(name, refusal.Message).ToString());
        }

        return word.Value;
    }
}
