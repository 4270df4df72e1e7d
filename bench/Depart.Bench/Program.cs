using System.Globalization;
using Depart.Bench;
using Depart.Bench.Engine;
using Depart.Bench.Lists;

// dotnet run -c Release --project bench/Depart.Bench -- VERB
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var benches = new Dictionary<string, (string What, Func<string[], Task<int>> Run)>(StringComparer.Ordinal)
{
    ["leaver"] = ("one leaver on five real systems, against each system's own client", OneLeaver.RunAsync),
    ["openldap"] = ("1,000 departures due at one instant on OpenLDAP, against ldapmodify", DueAtOnce.OpenLdapAsync),
    ["scim"] = ("1,000 departures due at one instant on SCIM, against xargs -P 8 curl", DueAtOnce.ScimAsync),
    ["engine"] = ("the engine alone: 20,000 calls due at one instant, on SQLite and on PostgreSQL", EngineBench.RunAsync),
    ["lists"] = ("pages that list, with 10,000 and with 100,000 departures, at 16 connections: SECONDS ROUNDS SQLite|PostgreSQL PAGE…", ListBench.RunAsync),
    ["opening"] = ("1,000 departures with their tasks opened by an import: ROUNDS SQLite|PostgreSQL", OpeningBench.RunAsync),
    ["machine"] = ("cores, memory, system and date, as every bench prints them first", _ => Task.FromResult(0)),
};

if (args is [FakeTarget.Verb])
{
    return await FakeTarget.ServeAsync();
}

if (args is not [var verb, ..] || !benches.TryGetValue(verb, out var bench))
{
    Console.Error.WriteLine("depart-bench VERB");
    foreach (var (name, (what, _)) in benches)
    {
        Console.Error.WriteLine($"  {name,-10} {what}");
    }

    return 2;
}

Console.WriteLine(Machine.Describe());
return await bench.Run(args[1..]);
