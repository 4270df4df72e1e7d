using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Depart.Foundation;

namespace Depart.Interfaces.CommandLine;

/// <summary>What the library of the command line says by itself, in the help and of a call whose words are off. It speaks French, but not throughout: the rest is said here.</summary>
internal static class CommandHelp
{
    private static readonly Words Missing = new("{0}: required.", "{0}\u00a0: obligatoire.");
    private static readonly Words NotANumber = new("{0}: “{1}” is not a whole number.", "{0}\u00a0: «\u00a0{1}\u00a0» n’est pas un nombre entier.");
    private static readonly Words NotAnId = new("{0}: “{1}” is not an ID. Copy it whole, as the list shows it.", "{0}\u00a0: «\u00a0{1}\u00a0» n’est pas un ID. Copiez-le en entier, tel que la liste le montre.");
    private static readonly Words NotYesOrNo = new("{0}: “{1}” is neither true nor false.", "{0}\u00a0: «\u00a0{1}\u00a0» n’est ni true ni false.");

    private static readonly Words Labelled = new("{0}: {1}", "{0}\u00a0: {1}");

    private static readonly Words Password = new("Password", "Mot de passe");

    /// <summary>Fields of the interface that are typed under another name.</summary>
    private static readonly Dictionary<string, string> Typed = new(StringComparer.Ordinal) { ["colour"] = "accent", ["key"] = "provider", ["roles"] = "role", ["to"] = "address", ["within"] = "unit" };

    /// <summary>What stands between &lt; and &gt; in the help, in French; the verbs name it in English.</summary>
    private static readonly Dictionary<string, string> Places = new(StringComparer.Ordinal)
    {
        ["address"] = "adresse", ["ask-days"] = "jours", ["at"] = "heure", ["choices"] = "SYSTÈME=COMPTE", ["client"] = "id", ["contact-mail"] = "adresse", ["contact-name"] = "nom", ["data"] = "dossier", ["dates"] = "ordre",
        ["days"] = "jours", ["departure"] = "départ", ["domain"] = "domaine", ["evidence"] = "archive", ["extends"] = "clé", ["family-name"] = "nom", ["file"] = "fichier", ["for"] = "départs", ["from"] = "jour", ["from-address"] = "adresse",
        ["from-name"] = "nom", ["given-name"] = "prénom", ["host"] = "serveur", ["hour"] = "heure", ["https://depart.example.com"] = "https://depart.exemple.fr", ["https://sso.example.com"] = "https://sso.exemple.fr", ["id"] = "id", ["ids"] = "id", ["is"] = "présence",
        ["key"] = "clé", ["kind"] = "nature", ["language"] = "langue", ["later"] = "pas", ["take-up"] = "pas", ["link"] = "lien", ["login"] = "identifiant", ["mail"] = "adresse", ["mail-claim"] = "attribut", ["most-ended"] = "pour cent", ["name"] = "nom", ["name=value"] = "nom=valeur", ["name-claim"] = "attribut",
        ["note"] = "texte", ["number"] = "numéro", ["order"] = "commande", ["output"] = "fichier", ["outside-provider"] = "nom", ["person"] = "personne", ["place"] = "lieu", ["provider"] = "fournisseur", ["prepare-days"] = "jours",
        ["reason"] = "motif", ["refused"] = "fichier", ["responsible"] = "personne", ["role"] = "rôle", ["role-claim"] = "attribut", ["role=value"] = "rôle=valeur", ["scopes"] = "portées", ["search"] = "texte", ["security"] = "protection", ["state"] = "état", ["status"] = "statut",
        ["substitute"] = "nom", ["supplier"] = "prestataire", ["system"] = "système", ["system=account"] = "système=compte", ["task"] = "tâche", ["team"] = "équipe", ["text"] = "texte", ["title"] = "intitulé",
        ["title-en"] = "nom", ["title-fr"] = "nom", ["title=field"] = "titre=champ", ["to"] = "nom", ["unit"] = "entité", ["until"] = "jour", ["urls"] = "adresses", ["user"] = "utilisateur",
        ["with-version"] = "version", ["zone"] = "fuseau",
    };

    private static bool French => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr";

    /// <summary>Lets the help of all verbs speak the reader's language.</summary>
    public static void Translate(RootCommand root)
    {
        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Description = Terminal.Say(new("Shows the version.", "Affiche la version."));
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Description = Terminal.Say(new("Shows this help.", "Montre cette aide."));
            if (French && help.Action is SynchronousCommandLineAction page)
            {
                help.Action = new FrenchPage(page);
            }
        }

