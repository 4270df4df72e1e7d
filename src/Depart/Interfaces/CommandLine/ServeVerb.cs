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

        var folder = DataFolder.Of(data, demo);
        OwnersOnly.Folder(folder);
        using var locked = DataFolder.Lock(folder);
        DataFolder.Mark(folder, demo);
        var storage = StorageOptions.FromEnvironment(folder);
        var past = demo ? new DemoClock() : null;
        await using var app = past is not null
            ? await BuildDemoAsync(new() { Urls = urls, Storage = new() { DataFolder = folder }, Demo = true, Clock = past }, cancellation)
            : await Server.BuildAsync(new() { Urls = urls, Storage = storage }, cancellation);
        var setUp = demo ? null : (await app.Services.GetRequiredService<Dispatcher>().SendAsync(new CreateSetUpLink(), Actor.Console, cancellation)).Value!.Path;
        await using var company = past is not null ? await DemoCompany.StartAsync(app.Services, past, cancellation) : null;
        await app.StartAsync(cancellation);
        await (company?.LivePastAsync(app.Services, past!, cancellation) ?? Task.CompletedTask);
        var address = app.Urls.First();
        var keys = await app.Services.GetRequiredService<Dispatcher>().AskAsync(new ListSigningKeys(), Actor.Console, cancellation);
        Console.WriteLine(Listening.With(address, keys.Value![0].Fingerprint));
        if (setUp is not null)
        {
            Console.WriteLine(SetUpHere.With(address + setUp));
        }

        if (company is not null)
        {
            Console.WriteLine(company.Guide(address, await DemoTokenAsync(app.Services, cancellation)));
        }

        await app.WaitForShutdownAsync(cancellation);
        return Terminal.ExitDone;
    }

    /// <summary>The demo's data are made up, and its services forget everything when they stop: it is made anew at every start.</summary>
    private static Task<WebApplication> BuildDemoAsync(ServeOptions options, CancellationToken cancellation)
    {
        foreach (var file in new[] { options.Storage.SqliteFile, options.Storage.SqliteFile + "-wal", options.Storage.SqliteFile + "-shm", options.Storage.KeyFile, OutsideCheckpoint.FileOf(options.Storage) })
        {
            File.Delete(file);
        }

        return Server.BuildAsync(options, cancellation);
    }

    /// <summary>A ready token: the demo makes a new one at every start.</summary>
    private static async Task<string> DemoTokenAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var created = await services.GetRequiredService<Dispatcher>().SendAsync(
            new CreateToken("console", [Role.Admin, Role.It, Role.Hr, Role.Security, Role.Auditor]), Actor.Console, cancellation);
        return created.Value!.Token;
    }
}
