using System.Text;
using Depart.Evidence;
using Depart.Given;
using Depart.Interfaces.CommandLine;
using Microsoft.Data.Sqlite;

namespace Depart.Proof;

/// <summary>What somebody with the database in their hands could do to the journal, and how it is found.</summary>
[OnSqlite]
public sealed class CheckpointTests
{
    [Fact]
    public async Task A_tail_cut_off_with_its_head_moved_back_is_found_by_the_checkpoint()
    {
        await using var app = await DepartApp.StartAsync();
        var (chain, _) = await Sealed.DepartureAsync(app);
        await app.StopAsync();
        var first = Read(app, $"SELECT Bytes FROM journal WHERE Chain = '{chain}' AND Sequence = 1");
        Do(app, $"DELETE FROM journal WHERE Chain = '{chain}' AND Sequence > 1; DELETE FROM journal_values WHERE Chain = '{chain}' AND Sequence > 1; UPDATE journal_heads SET Sequence = 1, Hash = '{JournalEntry.Hash(first)}' WHERE Chain = '{chain}'");

        Assert.Contains(await Sealed.BrokenAsync(app), text => text.Contains("a checkpoint covered entry 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_deleted_as_a_whole_is_found_by_the_checkpoint()
    {
        await using var app = await DepartApp.StartAsync();
        var (chain, _) = await Sealed.DepartureAsync(app);
        await app.StopAsync();
        Do(app, $"DELETE FROM journal WHERE Chain = '{chain}'; DELETE FROM journal_values WHERE Chain = '{chain}'; DELETE FROM journal_heads WHERE Chain = '{chain}'");

        Assert.Contains(await Sealed.BrokenAsync(app), text => text.Contains("the whole chain is gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_altered_with_every_link_made_to_fit_is_found_by_the_checkpoint()
    {
        await using var app = await DepartApp.StartAsync();
        var (chain, _) = await Sealed.DepartureAsync(app);
        await app.StopAsync();
        var first = Encoding.UTF8.GetString(Read(app, $"SELECT Bytes FROM journal WHERE Chain = '{chain}' AND Sequence = 1"));
        var forged = Encoding.UTF8.GetBytes(first.Replace("MissionEnd", "Security", StringComparison.Ordinal));
        var second = Encoding.UTF8.GetString(Read(app, $"SELECT Bytes FROM journal WHERE Chain = '{chain}' AND Sequence = 2"));
        var relinked = Encoding.UTF8.GetBytes(second.Replace(JournalEntry.Hash(Encoding.UTF8.GetBytes(first)), JournalEntry.Hash(forged), StringComparison.Ordinal));
        Do(app, $"UPDATE journal SET Bytes = x'{Convert.ToHexString(forged)}' WHERE Chain = '{chain}' AND Sequence = 1; UPDATE journal SET Bytes = x'{Convert.ToHexString(relinked)}' WHERE Chain = '{chain}' AND Sequence = 2; UPDATE journal_heads SET Hash = '{JournalEntry.Hash(relinked)}' WHERE Chain = '{chain}'");

        var broken = Assert.Single(await Sealed.BrokenAsync(app));
        Assert.Contains("entry 2: it is not the one that a checkpoint covered", broken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_harm_is_named()
    {
        (string Harm, string Said)[] harms =
        [
            ("UPDATE journal SET Bytes = CAST(replace(Bytes, 'MissionEnd', 'MissionEnd ') AS BLOB)", "the link to the entry before is broken"),
            ("UPDATE journal SET Kind = 'departure.closed' WHERE Kind = 'departure.opened'", "kind or instant"),
            ("UPDATE journal_values SET Value = 'Somebody else' WHERE Name = 'byName' AND Sequence = 1", "was changed"),
            ("DELETE FROM journal_checkpoints WHERE Number = 1", "Checkpoint 1 is missing"),
            ("UPDATE journal_checkpoints SET Signature = x'3006020101020101' WHERE Number = 2", "Checkpoint 2 is not signed"),
            ("UPDATE journal_leaves SET Sequence = Sequence + 1 WHERE \"Index\" = 0", "does not fit the chains"),
            ("DELETE FROM journal_heads WHERE Chain = 'house'", "the whole chain is gone"),
            ("UPDATE journal_heads SET Sealed = 1000 WHERE Chain = 'house'", "they end at entry"),
            ("UPDATE journal SET Bytes = x'7b7d' WHERE Sequence = 1 AND Chain = 'house'", "can no longer be read"),
        ];
        await using var app = await DepartApp.StartAsync();
        await Sealed.DepartureAsync(app);
        await app.StopAsync();
        File.Copy(app.Storage.SqliteFile, app.Storage.SqliteFile + ".then");
        foreach (var (harm, said) in harms)
        {
            Do(app, harm);
            var broken = await Sealed.BrokenAsync(app);
            Assert.True(broken.Exists(text => text.Contains(said, StringComparison.Ordinal)), $"{harm}: {string.Join('\n', broken)}");
            File.Copy(app.Storage.SqliteFile + ".then", app.Storage.SqliteFile, overwrite: true);
        }
    }

    [Fact]
    public async Task A_database_put_back_in_time_is_found_by_the_checkpoint_outside_it_and_that_is_journalled()
    {
        await using var app = await DepartApp.StartAsync();
        await Sealed.DepartureAsync(app);
        await app.StopAsync();
        File.Copy(app.Storage.SqliteFile, app.Storage.SqliteFile + ".then");
        await app.RestartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Après", familyName = "Coup" });
        await app.RestartAsync();
        await app.StopAsync();
        Rewind(app);

        Assert.Contains(await Sealed.BrokenAsync(app), text => text.Contains("no longer holds it", StringComparison.Ordinal));
        await app.RestartAsync();
        await app.StopAsync();
        Assert.Equal(1L, Number(app, "SELECT count(*) FROM journal WHERE Kind = 'journal.rewound'"));
        Assert.Equal(Interfaces.CommandLine.Finding.Advice, Assert.Single(await Sealed.JournalLinesAsync(app)).Finding);
    }

    [Fact]
    public async Task An_archive_that_left_the_house_tells_that_the_database_was_put_back_in_time()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        File.Copy(app.Storage.SqliteFile, app.Storage.SqliteFile + ".then");
        await app.RestartAsync();
        var (_, archive) = await Sealed.DepartureAsync(app);
        var file = Path.Combine(app.DataFolder, "evidence.zip");
        await File.WriteAllBytesAsync(file, archive, TestContext.Current.CancellationToken);
        await app.StopAsync();
        var before = await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, [file], TestContext.Current.CancellationToken);
        Rewind(app);
        File.Delete(OutsideCheckpoint.FileOf(app.Storage));
        var after = await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, [file], TestContext.Current.CancellationToken);

        Assert.DoesNotContain(before, line => line.Check.En == "Journal" && line.Finding == Interfaces.CommandLine.Finding.Bad);
        Assert.Contains(after, line => line.Check.En == "Journal" && line.Finding == Interfaces.CommandLine.Finding.Bad && line.What.En.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_taken_away_is_never_replaced_in_silence()
    {
        await using var app = await DepartApp.StartAsync();
        await Sealed.DepartureAsync(app);
        await app.StopAsync();
        Do(app, "DELETE FROM signing_keys");

        await Assert.ThrowsAsync<Foundation.Storage.StartRefused>(app.RestartAsync);
    }

    private static void Rewind(DepartApp app)
    {
        SqliteConnection.ClearAllPools();
        File.Delete(app.Storage.SqliteFile + "-wal");
        File.Delete(app.Storage.SqliteFile + "-shm");
        File.Move(app.Storage.SqliteFile + ".then", app.Storage.SqliteFile, overwrite: true);
    }

    private static void Do(DepartApp app, string sql)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0, sql);
    }

    private static long Number(DepartApp app, string sql)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static byte[] Read(DepartApp app, string sql)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (byte[])command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(DepartApp app)
    {
        var connection = new SqliteConnection($"Data Source={app.Storage.SqliteFile};Pooling=False");
        connection.Open();
        return connection;
    }
}