        if (French)
        {
            NamePlaces(root);
        }
    }

    /// <summary>What is wrong with a call, in the reader's language; empty for one that can run. A value that the library would only miss when it is asked for is found here.</summary>
    public static IReadOnlyList<string> Complaints(ParseResult parsed) =>
        parsed.Errors.Count > 0 ? [.. parsed.Errors.Select(Told).Distinct(StringComparer.Ordinal)]
        : parsed.Action is { ClearsParseErrors: true } ? []
        : [.. parsed.CommandResult.Children.Select(Unfit).OfType<string>()];

    /// <summary>What the server refused, under the name of what was typed; a field that nobody typed keeps the name that the interface gives it.</summary>
    public static string Refused(CommandFailed failed, Command command)
    {
        if (failed.Problem?["field"]?.ToString() is not { } field)
        {
            return failed.Message;
        }

        var word = JsonNamingPolicy.KebabCaseLower.ConvertName(field);
        var named = new[] { word, Typed.GetValueOrDefault(word, word) }.Select(name =>
            command.Options.FirstOrDefault(option => option.Name == "--" + name)?.Name ?? (command.Arguments.Any(argument => argument.Name == name) ? Place(name) : null)).OfType<string>().FirstOrDefault();
        return Labelled.With(named ?? (word == "password" ? Password.ToString() : field), failed.Message).ToString();
    }

    private static string Told(ParseError error)
    {
        if (Unfit(error.SymbolResult) is { } unfit)
        {
            return unfit;
        }

        var command = Within(error.SymbolResult);
        return error.SymbolResult is CommandResult or OptionResult { Tokens.Count: 0 } && command?.Options.FirstOrDefault(option => option.Required && error.Message.Contains($"'{option.Name}'", StringComparison.Ordinal)) is { } missing
            ? Missing.With(missing.Name).ToString()
            : French ? (command?.Arguments ?? []).Aggregate(Typeset(error.Message), (text, argument) => text.Replace($"«\u00a0{argument.Name}\u00a0»", $"«\u00a0{Place(argument.Name)}\u00a0»", StringComparison.Ordinal))
            : error.Message;
    }

    /// <summary>A value that is not of its option's or argument's kind; the library would name a type of the program.</summary>
    private static string? Unfit(SymbolResult? result)
    {
        var (name, kind) = result switch
        {
            OptionResult option => (option.Option.Name, option.Option.ValueType),
            ArgumentResult { Parent: OptionResult option } => (option.Option.Name, option.Option.ValueType),
            ArgumentResult argument => (argument.Argument.Name, argument.Argument.ValueType),
            _ => ("", typeof(string)),
        };
        var identifies = name is "id" or "departure" or "--departure";
        kind = kind.GetElementType() ?? Nullable.GetUnderlyingType(kind) ?? kind;
        foreach (var said in result?.Tokens.Select(token => token.Value) ?? [])
        {
            var wrong = kind == typeof(int) && !int.TryParse(said, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? NotANumber
                : kind == typeof(long) && !long.TryParse(said, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? NotANumber
                : (kind == typeof(Guid) || identifies) && !Guid.TryParse(said, out _) ? NotAnId
                : kind == typeof(bool) && !bool.TryParse(said, out _) ? NotYesOrNo
                : null;
            if (wrong is not null)
            {
                return wrong.With(result is ArgumentResult { Parent: not OptionResult } ? Place(name) : name, said).ToString();
            }
        }

        return null;
    }

    private static Command? Within(SymbolResult? result)
    {
        for (; result is not null; result = result.Parent)
        {
            if (result is CommandResult command)
            {
                return command.Command;
            }
        }

        return null;
    }

    private static void NamePlaces(Command command)
    {
        foreach (var argument in command.Arguments.Where(argument => argument.HelpName is not null || !Listed(argument.ValueType, argument.Description)))
        {
            argument.HelpName = Place(argument.HelpName ?? argument.Name);
        }

        foreach (var option in command.Options.Where(option => option is not (HelpOption or VersionOption) && option.ValueType != typeof(bool) && option.ValueType != typeof(bool?) && (option.HelpName is not null || !Listed(option.ValueType, option.Description))))
        {
            option.HelpName = (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) == typeof(DateOnly) ? "jour" : Place(option.HelpName ?? option.Name.TrimStart('-'));
        }

        foreach (var verb in command.Subcommands)
        {
            NamePlaces(verb);
        }
    }

    /// <summary>Whether the library lists the words of a closed list there, and nothing else does.</summary>
    private static bool Listed(Type type, string? description) => description is null && (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    /// <summary>An argument's name as the help writes it.</summary>
    public static string Place(string name) => !French ? name
        : Places.TryGetValue(name, out var place) ? place
        : Places.TryGetValue(name.ToLowerInvariant(), out var capital) ? capital.ToUpper(Words.French)
        : name;

    /// <summary>French quotation marks and apostrophes for the library's straight ones.</summary>
    private static string Typeset(string text)
    {
        var (set, quoted) = (new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            _ = text[at] != '\'' ? set.Append(text[at])
                : !quoted && at > 0 && char.IsLetter(text[at - 1]) ? set.Append('’')
                : set.Append((quoted = !quoted) ? "«\u00a0" : "\u00a0»");
        }

        return set.ToString();
    }

    /// <summary>The library's page, with what it leaves in English.</summary>
    private sealed class FrenchPage(SynchronousCommandLineAction library) : SynchronousCommandLineAction
    {
        public override bool Terminating => library.Terminating;

        public override bool ClearsParseErrors => library.ClearsParseErrors;

        public override int Invoke(ParseResult parseResult)
        {
            var output = parseResult.InvocationConfiguration.Output;
            using var page = new StringWriter(CultureInfo.InvariantCulture);
            parseResult.InvocationConfiguration.Output = page;
            var code = library.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            output.Write(parseResult.CommandResult.Command.Arguments.Aggregate(InFrench(page.ToString()), (text, argument) => text.Replace($"<{argument.Name}>", $"<{Place(argument.Name)}>", StringComparison.Ordinal)));
            return code;
        }

        /// <summary>As wide as the English word, for the columns.</summary>
        private static string InFrench(string page) => page
            .Replace("Description:", "Description\u00a0:", StringComparison.Ordinal)
            .Replace("[command]", "[commande]", StringComparison.Ordinal)
            .Replace("(REQUIRED)", "(exigée)  ", StringComparison.Ordinal)
            .Replace("[default: ", "[par défaut\u00a0: ", StringComparison.Ordinal);
    }
}
