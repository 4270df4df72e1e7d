using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Proof;
using Microsoft.Extensions.Time.Testing;

namespace Depart.Interfaces.SignIn;

/// <summary>Whoever guesses waits; nobody else does.</summary>
public sealed class GuessesTests
{
    private const string Mail = "claire@entreprise.example";
    private const string Password = "Une phrase assez longue";

    [Fact]
    public async Task An_attackers_thousand_guesses_find_nothing_and_do_not_keep_somebody_out_of_their_own_device()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var own = app.Browse();
        await own.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        await own.PostFormAsync("/sign-out");
        using var attacker = new HttpClient { BaseAddress = app.Http.BaseAddress };
        Dictionary<string, int> answers = new(StringComparer.Ordinal);
        for (var tries = 1; tries <= 1000; tries++)
        {
            // The right one is among them.
            var answer = await attacker.PostAsJsonAsync("/api/v1/login", new { mail = Mail, password = tries == 500 ? Password : $"essai numéro {tries}", name = "poste" }, TestContext.Current.CancellationToken);
            var code = (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["code"]?.ToString() ?? "found";
            answers[code] = answers.GetValueOrDefault(code) + 1;
        }

        using var stranger = app.Browse();
        foreach (var browser in new[] { stranger, own })
        {
            await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        }

        Assert.Equal(["sign-in-refused", "sign-in-wait"], answers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(5, answers["sign-in-refused"]);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await stranger.AskAsync(), await own.AskAsync()));

        // Told once.
        await app.RestartAsync();
        Assert.Single((await app.AskAsync(new ReadJournal())).Items, entry => entry.Kind == "user.guessed");
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_answered_like_one_that_does()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        List<(string?, string?)> answers = [];
        for (var tries = 0; tries < 7; tries++)
        {
            var known = await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", "Ce n’est pas celui-là"));
            var unknown = await browser.PostFormAsync("/sign-in", ("mail", "personne@entreprise.example"), ("password", "Ce n’est pas celui-là"));
            answers.Add((known.Headers.Location?.ToString(), unknown.Headers.Location?.ToString()));
        }

        Assert.All(answers, pair => Assert.Equal(pair.Item1, pair.Item2));
        Assert.Equal("/sign-in?problem=sign-in-wait", answers[^1].Item1);
    }

    [Fact]
    public void A_wait_doubles_with_each_further_error_and_ends_when_the_right_one_comes()
    {
        var clock = new FakeTimeProvider();
        var guesses = new Guesses(clock);
        for (var tries = 0; tries < 5; tries++)
        {
            Assert.NotNull(Try());
        }

        Assert.Null(Try());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(Try());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Try());
        clock.Advance(TimeSpan.FromMinutes(1));
        guesses.Right(Try()!);

        Assert.NotNull(Try());
        Assert.NotNull(Try());

        Guesses.Attempt? Try() => guesses.Begin("password", Mail, "192.0.2.7", null);
    }

    [Fact]
    public void Guesses_spread_over_many_addresses_wait_too_and_a_device_that_guesses_becomes_one_like_any_other()
    {
        var guesses = new Guesses(new FakeTimeProvider());
        var heard = Enumerable.Range(1, 200).Count(address => guesses.Begin("password", Mail, $"192.0.2.{address}", null) is not null);
        var device = Guid.NewGuid();
        var known = Enumerable.Range(1, 50).Count(_ => guesses.Begin("password", Mail, "198.51.100.1", device) is not null);

        Assert.Equal(30, heard);
        Assert.Equal(10, known);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void One_place_is_an_address_or_a_whole_network_of_version_6(string address, string place) => Assert.Equal(place, Source.PlaceOf(System.Net.IPAddress.Parse(address)));

    [Fact]
    public void Many_attempts_at_once_are_not_more_than_one_after_another()
    {
        var guesses = new Guesses(new FakeTimeProvider());
        var heard = 0;

        Parallel.For(0, 100, _ =>
        {
            if (guesses.Begin("password", Mail, "192.0.2.7", null) is not null)
            {
                Interlocked.Increment(ref heard);
            }
        });

        Assert.Equal(5, heard);
    }
}
