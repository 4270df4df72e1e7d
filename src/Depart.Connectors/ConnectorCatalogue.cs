using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Depart.Connectors;

/// <summary>A connector found in an assembly.</summary>
public sealed record ConnectorKind
{
    internal ConnectorKind(Type type, ConnectorAttribute about)
    {
        Type = type;
        About = about;
        var constructor = type.GetConstructors().SingleOrDefault(candidate =>
            candidate.GetParameters() is [_, { } second] && second.ParameterType == typeof(ConnectorContext))
            ?? throw new InvalidOperationException($"{type.Name} needs one constructor (settings, {nameof(ConnectorContext)}).");
        SettingsType = constructor.GetParameters()[0].ParameterType;
        var nullability = new NullabilityInfoContext();
        Settings =
        [
            .. from property in SettingsType.GetProperties()
               let attribute = property.GetCustomAttribute<SettingAttribute>()
               where attribute is not null
               orderby attribute.Order
               select new SettingField(property, attribute, nullability.Create(property).WriteState == NullabilityState.Nullable)
        ];
    }

    /// <summary>Stable key.</summary>
    public string Key => About.Key;

    /// <summary>The system's name.</summary>
    public Bilingual Name => new(About.En, About.Fr);

    /// <summary>Metadata.</summary>
    public ConnectorAttribute About { get; }

    /// <summary>The form, in order.</summary>
    public IReadOnlyList<SettingField> Settings { get; }

    internal Type Type { get; }

    internal Type SettingsType { get; }

    /// <summary>
    /// Reads settings from texts; every wrong, missing or unknown name is a problem, and then no settings are given.
    /// </summary>
    /// <param name="values">Texts by setting name, any case. Lists: one value a line.</param>
    /// <param name="settings">The settings object for <see cref="Create"/>, or null when there is a problem.</param>
    public IReadOnlyList<SettingProblem> Read(IReadOnlyDictionary<string, string> values, out object? settings)
    {
        ArgumentNullException.ThrowIfNull(values);
        var problems = new List<SettingProblem>();
        var result = Activator.CreateInstance(SettingsType)!;
        foreach (var unknown in values.Keys.Where(name => !Settings.Any(field => field.Is(name))))
        {
            problems.Add(new(unknown, new($"There is no setting named '{unknown}'.", $"Il n’existe aucun réglage nommé « {unknown} ».")));
        }

        foreach (var field in Settings)
        {
            var text = values.FirstOrDefault(pair => field.Is(pair.Key)).Value;
            if (string.IsNullOrWhiteSpace(text))
            {
                if (field.Required)
                {
                    problems.Add(new(field.Name, new($"{field.Label.En}: required.", $"{field.Label.Fr} : obligatoire.")));
                }
            }
            else if (field.Problem(text, out var value) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                field.Set(result, value);
            }
        }

        if (problems.Count == 0 && result is ISettingsCheck check)
        {
            problems.AddRange(check.Check());
        }

        settings = problems.Count == 0 ? result : null;
        return problems;
    }

