using Depart.Given;

namespace Depart.Interfaces.CommandLine;

public sealed class StatusTests
{
    [Fact]
    public async Task Before_the_cut_it_says_when_the_cut_will_be()
    {
        await using var app = await DepartApp.StartAsync();
        await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");

        var said = await app.RunAsync("status", "zoe@exemple.fr");

        Assert.Equal(0, said.Code);
        Assert.StartsWith("No disconnection has begun; access is to be cut on ", said.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await app.RunAsync("status", "zoe@exemple.fr", "--json")).Code);
    }
}
