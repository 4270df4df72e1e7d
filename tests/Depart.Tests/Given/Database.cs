using System.Globalization;
using System.Reflection;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(LabRun))]
[assembly: AssemblyFixture(typeof(Depart.Given.PostgreSqlRun))]

namespace Depart.Given;

/// <summary>
/// On a class that inherits the facts of another: runs them on PostgreSQL. Without it a class runs on SQLite, unless <c>./test --postgresql</c> asks for everything on PostgreSQL.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OnPostgreSqlAttribute : Attribute
{
    /// <summary>Only in the long run: what the facts look at hardly depends on the database.</summary>
    public bool InLongRun { get; init; }
}

/// <summary>On a class or a fact that looks into SQLite's own file: it stays there when everything else is asked to run on PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class OnSqliteAttribute : Attribute;

/// <summary>The database of one test: SQLite in the folder of its data, or one of its own on the run's PostgreSQL.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly PostgreSqlRun? run;

    private Database(PostgreSqlRun? run, string? connection) => (this.run, PostgreSql) = (run, connection);

    /// <summary>The connection string, or null on SQLite.</summary>
    public string? PostgreSql { get; }

    /// <summary>A new database, with tables and nothing in them, or <paramref name="empty"/> without tables.</summary>
    public static async Task<Database> CreateAsync(bool empty = false)
    {
        var test = (TestContext.Current.TestClass as Xunit.v3.IXunitTestClass)?.Class;
        var on = test?.GetCustomAttribute<OnPostgreSqlAttribute>();
        var fact = (TestContext.Current.TestMethod as Xunit.v3.IXunitTestMethod)?.Method;
        var looksIntoTheFile = test?.IsDefined(typeof(OnSqliteAttribute), inherit: false) == true || fact?.IsDefined(typeof(OnSqliteAttribute), inherit: false) == true;
        if (on is null && (looksIntoTheFile || Environment.GetEnvironmentVariable("DEPART_TEST_POSTGRESQL") != "1"))
        {
            return new(null, null);
        }

        Assert.SkipUnless(LabRun.IsLong || on is not { InLongRun: true }, "--long: the same on PostgreSQL");

        var run = await TestContext.Current.GetFixture<PostgreSqlRun>() ?? throw new InvalidOperationException("There is no run.");
        return new(run, await run.CreateAsync(empty));
    }

    /// <summary>Takes it away; whoever is still connected is thrown out.</summary>
    public async ValueTask DisposeAsync()
    {
        if (run is not null)
        {
            await run.DropAsync(PostgreSql!);
        }
    }
}

/// <summary>
/// The PostgreSQL of one run of the tests, started when the first test asks for it. Its texts are compared as in French, to find code that hopes for the
/// order of bytes; the role that the tests use owns its database and nothing more.
/// </summary>
public sealed class PostgreSqlRun : IAsyncDisposable
{
    private const string Template = "with_tables";
    private const string Role = "depart";

    private readonly LabRun lab = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private PostgreSqlCluster? cluster;
    private string? missing;
    private int last;

    /// <summary>Makes a database; gives its connection string.</summary>
    public async Task<string> CreateAsync(bool empty)
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (cluster is null && missing is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            gate.Release();
        }

        Require();
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref last)}");
        await AdministerAsync($"CREATE DATABASE {name} OWNER {Role} TEMPLATE {(empty ? "template1" : Template)}");
        return Connection(Role, name);
    }

    /// <summary>Drops a database that <see cref="CreateAsync"/> made.</summary>
    public async Task DropAsync(string connection)
    {
        await using (var pooled = new NpgsqlConnection(connection))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await AdministerAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        await lab.DisposeAsync();
        gate.Dispose();
    }

    private async Task StartAsync()
    {
        try
        {
            cluster = await PostgreSqlCluster.StartAsync(
                lab.NewFolder("pg"), "local all all trust\n", ["listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=300"],
                "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr");
        }
        catch (Exception failed) when (failed is LabMissingException or InvalidOperationException or IOException or TimeoutException)
        {
            missing = failed.Message;
            return;
        }

        await AdministerAsync($"CREATE ROLE {Role} LOGIN");
        await AdministerAsync($"CREATE DATABASE {Template} OWNER {Role}");
        await using var db = new PostgreSqlDb(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql(Connection(Role, Template) + ";Pooling=False").Options);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
    }

    private void Require()
    {
        if (missing is null)
        {
            return;
        }

        if (LabRun.IsComplete)
        {
            Assert.Fail($"PostgreSQL is missing: {missing}");
        }

        Assert.Skip($"PostgreSQL is missing: {missing} (./test --install as root installs it)");
    }

    private async Task AdministerAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres", "postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private string Connection(string role, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = cluster!.Folder, Port = cluster.Port, Username = role, Database = database, MaxPoolSize = 40,
    }.ToString();
}
