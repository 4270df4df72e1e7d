using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Depart.Connectors.PostgreSql;

/// <summary>
/// Passwords as the server stores them (RFC 5803, SCRAM-SHA-256), computed here: a password sent in clear in <c>ALTER ROLE</c> would stand
/// in the server's log wherever statements are logged.
/// </summary>
internal static partial class ScramVerifier
{
    private const int Iterations = 4096;

    /// <summary>A password of 32 letters and digits (some 190 bits), which no preparation of text can change.</summary>
    public static string RandomPassword() =>
        RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 32);

    /// <summary>The text that stands for a password of ASCII letters in <c>ALTER ROLE … PASSWORD</c>.</summary>
    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var client = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(client)}:{Convert.ToBase64String(server)}";
    }

    /// <summary>Whether a text is a stored password that may be written back as it is: never one that would be taken for a password in clear.</summary>
    public static bool IsStoredPassword(string text) => Stored().IsMatch(text);

    [GeneratedRegex(@"\A(SCRAM-SHA-256\$[0-9]{1,9}:[A-Za-z0-9+/=]{1,200}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}|md5[0-9a-f]{32})\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stored();
}
