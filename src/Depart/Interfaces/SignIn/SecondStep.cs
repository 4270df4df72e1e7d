using System.Security.Cryptography;
using System.Text;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>The second step of a user's sign-in: codes of an authenticator app, and recovery codes for when it is lost. No row: a password is enough.</summary>
internal sealed class SecondStep : Versioned
{
    /// <summary>Purpose of the encryption of the secret.</summary>
    public const string SecretPurpose = "depart.second-step";

    /// <summary>Recovery codes made at once.</summary>
    public const int RecoveryCodes = 10;

    /// <summary>Of this user, who has one at most.</summary>
    public required UserId User { get; init; }

    /// <summary>What the app knows too; encrypted, shown once.</summary>
    public required string ProtectedSecret { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>The step of the last code accepted: neither it nor an earlier one is accepted again.</summary>
    public long LastStep { get; private set; }

    /// <summary>SHA-256 of the recovery codes that are left, hexadecimal: eighty random bits need no slow hash.</summary>
    public List<string> RecoveryHashes { get; private set; } = [];

    /// <summary>Uses up a code of the app; false when it is wrong, or was used.</summary>
    public bool UseCode(string code, IDataProtectionProvider protection, DateTimeOffset now)
    {
        if (Totp.StepOf(Totp.Read(protection.CreateProtector(SecretPurpose).Unprotect(ProtectedSecret)), code, now, LastStep) is not { } step)
        {
            return false;
        }

        LastStep = step;
        Touch();
        return true;
    }

    /// <summary>Uses up a recovery code; false when there is none such left.</summary>
    public bool UseRecoveryCode(string code)
    {
        var hash = HashOf(code);
        if (!RecoveryHashes.Contains(hash))
        {
            return false;
        }

        RecoveryHashes = [.. RecoveryHashes.Where(left => left != hash)];
        Touch();
        return true;
    }

    /// <summary>Makes recovery codes, which are told once; earlier ones no longer serve.</summary>
    public IReadOnlyList<string> MakeRecoveryCodes()
    {
        string[] codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', Totp.Write(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant().Chunk(4).Select(part => new string(part))))];
        RecoveryHashes = [.. codes.Select(HashOf)];
        Touch();
        return codes;
    }

    private static string HashOf(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant())));

    internal sealed class Mapping : IEntityTypeConfiguration<SecondStep>
    {
        public void Configure(EntityTypeBuilder<SecondStep> builder)
        {
            builder.ToTable("second_steps");
            builder.HasKey(step => step.User);
            builder.Property(step => step.User).ValueGeneratedNever();
            MapVersion(builder);
        }
    }
}

/// <summary>Codes that change with time, as authenticator apps make them (RFC 6238 over RFC 4226): SHA-1, six digits, thirty seconds.</summary>
internal static class Totp
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A code is good for so long.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>A new secret: twenty bytes, as RFC 4226 advises.</summary>
    public static string NewSecret() => Write(RandomNumberGenerator.GetBytes(20));

    /// <summary>The step of an instant.</summary>
    public static long StepOf(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / (long)Period.TotalSeconds;

    /// <summary>The step whose code this is, or null: the one before and the one after count too, since clocks differ and people take time. None up to <paramref name="last"/> does.</summary>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset now, long last)
    {
        var given = new string([.. code.Where(sign => !char.IsWhiteSpace(sign))]);
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            // All are compared: how long it takes tells nothing.
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), Encoding.UTF8.GetBytes(given)) && step > last)
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>The code of a step (RFC 4226, 5.3).</summary>
    public static string CodeOf(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, step);
        // Authenticator apps know SHA-1 alone, and RFC 6238 needs no more of it.
        var hash = HMACSHA1.HashData(secret, counter);
        var from = hash[^1] & 0xf;
        return ((System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(from, 4)) & int.MaxValue) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes in base 32 (RFC 4648), without padding.</summary>
    public static string Write(byte[] bytes)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var one in bytes)
        {
            (bits, held) = ((bits << 8) | one, held + 8);
            for (; held >= 5; held -= 5)
            {
                text.Append(Letters[(bits >> (held - 5)) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return held > 0 ? text.Append(Letters[(bits << (5 - held)) & 31]).ToString() : text.ToString();
    }

    /// <summary>Bytes of a text in base 32.</summary>
    public static byte[] Read(string text)
    {
        List<byte> bytes = [];
        var (bits, held) = (0, 0);
        foreach (var letter in text)
        {
            (bits, held) = ((bits << 5) | Letters.IndexOf(letter, StringComparison.Ordinal), held + 5);
            if (held >= 8)
            {
                bytes.Add((byte)(bits >> (held - 8)));
                (bits, held) = (bits & ((1 << (held - 8)) - 1), held - 8);
            }
        }

        return [.. bytes];
    }

    /// <summary>What an app reads from the square code. SHA-1, six digits and thirty seconds are what it takes for granted; the address only names the entry in the app.</summary>
    public static string AddressOf(string secret, string mail) =>
        $"otpauth://totp/Depart{(Uri.EscapeDataString(mail) is { Length: <= 120 } name ? ":" + name : "")}?secret={secret}&issuer=Depart";
}
