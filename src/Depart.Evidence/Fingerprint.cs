using System.Security.Cryptography;

namespace Depart.Evidence;

/// <summary>The short name of a signing key, published by the company so that a stranger can check who signed.</summary>
public static class Fingerprint
{
    /// <summary>SHA-256 over the key's SubjectPublicKeyInfo (DER), as lower-case hexadecimal.</summary>
    public static string Of(ReadOnlySpan<byte> subjectPublicKeyInfo) =>
        Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
}
