using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Foundation.Storage;

/// <summary>Contexts come out of a pool: what one scope did with its own, the next must not find.</summary>
public class PooledContextTests
{
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
            }

            await using var next = services.CreateAsyncScope();
            var second = next.ServiceProvider.GetRequiredService<DepartDb>();
            Assert.Same(first, second);
            second.Committed();
            Assert.Equal((false, Guid.Empty, 0, 0, 0), (second.ReadsAll, second.Reader, second.EnqueuedQueues.Count, second.AtHand<WorkItem>().Count, did));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
