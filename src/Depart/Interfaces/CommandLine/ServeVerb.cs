using System.CommandLine;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Demo;
using Depart.Interfaces.SignIn;
using Depart.Proof;

namespace Depart.Interfaces.CommandLine;

/// <summary><c>depart serve</c>.</summary>
internal static class ServeVerb
{
    private const string DemoMark = "demo";

    private static readonly Words AlreadyServed = new("Another depart already uses {0}.", "Un autre depart utilise déjà {0}.");
    private static readonly Words OtherKind = new(
        "{0} holds {1}: choose another folder with --data.", "{0} contient {1} : choisissez un autre dossier avec --data.");

    private static readonly Words DemoData = new("the demo", "la démonstration");
    private static readonly Words RealData = new("real data", "de vraies données");
    private static readonly Words SetUpHere = new(
        "Nobody administers this server yet. Open this link to begin; it serves once, within two days, and a restart makes a new one:\n  {0}",
        "Personne n’administre encore ce serveur. Ouvrez ce lien pour commencer ; il sert une fois, dans les deux jours, et un redémarrage en crée un autre :\n  {0}");

    private static readonly Words Listening = new("Depart listens on {0} — API at {0}/api — signing key {1}", "Départ écoute sur {0} — API sur {0}/api — clé de signature {1}");
    private static readonly Words LoopbackOnly = new("The demo only listens on this machine.", "La démonstration n’écoute que sur cette machine.");

    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "http://127.0.0.1:5080", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var data = new Option<string?>("--data") { Description = Terminal.Say(new("Data folder.", "Dossier des données.")) };
        var demo = new Option<bool>("--demo") { Description = Terminal.Say(new("A fictional company to try everything on.", "Une entreprise fictive pour tout essayer.")) };
        var command = new Command("serve", Terminal.Say(new("Runs the server.", "Lance le serveur."))) { urls, data, demo };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(urls)!, parsed.GetValue(data), parsed.GetValue(demo), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string urls, string? data, bool demo, CancellationToken cancellation)
    {
        if (demo && urls.Split(';').Any(url => !new Uri(url).IsLoopback))
        {
            throw new CommandFailed(LoopbackOnly.ToString(), Terminal.ExitUsage);
        }

        var home = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        var folder = Path.GetFullPath(data ?? Path.Combine(home, demo ? "depart-demo" : "depart"));
        Directory.CreateDirectory(folder);
        using var locked = Lock(folder);
        Mark(folder, demo);
        var storage = new StorageOptions { DataFolder = folder, PostgreSql = demo ? null : Environment.GetEnvironmentVariable("DEPART__Database") };
        await using var app = await Server.BuildAsync(new() { Urls = urls, Storage = storage, Demo = demo }, cancellation);
        var token = demo ? await DemoTokenAsync(app.Services, cancellation) : null;
        var setUp = demo ? null : (await app.Services.GetRequiredService<Dispatcher>().SendAsync(new CreateSetUpLink(), Actor.Console, cancellation)).Value!.Path;
        await using var company = demo ? await DemoCompany.StartAsync(app.Services, cancellation) : null;
        await app.StartAsync(cancellation);
        var address = app.Urls.First();
        Console.WriteLine(Listening.With(address, app.Services.GetRequiredService<SigningKey>().Fingerprint));
        if (setUp is not null)
        {
            Console.WriteLine(SetUpHere.With(address + setUp));
        }

        if (company is not null)
        {
            Console.WriteLine(company.Guide(address, token!));
        }

        await app.WaitForShutdownAsync(cancellation);
        return Terminal.ExitDone;
    }

    /// <summary>A ready token: the demo makes a new one at every start.</summary>
    private static async Task<string> DemoTokenAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var created = await services.GetRequiredService<Dispatcher>().SendAsync(
            new CreateToken("console", [Role.Admin, Role.It, Role.Hr, Role.Security, Role.Auditor]), Actor.Console, cancellation);
        return created.Value!.Token;
    }

    private static FileStream Lock(string folder)
    {
        var path = Path.Combine(folder, "depart.lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            file.Flush();
            return file;
        }
        catch (IOException)
        {
            throw new CommandFailed(AlreadyServed.With(folder).ToString(), Terminal.ExitFailed);
        }
    }

    private static void Mark(string folder, bool demo)
    {
        var mark = Path.Combine(folder, DemoMark);
        var used = File.Exists(Path.Combine(folder, "depart.db"));
        if (used && File.Exists(mark) != demo)
        {
            throw new CommandFailed(OtherKind.With(folder, demo ? RealData : DemoData).ToString(), Terminal.ExitUsage);
        }

        if (demo)
        {
            File.WriteAllText(mark, "");
        }
    }
}
