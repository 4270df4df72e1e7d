using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;

namespace Depart.Step5Close.Accounts;

/// <summary>A connector, as a form and a plan need it.</summary>
public sealed record ConnectorRow(string Key, Words Name, Words About, ProofLevel BestProof, int DefaultConcurrency, IReadOnlyList<SettingRow> Settings)
{
    /// <summary>What it does to an account, in the order of the phases; empty when it depends on the settings.</summary>
    public IReadOnlyList<ActionRow> Actions { get; init; } = [];

    /// <summary>A person does what is to be done there.</summary>
    public bool ByHand { get; init; }
}

/// <summary>One field of a connector's form, in order.</summary>
public sealed record SettingRow(string Name, Words Label, Words? Help, bool Required, bool Secret)
{
    /// <summary>Shown as several lines; a list has one value a line.</summary>
    public bool Multiline { get; init; }

    /// <summary>Shown behind « more settings ».</summary>
    public bool Advanced { get; init; }

    /// <summary>When it changes, secrets are asked again.</summary>
    public bool Address { get; init; }

    /// <summary><c>text</c>, <c>number</c>, <c>flag</c> or <c>choice</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Values of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>How those values read, in their order.</summary>
    public IReadOnlyList<Words> ChoiceTitles { get; init; } = [];

    /// <summary>A value as it reads: of a choice its title, of a flag yes or no.</summary>
    public string Read(string value) =>
        Kind == "flag" ? (string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) ? DesignText.Yes : DesignText.No).ToString()
        : Choices.Zip(ChoiceTitles).FirstOrDefault(choice => string.Equals(choice.First, value, StringComparison.OrdinalIgnoreCase)).Second?.ToString() ?? value;

    /// <summary>The value when nothing is given.</summary>
    public string? Default { get; init; }
}

/// <summary>One action of a connector.</summary>
public sealed record ActionRow(string Key, Phase Phase, Words Title, Words Effect, Words? NotRestored, bool ByHand, bool NeedsNewOwner);

/// <summary>Every connector with the form of its settings and what it does.</summary>
internal sealed record ListConnectors : IQuery<IReadOnlyList<ConnectorRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/connectors", (ApiDoor door) => door.AskAsync(new ListConnectors())).WithTags("Systems");

    internal sealed class Handler(Connections connections) : IHandler<ListConnectors, IReadOnlyList<ConnectorRow>>
    {
        public Task<Outcome<IReadOnlyList<ConnectorRow>>> HandleAsync(ListConnectors query, CancellationToken cancellation) =>
            Task.FromResult<Outcome<IReadOnlyList<ConnectorRow>>>(connections.Catalogue.Kinds.Select(Row).ToList());

        private ConnectorRow Row(ConnectorKind kind)
        {
            var actions = connections.Actions(kind);
            return new(
                kind.Key, kind.Name.ToWords(), new(kind.About.AboutEn, kind.About.AboutFr), kind.About.BestProof, kind.About.DefaultConcurrency,
                [.. kind.Settings.Select(Row)])
            {
                Actions = [.. actions.OrderBy(action => action.Phase).Select(action => new ActionRow(
                    action.Key, action.Phase, action.Title.ToWords(), action.Effect.ToWords(), action.NotRestored?.ToWords(), action.ByHand, action.NeedsNewOwner))],
                ByHand = actions.Count > 0 && actions.All(action => action.ByHand),
            };
        }

        private static SettingRow Row(SettingField field) => new(
            field.Name, field.Label.ToWords(), field.Help is { En.Length: > 0 } help ? help.ToWords() : null, field.Required, field.Secret)
        {
            Multiline = field.Multiline,
            Advanced = field.Advanced,
            Address = field.Address,
            Kind = field.IsFlag ? "flag" : field.IsNumber ? "number" : field.Choices.Count > 0 ? "choice" : "text",
            Choices = field.Choices,
            ChoiceTitles = [.. field.ChoiceTitles.Select(title => title.ToWords())],
            Default = field.Secret ? null : field.Default,
        };
    }
}
