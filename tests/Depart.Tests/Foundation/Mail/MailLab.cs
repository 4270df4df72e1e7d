using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;

namespace Depart.Foundation.Mail;

/// <summary>A mail server that is not ours (Nodemailer's), over real sockets, with an inbox that an independent parser reads.</summary>
public sealed class MailLab : IAsyncDisposable
{
    public const string User = "depart@exemple.fr";
    public const string Password = "Mot-de-passe-du-relais-2030";

    private readonly LabDaemon daemon;
    private readonly HttpClient door;

    private MailLab(LabDaemon daemon, HttpClient door, int[] ports) => (this.daemon, this.door, Plain, Pipelined, StartTls, Tls, Untrusted, OtherName) =
        (daemon, door, ports[1], ports[2], ports[3], ports[4], ports[5], ports[6]);

    /// <summary>Port without protection or sign-in.</summary>
    public int Plain { get; }

    /// <summary>The same, with PIPELINING.</summary>
    public int Pipelined { get; }

    /// <summary>Port that asks for STARTTLS and a sign-in.</summary>
    public int StartTls { get; }

    /// <summary>TLS from the first byte, and a sign-in.</summary>
    public int Tls { get; }

    /// <summary>TLS with the certificate of an authority that nobody trusts.</summary>
    public int Untrusted { get; }

    /// <summary>TLS with another host's certificate.</summary>
    public int OtherName { get; }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static async Task<MailLab> StartAsync(LabRun run)
    {
        try
        {
            var node = LabRun.Program("node");
            var modules = Environment.GetEnvironmentVariable("DEPART_LAB_NPM") is { Length: > 0 } cache
                ? Path.Combine(cache, "Mail", "server") : Path.Combine(LabRun.Repository(), "artifacts", "lab", "Mail", "server");
            if (!Directory.Exists(Path.Combine(modules, "node_modules", "smtp-server")))
            {
                throw new LabMissingException($"the npm packages of Mail/server are not in {modules}");
            }

            int[] ports = [.. Enumerable.Range(0, 7).Select(_ => LabRun.FreePort())];
            object Listener(int port, string mode, LabCertificate? certificate = null, bool pipelining = false, bool signIn = false) => new
            {
                port, mode, pipelining, certificate = certificate?.CertificateFile, key = certificate?.KeyFile, user = signIn ? User : null, password = signIn ? Password : null,
            };
            var settings = JsonSerializer.Serialize(new
            {
                door = ports[0],
                listeners = new[]
                {
                    Listener(ports[1], "plain"), Listener(ports[2], "plain", pipelining: true), Listener(ports[3], "starttls", run.Certificates.Good, signIn: true),
                    Listener(ports[4], "tls", run.Certificates.Good, signIn: true), Listener(ports[5], "tls", run.Certificates.Untrusted), Listener(ports[6], "tls", run.Certificates.WrongName),
                },
            });
            var script = Path.Combine(modules, "server.js");
            LabRun.Put(Path.Combine(LabRun.Repository(), "tests", "Depart.Tests", "Foundation", "Mail", "server", "server.js"), script);
            var daemon = await LabDaemon.StartAsync(node, [script, settings], async _ => await LabDaemon.AcceptsAsync("127.0.0.1", ports[0]) && await LabDaemon.AcceptsAsync("127.0.0.1", ports[6]));
            return new(daemon, new() { BaseAddress = new($"http://127.0.0.1:{ports[0]}") }, ports);
        }
        catch (LabMissingException missing) when (!LabRun.IsComplete)
        {
            Assert.Skip($"The mail server is missing: {missing.Message} (./test --install as root installs it)");
            throw;
        }
    }

    /// <summary>Mails taken, as the other side reads them.</summary>
    public async Task<IReadOnlyList<JsonObject>> InboxAsync() =>
        [.. JsonNode.Parse(await door.GetStringAsync(new Uri("/inbox", UriKind.Relative), TestContext.Current.CancellationToken))!.AsArray().Select(mail => mail!.AsObject())];

    /// <summary>The only mail there is, waiting for it.</summary>
    public async Task<JsonObject> OnlyMailAsync()
    {
        await Given.EngineAlone.UntilAsync(async () => (await InboxAsync()).Count > 0);
        return Assert.Single(await InboxAsync());
    }

    /// <summary>How often a stage was reached for a recipient: <c>rcpt</c>, <c>data</c>.</summary>
    public async Task<int> SeenAsync(string at, string to) =>
        JsonNode.Parse(await door.GetStringAsync(new Uri("/seen", UriKind.Relative), TestContext.Current.CancellationToken))!.AsArray()
            .Count(stage => stage!["at"]!.ToString() == at && stage["to"]!.ToString() == to);

    /// <summary>Misbehaves so many times: an answer (<c>550 5.1.1 No such user</c>), <c>hang</c> or <c>drop</c>; the rules before are forgotten.</summary>
    public async Task RuleAsync(string at, string to, string does, int times = 1)
    {
        using var answer = await door.PostAsJsonAsync("/rules", new[] { new { at, to, does, times } }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await daemon.DisposeAsync();
    }
}
