using Depart.Connectors.Lab;

namespace Depart.Connectors.PostgreSql;

/// <summary>
/// A PostgreSQL cluster made from nothing in a folder of the run, with Debian's programs. Its superuser comes in by the Unix socket in <see cref="Folder"/>.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly string psql;
    private LabDaemon? daemon;

    private PostgreSqlCluster(string folder, int port, string psql) => (Folder, Port, this.psql) = (folder, port, psql);

    /// <summary>The folder of the data and of the socket.</summary>
    public string Folder { get; }

    /// <summary>The port, in the socket's name too.</summary>
    public int Port { get; }

    /// <summary>The last lines of the server's log.</summary>
    public string Log => daemon?.Log ?? "";

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="folder">An empty folder of its own; given to the user <c>postgres</c> when the tests run as root, which the server refuses.</param>
    /// <param name="access">The content of <c>pg_hba.conf</c>.</param>
    /// <param name="settings">Settings of the server, each as <c>name=value</c>.</param>
    /// <param name="collation">The collation of texts: arguments for <c>initdb</c>.</param>
    /// <exception cref="LabMissingException">PostgreSQL is not installed.</exception>
    public static async Task<PostgreSqlCluster> StartAsync(string folder, string access, IEnumerable<string> settings, params string[] collation)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(path => Path.Combine(path, "bin")).Reverse().ToArray() : [];
        var (psql, initdb, server) = (LabRun.Program("psql", binaries), LabRun.Program("initdb", binaries), LabRun.Program("postgres", binaries));
        var cluster = new PostgreSqlCluster(folder, LabRun.FreePort(), psql);
        var data = Path.Combine(folder, "data");
        string[] prefix = [];
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            prefix = [LabRun.Program("setpriv"), "--reuid=postgres", "--regid=postgres", "--init-groups"];
            (await LabRun.RunAsync(LabRun.Program("chown"), ["-R", "postgres:postgres", folder])).Well("chown");
        }

        string[] create = [.. prefix, initdb, "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", .. collation, "--no-sync"];
        (await LabRun.RunAsync(create[0], create[1..])).Well("initdb");
        await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), access);
        string[] serve = [.. prefix, server, "-D", data, "-k", folder, "-c", $"port={cluster.Port}", .. settings.SelectMany(setting => new[] { "-c", setting })];
        cluster.daemon = await LabDaemon.StartAsync(
            serve[0], serve[1..], async _ => (await LabRun.RunAsync(psql, [.. cluster.Superuser("postgres"), "-c", "SELECT 1"])).Code == 0, signal: "INT");
        return cluster;
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task<string> AdministerAsync(string statements, string database = "postgres") =>
        (await LabRun.RunAsync(psql, [.. Superuser(database), "-v", "ON_ERROR_STOP=1"], statements)).Well(statements);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (daemon is not null)
        {
            await daemon.DisposeAsync();
        }

        daemon = null;
    }

    private string[] Superuser(string database) => ["-h", Folder, "-p", $"{Port}", "-U", "postgres", "-d", database, "-AtqX"];
}
