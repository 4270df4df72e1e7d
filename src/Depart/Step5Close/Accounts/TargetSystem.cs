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

    /// <summary>The name people use; unique, any case.</summary>
    public required string Name { get; set; }

    /// <summary>Key of the connector.</summary>
    public required string Connector { get; init; }

    /// <summary>Settings that are not secret, JSON.</summary>
    public string SettingsJson { get; private set; } = "{}";

    /// <summary>Secret settings, encrypted JSON; never shown again.</summary>
    public string ProtectedSecrets { get; private set; } = "";

    /// <summary>Logins never touched, one pattern each; <c>*</c> stands for any text.</summary>
    public List<string> ProtectedAccounts { get; private set; } = [];

    /// <summary>Systems that come before this one, by the administrator's word.</summary>
    public List<Guid> AfterSystems { get; private set; } = [];

    /// <summary>Calls in flight at once, 1 to 64.</summary>
    public int MaxConcurrency { get; private set; } = 8;

    /// <summary>Calls started per second, or null without limit.</summary>
    public int? RatePerSecond { get; private set; }

    /// <summary>The queue of its work.</summary>
    public string Queue => WorkQueues.OfSystem(Id.Value);

    /// <summary>Settings that are not secret.</summary>
    public IReadOnlyDictionary<string, string> Settings => JsonSerializer.Deserialize<Dictionary<string, string>>(SettingsJson)!;

    /// <summary>Whether a login is protected: no plan and no call ever touches it.</summary>
    public bool Protects(string login) => ProtectedAccounts.Any(pattern =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, login, ignoreCase: true));

    /// <summary>Replaces settings; a secret not given again is kept.</summary>
    public void Configure(ConnectorKind kind, IReadOnlyDictionary<string, string> values, IDataProtector protector)
    {
        var secrets = Secrets(protector);
        foreach (var (name, value) in values.Where(pair => kind.Settings.Any(field => field.Secret && string.Equals(field.Name, pair.Key, StringComparison.OrdinalIgnoreCase))))
        {
            if (value.Length > 0)
            {
                secrets[name] = value;
            }
        }

        SettingsJson = JsonSerializer.Serialize(values
            .Where(pair => !secrets.ContainsKey(pair.Key) && pair.Value.Length > 0)
            .ToDictionary(StringComparer.OrdinalIgnoreCase));
        ProtectedSecrets = protector.Protect(JsonSerializer.Serialize(secrets));
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
            builder.HasIndex(system => system.Name).IsUnique();
            builder.Property(system => system.Connector).HasMaxLength(60);
            builder.PrimitiveCollection(system => system.ProtectedAccounts);
            builder.PrimitiveCollection(system => system.AfterSystems);
            builder.Ignore(system => system.Queue).Ignore(system => system.Settings);
            MapVersion(builder);
        }
    }
}
