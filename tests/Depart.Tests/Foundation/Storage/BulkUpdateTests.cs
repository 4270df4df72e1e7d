using Depart.Foundation.Engine;
using Depart.Given;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Foundation.Storage;

public class BulkUpdateTests
{
    [Fact]
    public async Task Many_changed_rows_are_written_each_with_its_own_values_and_the_others_stay()
    {
        await using var engine = await GivenAsync(251);
        await using (var scope = engine.Open())
        {
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            var rows = await db.Set<WorkItem>().OrderBy(item => item.Id).ToListAsync(TestContext.Current.CancellationToken);
            foreach (var row in rows.Skip(1))
            {
                Change(row);
            }

            await db.UpdateManyAsync(TestContext.Current.CancellationToken);

            Assert.DoesNotContain(db.ChangeTracker.Entries(), entry => entry.State == EntityState.Modified);
        }

        var now = await engine.ItemsAsync();
        Assert.Equal((WorkState.Pending, "before"), (now[0].State, now[0].LastError));
        Assert.All(now.Skip(1), row => Assert.Equal((WorkState.Dead, Error(row.Subject)), (row.State, row.LastError)));
    }

    [Fact]
    public async Task A_row_that_another_changed_meanwhile_is_found()
    {
        await using var engine = await GivenAsync(150);
        await using var scope = engine.Open();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var rows = await db.Set<WorkItem>().OrderBy(item => item.Id).ToListAsync(TestContext.Current.CancellationToken);
        await using (var other = engine.Open())
        {
            await other.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkItem>().Where(item => item.Id == rows[120].Id)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.Attempts, 7), TestContext.Current.CancellationToken);
        }

        rows.ForEach(Change);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.UpdateManyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Few_rows_are_left_to_the_change_tracker()
    {
        await using var engine = await GivenAsync(3);
        await using var scope = engine.Open();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        foreach (var row in await db.Set<WorkItem>().ToListAsync(TestContext.Current.CancellationToken))
        {
            Change(row);
        }

        await db.UpdateManyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, db.ChangeTracker.Entries().Count(entry => entry.State == EntityState.Modified));
    }

    private static async Task<EngineAlone> GivenAsync(int rows)
    {
        var engine = await EngineAlone.StartAsync(start: false);
        await engine.EnqueueAsync([.. Enumerable.Range(0, rows).Select(number => new WorkItem
        {
            Queue = "system-1", Kind = ScriptedHandler.Kind, Subject = $"é{number}", IdempotencyKey = $"{number}", DueAt = engine.Clock.GetUtcNow(), LastError = "before",
        })]);
        return engine;
    }

    private static void Change(WorkItem row) => (row.State, row.LastError, row.DoneAt) = (WorkState.Dead, Error(row.Subject), DateTimeOffset.UnixEpoch);

    // Some get nothing: null must be written as null.
    private static string? Error(string subject) => subject.EndsWith('7') ? null : $"L’« échec » de {subject}";
}

[OnPostgreSql]
public sealed class BulkUpdateOnPostgreSqlTests : BulkUpdateTests;
