namespace Depart.Connectors;

public sealed class ConnectorCatalogueTests
{
    private static readonly ConnectorKind Scim = new ConnectorCatalogue().Find("scim")!;

    [Fact]
    public void Settings_that_are_right_make_a_connector()
    {
        var problems = Scim.Read(Values("https://app.exemple.fr/scim/v2"), out var settings);

        Assert.Empty(problems);
        Assert.IsAssignableFrom<IConnector>(Scim.Create(settings!, new(TimeProvider.System, new(TimeProvider.System))));
    }

    [Theory]
    [InlineData("Token", null, "Token")]
    [InlineData("TimeoutSeconds", "0", "TimeoutSeconds")]
    [InlineData("TimeoutSeconds", "ten", "TimeoutSeconds")]
    [InlineData("BaseUrl", "http://app.exemple.fr/scim/v2", "BaseUrl")]
    [InlineData("Colour", "red", "Colour")]
    public void A_setting_that_is_wrong_is_named_and_nothing_is_made(string name, string? value, string field)
    {
        var values = Values("https://app.exemple.fr/scim/v2");
        values[name] = value ?? "";

        var problem = Assert.Single(Scim.Read(values, out var settings));

        Assert.Equal(field, problem.Setting);
        Assert.Null(settings);
    }

    [Fact]
    public void A_secret_is_marked_so_that_it_is_never_shown() =>
        Assert.Equal(["Token"], Scim.Settings.Where(setting => setting.Secret).Select(setting => setting.Name));

    private static Dictionary<string, string> Values(string address) => new() { ["BaseUrl"] = address, ["Token"] = "a-token" };
}
