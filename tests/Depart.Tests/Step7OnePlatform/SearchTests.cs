using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Missions;
using Depart.Step7OnePlatform.Search;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform;

public class SearchTests
{
    [Theory]
    [InlineData("lefevre")]
    [InlineData("CAMI LEF")]
    [InlineData("lef cami")]
    [InlineData("d'ang")]
    [InlineData("dangelo")]
    [InlineData("c.lefevre@conseil")]
    public async Task Somebody_is_found_by_the_beginnings_of_words_in_any_order_without_accents(string typed)
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddPersonAsync("Camille", "Lefèvre-D’Angélo", "c.lefevre@conseil.example", "Conseil");
        await app.AddPersonAsync("Camille", "Moreau", "c.moreau@conseil.example", "Conseil");

        Assert.Equal(["Camille Lefèvre-D’Angélo"], (await FoundAsync(app, typed, FindingKind.Person)).Select(one => one.Title));
    }

    [Theory]
    [InlineData("efevre")]
    [InlineData("camille moreau")]
    [InlineData("c")]
    [InlineData("%")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\"]")]
    public async Task What_is_not_the_beginning_of_a_word_finds_nobody(string typed)
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddPersonAsync("Camille", "Lefèvre", "c.lefevre@conseil.example", "Conseil");

        Assert.Empty(await FoundAsync(app, typed, FindingKind.Person));
    }

    [Fact]
    public async Task Words_follow_the_person_who_changes_and_who_is_removed_however_they_are_written()
    {
        await using var app = await DepartApp.StartAsync();
        var many = Enumerable.Range(0, BulkInsert.Worthwhile + 5).Select(number => Person.Of(new("Zoë", $"Nguyen {number}", null, [], [], ContractualStatus.Independent, null))).ToList();
        await app.WithDataAsync(db => db.InsertAsync(many, TestContext.Current.CancellationToken));
        await app.WithDataAsync(async db =>
        {
            var changed = await db.Set<Person>().SingleAsync(person => person.Id == many[3].Id, TestContext.Current.CancellationToken);
            changed.Change(changed.Details with { FamilyName = "Traoré" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            await db.Set<Person>().Where(person => person.Id == many[4].Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        });

        Assert.Equal(["Zoë Traoré"], (await FoundAsync(app, "traore", FindingKind.Person)).Select(one => one.Title));
        Assert.Empty(await FoundAsync(app, "nguyen 3", FindingKind.Person));
        await app.WithDataAsync(async db => Assert.Empty(await db.Set<PersonWord>().Where(word => word.Person == many[4].Id).ToListAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_departure_a_task_and_an_account_are_found_by_who_leaves()
    {
        await using var app = await DepartApp.StartAsync();
        var (person, mission) = await app.AddPersonAsync("Aïcha", "Benali", "a.benali@conseil.example", "Conseil");
        var departure = await app.OpenAsync(mission);
        var system = (await app.PostAsync("/api/v1/systems", new { name = "Badges du siège", connector = "manual", settings = new Dictionary<string, string> { ["InstructionsFr"] = "Rendre le badge" } }))!.ToString();
        await app.PostAsync("/api/v1/accounts", new { system, login = "abenali", person });

        Assert.Equal([$"/departures/{departure}"], (await FoundAsync(app, "aicha", FindingKind.Departure)).Select(one => one.Path));
        Assert.Equal(["abenali"], (await FoundAsync(app, "aicha", FindingKind.Account)).Select(one => one.Title));
        Assert.Equal(["abenali"], (await FoundAsync(app, "aben", FindingKind.Account)).Select(one => one.Title));
        Assert.Equal(["Badges du siège"], (await FoundAsync(app, "siege badg", FindingKind.System)).Select(one => one.Title));
    }

    [Fact]
    public async Task Six_of_a_kind_are_shown_and_it_is_said_whether_there_are_more()
    {
        await using var app = await DepartApp.StartAsync();
        for (var number = 1; number <= 7; number++)
        {
            await app.AddPersonAsync(number == 7 ? "Inès" : "Aïcha", $"Benali{number}", $"benali{number}@conseil.example", "Conseil");
        }

        async Task<(int, bool)> PeopleAsync(string typed) => (await app.AskAsync(new FindAnything(typed))).Single(group => group.Kind == FindingKind.Person) is var found ? (found.Items.Count, found.More) : default;

        Assert.Equal((6, true), await PeopleAsync("bena"));
        Assert.Equal((6, false), await PeopleAsync("bena aicha"));
    }

    [Fact]
    public async Task Nobody_finds_what_they_may_not_list()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, mission) = await app.AddPersonAsync("Aïcha", "Benali", "a.benali@conseil.example", "Conseil");
        var (manager, _) = await app.AddPersonAsync("Nadia", "Roux", "n.roux@entreprise.example", "Conseil");
        await app.OpenAsync(mission);
        async Task<string> AsAsync(Role role, Guid? person) => string.Join(' ',
            (await app.AskAsync(new FindAnything("aicha"), new Actor(Guid.NewGuid(), person, "Nadia Roux", new HashSet<Role> { role }, Via.Page))).Select(group => group.Kind));

        Assert.Equal("Person Departure Task", await AsAsync(Role.Hr, null));
        Assert.Equal("", await AsAsync(Role.Manager, manager));
        Assert.Equal("", await AsAsync(Role.Consultant, manager));

        await app.WithDataAsync(db => db.Set<Mission>().Where(row => row.Id == MissionId.From(mission))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Manager, PersonId.From(manager)), TestContext.Current.CancellationToken));
        Assert.Equal("Departure", await AsAsync(Role.Manager, manager));
    }

    private static async Task<IReadOnlyList<Finding>> FoundAsync(DepartApp app, string typed, FindingKind kind) =>
        (await app.AskAsync(new FindAnything(typed))).FirstOrDefault(group => group.Kind == kind)?.Items ?? [];
}

[OnPostgreSql]
public sealed class SearchOnPostgreSqlTests : SearchTests;
