namespace Depart.Connectors;

/// <summary>Makes a class a connector: it is found by scanning, nothing is registered.</summary>
/// <param name="key">Stable key, kebab-case, stored with every system: <c>openldap</c>.</param>
/// <param name="en">The system's name in English.</param>
/// <param name="fr">The system's name in French.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ConnectorAttribute(string key, string en, string fr) : Attribute
{
    /// <summary>Stable key.</summary>
    public string Key { get; } = key;

    /// <summary>English name.</summary>
    public string En { get; } = en;

    /// <summary>French name.</summary>
    public string Fr { get; } = fr;

    /// <summary>The best proof the connector can reach.</summary>
    public ProofLevel BestProof { get; init; } = ProofLevel.ReadBack;

    /// <summary>Calls in flight at once on one system, 1 to 64.</summary>
    public int DefaultConcurrency { get; init; } = 8;

    /// <summary>One sentence in English: which systems this connects.</summary>
    public string AboutEn { get; init; } = "";

    /// <summary>One sentence in French.</summary>
    public string AboutFr { get; init; } = "";
}

/// <summary>How a value of a closed choice reads in the form, where its name would not: a product's or protocol's own spelling.</summary>
/// <param name="en">In English.</param>
/// <param name="fr">In French.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ChoiceAttribute(string en, string fr) : Attribute
{
    /// <summary>In English.</summary>
    public string En { get; } = en;

    /// <summary>In French.</summary>
    public string Fr { get; } = fr;
}

/// <summary>Makes a settable property of a settings class a field of the form drawn for the administrator.</summary>
/// <remarks>
/// Property types: <c>string</c>, <c>string?</c>, <c>int</c>, <c>bool</c>, an enum, or <c>IReadOnlyList&lt;string&gt;</c> (one value a line).
/// A nullable property, a bool, a list or a property with an initial value is optional; anything else is required.
/// Numbers take a range from <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>.
/// </remarks>
/// <param name="order">Position in the form.</param>
/// <param name="en">Label in English.</param>
/// <param name="fr">Label in French.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(int order, string en, string fr) : Attribute
{
    /// <summary>Position in the form.</summary>
    public int Order { get; } = order;

    /// <summary>Label in English.</summary>
    public string En { get; } = en;

    /// <summary>Label in French.</summary>
    public string Fr { get; } = fr;

    /// <summary>Help in English: what it is, an example, the default.</summary>
    public string HelpEn { get; init; } = "";

    /// <summary>Help in French.</summary>
    public string HelpFr { get; init; } = "";

    /// <summary>Encrypted at rest, write-only, never shown again.</summary>
    public bool Secret { get; init; }

    /// <summary>Says where secrets are sent: when it changes, secrets are asked again. Names such as Host, Port and BaseUrl say so by themselves.</summary>
    public bool Address { get; init; }

    /// <summary>Shown as several lines (a certificate, a private key).</summary>
    public bool Multiline { get; init; }

    /// <summary>Shown behind « more settings ».</summary>
    public bool Advanced { get; init; }
}

/// <summary>Checks across settings that one property cannot say; an implementation yields one problem per field.</summary>
public interface ISettingsCheck
{
    /// <summary>Problems found; empty when all is well.</summary>
    IEnumerable<SettingProblem> Check();
}

/// <summary>A setting that cannot be used.</summary>
/// <param name="Setting">Name of the property.</param>
/// <param name="What">What is wrong and what would be right.</param>
public sealed record SettingProblem(string Setting, Bilingual What);
