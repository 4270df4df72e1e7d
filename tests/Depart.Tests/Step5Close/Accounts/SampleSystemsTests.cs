using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Depart.Connectors;
using Depart.Given;
using Depart.Interfaces.CommandLine;

namespace Depart.Step5Close.Accounts;

/// <summary>The files that the documentation offers (<c>docs/administrators/samples</c>, or beside a connector), as <c>depart systems add</c> reads and sends them.</summary>
public sealed class SampleSystemsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "docs", "systems");

    [Fact]
    public void Every_connector_has_a_sample() => Assert.Equal(
        new ConnectorCatalogue().Kinds.Select(kind => kind.Key).Order(),
        Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    [Fact]
    public async Task Every_sample_is_accepted_by_the_settings_of_its_connector()
    {
        await using var app = await DepartApp.StartAsync();
        var folder = await PreparedAsync();
        var added = 0;
        try
        {
            foreach (var file in Directory.GetFiles(folder, "*.yaml").OrderBy(file => Path.GetFileName(file) != "active-directory.yaml"))
            {
                foreach (var system in SystemFile.Read(file))
                {
                    await app.PostAsync("/api/v1/systems", new AddSystem(
                        system.Name, system.Connector, system.Settings, system.ProtectedAccounts, system.After, system.Concurrency, system.Rate));
                    added++;
                }
            }

            Assert.True(added >= new ConnectorCatalogue().Kinds.Count);
            Assert.Equal(added, (await app.GetAsync("/api/v1/systems")).AsArray().Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The samples beside what they name: an authority and a key, and the passwords in the environment.</summary>
    private static async Task<string> PreparedAsync()
    {
        var folder = Directory.CreateTempSubdirectory("depart-samples-").FullName;
        foreach (var file in Directory.GetFiles(Folder, "*.yaml"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            foreach (Match secret in Regex.Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), @"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            {
                Environment.SetEnvironmentVariable(secret.Groups["name"].Value, "sample of the documentation");
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=Company", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(Path.Combine(folder, "company-ca.pem"), authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "depart_ed25519"), key.ExportECPrivateKeyPem(), TestContext.Current.CancellationToken);
        return folder;
    }
}
