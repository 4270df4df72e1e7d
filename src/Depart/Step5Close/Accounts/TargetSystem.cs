using System.Text.Json;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>Identifies a target system.</summary>
public readonly record struct SystemId(Guid Value) : IIdentifier<SystemId>
{
    /// <summary>Wraps a UUID.</summary>
    public static SystemId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out SystemId id) => IIdentifier<SystemId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>A connected system (ACC1).</summary>
internal sealed class TargetSystem : Versioned
{
    /// <summary>Purpose of the encryption of secrets at rest.</summary>
    public const string SecretPurpose = "depart.systems";

    public SystemId Id { get; private init; } = IIdentifier<SystemId>.New();

    /// <summary>The name people use; unique among the connected ones, any case.</summary>
    public required string Name { get; set; }

    /// <summary>Key of the connector.</summary>
    public required string Connector { get; init; }

    /// <summary>Settings that are not secret, JSON.</summary>
    public string SettingsJson { get; private set; } = "{}";

    /// <summary>Secret settings, encrypted JSON; never shown again.</summary>
    public string ProtectedSecrets { get; private set; } = "";

    /// <summary>Names of the secret settings that are set.</summary>
    public List<string> SecretNames { get; private set; } = [];

    /// <summary>Logins never touched, one pattern each; <c>*</c> stands for any text.</summary>
    public List<string> ProtectedAccounts { get; private set; } = [];

    /// <summary>Systems that come before this one, by the administrator's word.</summary>
    public List<Guid> AfterSystems { get; private set; } = [];

    /// <summary>Calls in flight at once, 1 to 64.</summary>
    public int MaxConcurrency { get; private set; } = 8;

    /// <summary>Calls started per second, or null without limit.</summary>
    public int? RatePerSecond { get; private set; }

    /// <summary>When it was removed, UTC: what it once held stays named in past disconnections, its settings and secrets are gone.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>The queue of its work.</summary>
    public string Queue => WorkQueues.OfSystem(Id.Value);

    /// <summary>Settings that are not secret.</summary>
    public IReadOnlyDictionary<string, string> Settings => JsonSerializer.Deserialize<Dictionary<string, string>>(SettingsJson)!;

    /// <summary>Whether a login is protected: no plan and no call ever touches it.</summary>
    public bool Protects(string login) => ProtectedAccounts.Any(pattern =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, login, ignoreCase: true));

    /// <summary>All settings as they would be: what is given, and the secrets that are kept because they are not.</summary>
    public SettingsOffer Offer(ConnectorKind kind, IReadOnlyDictionary<string, string> given, IReadOnlyCollection<string> forget, IDataProtector protector)
    {
        var values = new Dictionary<string, string>(given.Where(pair => pair.Value.Length > 0), StringComparer.OrdinalIgnoreCase);
        var kept = Secrets(protector)
            .Where(secret => !values.ContainsKey(secret.Key) && !forget.Contains(secret.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        foreach (var (name, value) in kept)
        {
            values[name] = value;
        }

        var before = Settings;
        var moved = kind.Settings.Where(field => field is { Address: true, Secret: false }
            && !string.Equals(before.GetValueOrDefault(field.Name) ?? field.Default ?? "", values.GetValueOrDefault(field.Name) ?? field.Default ?? "", StringComparison.OrdinalIgnoreCase));
        return new(values, moved.Any() ? [.. kept.Select(secret => secret.Key)] : []);
    }

    /// <summary>Replaces the settings: those given are all there is.</summary>
    public void Configure(ConnectorKind kind, IReadOnlyDictionary<string, string> values, IDataProtector protector)
    {
        var (plain, secrets) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var field in kind.Settings)
        {
            if (values.FirstOrDefault(pair => string.Equals(pair.Key, field.Name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } value)
            {
                (field.Secret ? (IDictionary<string, string>)secrets : plain)[field.Name] = value;
            }
        }

        SettingsJson = JsonSerializer.Serialize(plain);
        ProtectedSecrets = protector.Protect(JsonSerializer.Serialize(secrets));
        SecretNames = [.. secrets.Keys];
        Touch();
    }

    /// <summary>Replaces limits, protected accounts and order.</summary>
    public void Bound(IEnumerable<string> protectedAccounts, IEnumerable<Guid> after, int concurrency, int? rate)
    {
        ProtectedAccounts = [.. protectedAccounts.Select(pattern => pattern.Trim()).Where(pattern => pattern.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        AfterSystems = [.. after.Distinct()];
        (MaxConcurrency, RatePerSecond) = (concurrency, rate);
        Touch();
    }

    /// <summary>A system that came before this one is no more.</summary>
    public void NoLongerAfter(SystemId gone)
    {
        AfterSystems = [.. AfterSystems.Where(before => before != gone.Value)];
        Touch();
    }

    /// <summary>Removes it: settings and secrets are forgotten at once.</summary>
    public void Remove(DateTimeOffset now)
    {
        (RemovedAt, SettingsJson, ProtectedSecrets, SecretNames, AfterSystems, ProtectedAccounts) = (now, "{}", "", [], [], []);
        Touch();
    }

    /// <summary>All settings, decrypted: in memory, for the connector only.</summary>
    public IReadOnlyDictionary<string, string> AllSettings(IDataProtector protector)
    {
        var all = new Dictionary<string, string>(Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Secrets(protector))
        {
            all[name] = value;
        }

        return all;
    }

    private Dictionary<string, string> Secrets(IDataProtector protector) => new(
        ProtectedSecrets.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(ProtectedSecrets))!,
        StringComparer.OrdinalIgnoreCase);

    internal sealed class Mapping : IEntityTypeConfiguration<TargetSystem>
    {
        public void Configure(EntityTypeBuilder<TargetSystem> builder)
        {
            builder.ToTable("target_systems");
            builder.HasKey(system => system.Id);
            builder.Property(system => system.Name).HasMaxLength(100);
            builder.HasIndex(system => system.Name).IsUnique().HasFilter("\"RemovedAt\" IS NULL");
            builder.Property(system => system.Connector).HasMaxLength(60);
            builder.PrimitiveCollection(system => system.ProtectedAccounts);
            builder.PrimitiveCollection(system => system.AfterSystems);
            builder.PrimitiveCollection(system => system.SecretNames);
            builder.Ignore(system => system.Queue).Ignore(system => system.Settings);
            MapVersion(builder);
        }
    }
}

/// <summary>Settings that would be saved or tried.</summary>
/// <param name="Values">All of them, secrets in clear: in memory only.</param>
/// <param name="AskAgain">Secrets that were kept although the address changes: they must be entered again, or they would be sent to another place.</param>
internal sealed record SettingsOffer(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> AskAgain);
