using Depart.Given;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Storage;

[OnSqlite]
public sealed class MigrationsTests
{
    [Fact]
    public void The_migrations_for_SQLite_are_those_of_the_model()
    {
        using var db = new SqliteDesign().CreateDbContext([]);

        Assert.False(db.Database.HasPendingModelChanges(), "Make the migrations anew: docs/developers/migrations.md");
    }

    [Fact]
    public void The_migrations_for_PostgreSQL_are_those_of_the_model()
    {
        using var db = new PostgreSqlDesign().CreateDbContext([]);

        Assert.False(db.Database.HasPendingModelChanges(), "Make the migrations anew: docs/developers/migrations.md");
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused_and_left_as_it_is()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        Execute(app.Storage.SqliteFile, "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99.0')");

        var refused = await Assert.ThrowsAsync<StartRefused>(app.RestartAsync);

        Assert.Contains("29991231000000_Later", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_comes_after_a_backup()
    {
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });
        await app.StopAsync();
        Execute(app.Storage.SqliteFile, "DELETE FROM __EFMigrationsHistory");

        await Assert.ThrowsAnyAsync<Exception>(app.RestartAsync);

        var backup = Assert.Single(Directory.GetFiles(app.Storage.BackupFolder));
        Assert.Equal("Agnès", Read(backup, "SELECT GivenName FROM people"));
    }

    [Fact]
    public async Task Another_key_file_is_refused_at_the_start_and_not_when_a_secret_is_needed()
    {
        await using var app = await DepartApp.StartAsync();
        await app.StopAsync();
        File.WriteAllText(app.Storage.KeyFile, Convert.ToBase64String(new byte[32]));

        await Assert.ThrowsAsync<StartRefused>(app.RestartAsync);
    }

    [Fact]
    public async Task The_key_file_and_the_data_folder_are_for_their_owner_alone()
    {
        await using var app = await DepartApp.StartAsync();

        Assert.False(OwnersOnly.IsOpenToOthers(app.Storage.KeyFile));
        Assert.False(OwnersOnly.IsOpenToOthers(app.Storage.DataFolder));
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string? Read(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }
}
