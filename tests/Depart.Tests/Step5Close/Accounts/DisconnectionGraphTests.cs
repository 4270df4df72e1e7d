using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;

namespace Depart.Step5Close.Accounts;

public sealed class DisconnectionGraphTests
{
    private static readonly DateTimeOffset Before = new(2026, 12, 18, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_prepared_cut_begins_once_and_says_so_once()
    {
        var (departure, run, said) = Prepared();

        Assert.True(DisconnectionGraph.Begin(run, departure, 2, 9, said, departure.CutAt));
        Assert.True(DisconnectionGraph.Begin(run, departure, 2, 9, said, departure.CutAt));

        Assert.Equal((DisconnectionState.Running, DepartureState.Disconnecting), (run.State, departure.State));
        Assert.Equal(["disconnection.started"], said.Kinds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_prepared_cut_that_the_departure_no_longer_wants_is_withdrawn_and_never_said_to_have_started(bool cancelled)
    {
        var (departure, run, said) = Prepared();
        Assert.Null(cancelled ? departure.Cancel() : departure.Reschedule(new(2026, 12, 20), new(18, 0), TimeZoneInfo.Utc));
        var stood = departure.State;

        Assert.False(DisconnectionGraph.Begin(run, departure, 2, 9, said, run.StartedAt));
        Assert.False(DisconnectionGraph.Begin(run, departure, 2, 9, said, run.StartedAt));

        Assert.Equal((DisconnectionState.Withdrawn, stood), (run.State, departure.State));
        Assert.Empty(said.Kinds);
    }

    private static (Departure Departure, Disconnection Run, Said Said) Prepared()
    {
        var departure = Departure.Open(
            IIdentifier<MissionId>.New(), IIdentifier<PersonId>.New(), new(2026, 12, 18), TimeZoneInfo.Utc, new(18, 0), DepartureKind.Planned, DepartureReason.MissionEnd, Before);
        return (departure, new() { Departure = departure.Id, StartedAt = departure.CutAt }, new());
    }

    /// <summary>What was said, kept.</summary>
    private sealed class Said : IJournal
    {
        public List<string> Kinds { get; } = [];

        public void Record(Fact fact) => Kinds.Add(fact.Kind);

        public Task WriteAsync(DepartDb db, Actor actor, CancellationToken cancellation) => Task.CompletedTask;
    }
}
