using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Depart.Evidence;

/// <summary>The verifier that a stranger wrote from the documented format: Python and openssl. It and ours must be of one mind.</summary>
public sealed class StrangerTests
{
    [Theory]
    [InlineData("nothing", 0)]
    [InlineData("names", 0)]
    [InlineData("without", 0)]
    [InlineData("journal", 1)]
    [InlineData("personal", 1)]
    [InlineData("truncated", 1)]
    [InlineData("verdict", 1)]
    [InlineData("checkpoint", 1)]
    [InlineData("other-key", 1)]
    public async Task A_stranger_comes_to_the_same_answer(string harm, int exit)
    {
        var archive = harm switch
        {
            "names" => EvidenceArchive.WithoutPersonal(Archives.Make()),
            "without" => Archives.Make(personal: false),
            "journal" => Archives.Rewrite(Archives.Make(), "journal.jsonl", text => text.Replace("Done", "Lied", StringComparison.Ordinal)),
            "personal" => Archives.Resign(Archives.Make(), Archives.Key, (files, _) =>
                files["personal.jsonl"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["personal.jsonl"]).Replace("Claire", "Claude", StringComparison.Ordinal))),
            "truncated" => Archives.Resign(Archives.Make(), Archives.Key, (files, _) =>
                files["journal.jsonl"] = Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(files["journal.jsonl"]).Split('\n')[..4]) + "\n")),
            "verdict" => Archives.Make(entries: Archives.Story("GoneVerified", "Enabled", null)),
            "checkpoint" => Archives.Make(seal: Archives.Seal(Archives.Key, new("a1b2c3", 5, new('1', 64)))),
            "other-key" => Archives.Make(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256)),
            _ => Archives.Make(),
        };

        Assert.Equal(exit == 0 ? EvidenceVerdict.Genuine : EvidenceVerdict.Broken, Archives.Verify(archive).Verdict);
        Assert.Equal(exit, await RunAsync(archive));
    }

    private static async Task<int> RunAsync(byte[] archive)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, archive, TestContext.Current.CancellationToken);
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [Script(), file, Archives.FingerprintOf(Archives.Key)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await python.WaitForExitAsync(TestContext.Current.CancellationToken);
            return python.ExitCode;
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("python3 is not here.");
            return -1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Script()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Depart.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "administrators", "verify-evidence.py");
    }
}
