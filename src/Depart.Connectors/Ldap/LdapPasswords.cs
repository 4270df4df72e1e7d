using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Depart.Connectors.Ldap;

/// <summary>Passwords of our own making, and the question whether a stored hash is of one of them.</summary>
internal static class LdapPasswords
{
    private const string Signs = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>32 signs of chance (some 180 bits) with capital, small letter, digit and another sign, as password rules like them.</summary>
    public static string Random() => $"{RandomNumberGenerator.GetString(Signs, 28)}-aZ7";

    /// <summary>A password that a person types once: five groups of four signs that cannot be mistaken for one another (some 110 bits).</summary>
    public static string OneTime() => string.Join('-', Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetString(Signs, 4))) + "-aZ7";

    /// <summary>Whether a stored value is of this password; null when its scheme is not one that is read here.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The directory chose the scheme; we only compare with what it stored.")]
    public static bool? Matches(ReadOnlySpan<byte> stored, string password)
    {
        var text = Encoding.UTF8.GetString(stored);
        var end = text.StartsWith('{') ? text.IndexOf('}', StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return CryptographicOperations.FixedTimeEquals(stored, Encoding.UTF8.GetBytes(password));
        }

        var size = text[1..end].ToUpperInvariant() switch
        {
            "SHA" or "SSHA" => SHA1.HashSizeInBytes,
            "SHA256" or "SSHA256" => SHA256.HashSizeInBytes,
            "SHA384" or "SSHA384" => SHA384.HashSizeInBytes,
            "SHA512" or "SSHA512" => SHA512.HashSizeInBytes,
            _ => 0,
        };
        var value = new byte[text.Length];
        if (size == 0 || !Convert.TryFromBase64String(text[(end + 1)..], value, out var length) || length < size)
        {
            return null;
        }

        byte[] salted = [.. Encoding.UTF8.GetBytes(password), .. value.AsSpan(size, length - size)];
        var hash = size switch
        {
            SHA1.HashSizeInBytes => SHA1.HashData(salted),
            SHA256.HashSizeInBytes => SHA256.HashData(salted),
            SHA384.HashSizeInBytes => SHA384.HashData(salted),
            _ => SHA512.HashData(salted),
        };
        return CryptographicOperations.FixedTimeEquals(hash, value.AsSpan(0, size));
    }
}
