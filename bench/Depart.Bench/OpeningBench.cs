using System.Diagnostics;
using System.Globalization;
using System.Text;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Bench;

/// <summary>
/// 1,000 departures opened by one CSV file, each with the tasks of the shipped <em>régie</em> template, its scheduled cut, its first appointment and its journal chain; in a record of 10,000
/// people. From the bytes of the file to the preview, and from the confirmation to the last line applied.
/// </summary>
internal static class OpeningBench
{
    private const int Departures = 1000;
    private const int People = 10_000;
    private const double AtMost = 30;

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 3;
        string[] databases = args is [_, var only, ..] ? [only] : ["SQLite", "PostgreSQL"];
        await using var lab = new LabRun();
        await using var cluster = databases.Contains("PostgreSQL")
            ? await PostgreSqlCluster.StartAsync(lab.NewFolder("pg"), "local all all trust\n", ["listen_addresses="], "--locale=C.UTF-8")
            : null;
        Console.WriteLine("| database | preview, s | opened, s | together, s | processor, s | departures | tasks | load |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var met = true;
        foreach (var name in databases)
        {
            for (var round = 1; round <= rounds; round++)
            {
                met &= await RoundAsync(name, lab, name == "SQLite" ? null : cluster) <= AtMost;
            }
        }

        Console.WriteLine(met ? $"Every round took at most {AtMost:F0} s." : $"A round took more than {AtMost:F0} s.");
        return met ? 0 : 1;
    }

    private static async Task<double> RoundAsync(string name, LabRun lab, PostgreSqlCluster? cluster)
    {
        var storage = new StorageOptions { DataFolder = lab.NewFolder($"opening-{Guid.NewGuid():N}"), PostgreSql = cluster is null ? null : await DatabaseAsync(cluster) };
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None)).AddDepart(new() { Storage = storage }).BuildServiceProvider();
        await Schema.PrepareAsync(services, CancellationToken.None);
        var dispatcher = services.GetRequiredService<Dispatcher>();
        await dispatcher.SendAsync(new InstallShippedTemplates(), Actor.Engine, CancellationToken.None);
        await RecordAsync(services);
        await services.GetRequiredService<EngineHost>().StartAsync(CancellationToken.None);

        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var import = await services.GetRequiredService<ImportDesk>().ReceiveAsync(File(), "departs.csv", ImportKind.Departures, DateOrder.Unknown, Actor.Console, CancellationToken.None);
        var preview = clock.Elapsed.TotalSeconds;
        await dispatcher.SendAsync(new ApplyImport(import.Value), Actor.Console, CancellationToken.None);
        ImportView view;
        do
        {
            await Task.Delay(50);
            view = (await dispatcher.AskAsync(new GetImport(import.Value), Actor.Console, CancellationToken.None)).Value!;
        }
        while (view.State != ImportState.Applied);

        var all = clock.Elapsed.TotalSeconds;
        self.Refresh();
        var processor = (self.TotalProcessorTime - before).TotalSeconds;
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var (departures, tasks) = (await db.Set<Depart.Departures.Departure>().CountAsync(), await db.Set<DepartureTask>().CountAsync());
        Console.WriteLine($"| {name} | {preview:F1} | {all - preview:F1} | {all:F1} | {processor:F1} | {departures} | {tasks} | {Machine.Load():F1} |");
        return departures == Departures ? all : double.MaxValue;
    }

    private static async Task<string> DatabaseAsync(PostgreSqlCluster cluster)
    {
        var name = $"opening_{Guid.NewGuid():N}";
        await cluster.AdministerAsync($"CREATE DATABASE {name}");
        return $"Host={cluster.Folder};Port={cluster.Port};Username=postgres;Database={name}";
    }

    private static async Task RecordAsync(ServiceProvider services)
    {
        var supplier = Supplier.Named("Altéo Conseil");
        var manager = Person.Of(new("Isabelle", "Morvan", "M1", ["isabelle.morvan@alteo.example"], [], ContractualStatus.Internal, null));
        var end = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(60);
        var people = Enumerable.Range(0, People).Select(number => Person.Of(new(
            "Zoë", $"Lefèvre {number}", $"P{number:D6}", [$"zoe{number}@ext.alteo.example"], [], ContractualStatus.SuppliersEmployee, supplier.Id))).ToList();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Add(supplier);
        db.Add(manager);
        await db.SaveChangesAsync();
        await db.InsertAsync(people, CancellationToken.None);
        await db.InsertAsync(people.ConvertAll(person => Mission.Of(person.Id, new(
            "Refonte du portail", "DSI", supplier.Id, $"CMD-{person.EmployeeNumber}", manager.Id, MissionKind.Regie, WorkPlace.OnSite, end.AddDays(-300), end, ["Équipe projet"], []))), CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static byte[] File()
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = new StringBuilder("Matricule;Dernier jour\n");
        for (var number = 0; number < Departures; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $"P{number:D6};{day}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
