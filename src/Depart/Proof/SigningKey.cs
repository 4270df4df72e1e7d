using System.Security.Cryptography;
using Depart.Foundation.Storage;

namespace Depart.Proof;

/// <summary>The key that signs evidence: ECDSA P-256, in the data folder, readable by its owner alone.</summary>
internal sealed class SigningKey : IDisposable
{
    public SigningKey(StorageOptions storage)
    {
        var file = Path.Combine(storage.DataFolder, "signing-key.pem");
        Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
        {
            Key.ImportFromPem(File.ReadAllText(file));
            return;
        }

        Directory.CreateDirectory(storage.DataFolder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(Key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The key.</summary>
    public ECDsa Key { get; }

    /// <summary>To be published, so that a stranger can check who signed.</summary>
    public string Fingerprint => Evidence.Fingerprint.Of(Key.ExportSubjectPublicKeyInfo());

    public void Dispose() => Key.Dispose();
}