    /// <summary>
    /// A connector over default settings, only to read what it declares: making one connects to nothing. Null when it cannot be made
    /// without real settings.
    /// </summary>
    public IConnector? Blank(ConnectorContext context)
    {
        try
        {
            return Create(Activator.CreateInstance(SettingsType)!, context);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    /// <summary>Makes a connector over settings given by <see cref="Read"/>.</summary>
    public IConnector Create(object settings, ConnectorContext context) =>
        (IConnector)Activator.CreateInstance(Type, settings, context)!;
}

/// <summary>One field of a connector's form.</summary>
public sealed class SettingField
{
    private static readonly HashSet<string> Addresses = new(StringComparer.OrdinalIgnoreCase)
    {
        "Address", "BaseUrl", "Domain", "Endpoint", "Host", "Hosts", "Port", "Server", "Servers", "Url", "Urls",
    };

    private readonly PropertyInfo property;
    private readonly SettingAttribute attribute;

    internal SettingField(PropertyInfo property, SettingAttribute attribute, bool nullable)
    {
        this.property = property;
        this.attribute = attribute;
        var initial = property.GetValue(Activator.CreateInstance(property.ReflectedType!));
        Default = initial switch
        {
            IEnumerable<string> lines => string.Join('\n', lines),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => initial?.ToString(),
        };
        Required = !nullable && property.PropertyType != typeof(bool) && !property.PropertyType.IsEnum
            && !IsList && (initial is null or "" or 0);
    }

    /// <summary>Name of the property, also the YAML key.</summary>
    public string Name => property.Name;

    /// <summary>Label.</summary>
    public Bilingual Label => new(attribute.En, attribute.Fr);

    /// <summary>Help; both empty when there is none.</summary>
    public Bilingual Help => new(attribute.HelpEn, attribute.HelpFr);

    /// <summary>Encrypted at rest, write-only.</summary>
    public bool Secret => attribute.Secret;

    /// <summary>Says where secrets are sent: when it changes, secrets are asked again.</summary>
    public bool Address => attribute.Address || Addresses.Contains(Name);

    /// <summary>Shown as several lines.</summary>
    public bool Multiline => attribute.Multiline || IsList;

    /// <summary>Shown behind « more settings ».</summary>
    public bool Advanced => attribute.Advanced;

    /// <summary>Must be given.</summary>
    public bool Required { get; }

    /// <summary>The value when nothing is given, as text.</summary>
    public string? Default { get; }

    /// <summary>A yes/no field.</summary>
    public bool IsFlag => property.PropertyType == typeof(bool);

    /// <summary>A whole number.</summary>
    public bool IsNumber => property.PropertyType == typeof(int);

    /// <summary>The values of a closed choice; empty for other fields.</summary>
    public IReadOnlyList<string> Choices => property.PropertyType.IsEnum ? Enum.GetNames(property.PropertyType) : [];

    /// <summary>How those values read, in their order: their name, where <see cref="ChoiceAttribute"/> says nothing else.</summary>
    public IReadOnlyList<Bilingual> ChoiceTitles =>
    [
        .. Choices.Select(name => property.PropertyType.GetField(name)!.GetCustomAttribute<ChoiceAttribute>() is { } said ? new Bilingual(said.En, said.Fr) : new(name, name))
    ];

    private bool IsList => property.PropertyType == typeof(IReadOnlyList<string>);

    internal bool Is(string name) => string.Equals(name, Name, StringComparison.OrdinalIgnoreCase);

    internal void Set(object settings, object? value) => property.SetValue(settings, value);

    internal SettingProblem? Problem(string text, out object? value)
    {
        value = null;
        if (IsList)
        {
            value = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return null;
        }

        if (IsFlag)
        {
            var known = bool.TryParse(text.Trim(), out var flag) || text.Trim() is "on" or "oui" or "yes" or "1";
            value = flag || text.Trim() is "on" or "oui" or "yes" or "1";
            return known ? null : new(Name, new($"{Label.En}: true or false.", $"{Label.Fr} : true ou false."));
        }

        if (IsNumber)
        {
            var range = property.GetCustomAttribute<RangeAttribute>();
            if (int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && (range is null || range.IsValid(number)))
            {
                value = number;
                return null;
            }

            return new(Name, range is null
                ? new($"{Label.En}: a whole number.", $"{Label.Fr} : un nombre entier.")
                : new(
                    $"{Label.En}: a whole number from {range.Minimum} to {range.Maximum}.",
                    $"{Label.Fr} : un nombre entier de {range.Minimum} à {range.Maximum}."));
        }

        if (property.PropertyType.IsEnum)
        {
            var choice = Choices.FirstOrDefault(name => string.Equals(name, text.Trim(), StringComparison.OrdinalIgnoreCase));
            value = choice is null ? null : Enum.Parse(property.PropertyType, choice);
            return choice is not null ? null : new(Name, new(
                $"{Label.En}: one of {string.Join(", ", Choices)}.",
                $"{Label.Fr} : l’une des valeurs {string.Join(", ", Choices)}."));
        }

        value = attribute.Secret || attribute.Multiline ? text : text.Trim();
        return null;
    }
}

/// <summary>Every connector of an assembly, by key.</summary>
public sealed class ConnectorCatalogue
{
    /// <summary>Scans assemblies; without any, the connectors shipped here.</summary>
    /// <exception cref="InvalidOperationException">Two connectors share a key, or one has no fitting constructor.</exception>
    public ConnectorCatalogue(params Assembly[] assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        var found = (assemblies.Length == 0 ? [typeof(ConnectorCatalogue).Assembly] : assemblies)
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => (type, about: type.GetCustomAttribute<ConnectorAttribute>()))
            .Where(pair => pair.about is not null && typeof(IConnector).IsAssignableFrom(pair.type))
            .Select(pair => new ConnectorKind(pair.type, pair.about!))
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .ToList();
        if (found.GroupBy(kind => kind.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"Two connectors have the key '{twice.Key}'.");
        }

        Kinds = found;
    }

    /// <summary>Every connector, ordered by key.</summary>
    public IReadOnlyList<ConnectorKind> Kinds { get; }

    /// <summary>The connector with a key, or null.</summary>
    public ConnectorKind? Find(string key) => Kinds.FirstOrDefault(kind => kind.Key == key);
}
