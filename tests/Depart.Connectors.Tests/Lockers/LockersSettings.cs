using System.ComponentModel.DataAnnotations;

namespace Depart.Connectors.Lockers;

/// <summary>Settings of a company's lockers. The administrator's form, the YAML keys and the checks all come from here.</summary>
public sealed class LockersSettings : ISettingsCheck
{
    /// <summary>Address of the lockers' server.</summary>
    [Setting(1, "Address", "Adresse", HelpEn = "For example https://lockers.example.com", HelpFr = "Par exemple https://casiers.exemple.fr")]
    public string Address { get; set; } = "";

    /// <summary>Key of a client that may close lockers.</summary>
    [Setting(2, "Key", "Clé", Secret = true, HelpEn = "Given by the lockers' administrator.", HelpFr = "Donnée par l’administrateur des casiers.")]
    public string Key { get; set; } = "";

    /// <summary>Seconds to wait for an answer.</summary>
    [Setting(3, "Time-out in seconds", "Délai en secondes", Advanced = true)]
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <inheritdoc/>
    public IEnumerable<SettingProblem> Check()
    {
        // In clear only to this very machine: a key that is overheard opens every locker.
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            yield return new(nameof(Address), new("A complete address that begins with https://.", "Une adresse complète qui commence par https://."));
        }
    }
}
