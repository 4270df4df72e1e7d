using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Foundation.Storage;

/// <summary>Contexts come out of a pool: what one scope did with its own, the next must not find.</summary>
public class PooledContextTests
{
    private const string Synchronous = "SELECT synchronous AS \"Value\" FROM pragma_synchronous";

    [Theory]
    [InlineData("Host=here", 200)]
    [InlineData("Host=here;Max Auto Prepare=0", 0)]
    [InlineData("Host=here;MaxAutoPrepare=7", 7)]
    public void What_an_administrator_says_of_prepared_statements_stands(string said, int most) => Assert.Equal(most, new Npgsql.NpgsqlConnectionStringBuilder(Schema.Planned(said)).MaxAutoPrepare);

    [Fact]
    public async Task A_context_that_comes_back_reads_for_nobody_and_holds_nothing_of_the_scope_before()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var services = new ServiceCollection().AddStorage(new StorageOptions { DataFolder = folder.FullName }).BuildServiceProvider();
            DepartDb first;
            var did = 0;
            await using (var scope = services.CreateAsyncScope())
            {
                scope.ServiceProvider.GetRequiredService<ActorSlot>().Actor = Actor.Engine;
                first = scope.ServiceProvider.GetRequiredService<DepartDb>();
                first.Enqueue(new WorkItem { Queue = "mail", Kind = "mail", Subject = "1", IdempotencyKey = "1" });
                first.OnceCommitted(() => did++);
                Assert.True(first.ReadsAll);

                // Between two statements of one scope the connection stays open, and it commits durably: FULL is 2.
                Assert.Equal([2L], await first.Database.SqlQueryRaw<long>(Synchronous).ToListAsync(TestContext.Current.CancellationToken));
                Assert.Equal(System.Data.ConnectionState.Open, first.Database.GetDbConnection().State);
            }

            await using var next = services.CreateAsyncScope();
            var second = next.ServiceProvider.GetRequiredService<DepartDb>();
            Assert.Same(first, second);
            second.Committed();

            Assert.Equal([2L], await second.Database.SqlQueryRaw<long>(Synchronous).ToListAsync(TestContext.Current.CancellationToken));
            Assert.Equal((false, Guid.Empty, 0, 0, 0), (second.ReadsAll, second.Reader, second.EnqueuedQueues.Count, second.AtHand<WorkItem>().Count, did));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
