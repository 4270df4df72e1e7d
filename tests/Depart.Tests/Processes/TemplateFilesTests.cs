using System.Text.Json.Nodes;
using Depart.Given;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>Templates as files: the command line, the schema, the documentation.</summary>
public sealed class TemplateFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depart-templates-").FullName;

    [Fact]
    public async Task Files_are_validated_without_a_server_each_error_with_file_line_and_key()
    {
        var good = await WriteAsync("good.yaml", Templates.Named("good", "extends: beside", "  - key: thank\n    owner: hr\n"));
        var beside = await WriteAsync("beside.yaml", Templates.Named("beside", "extends: consultant-regie"));
        var bad = await WriteAsync("bad.yaml", Templates.Named("bad", "extends: consultant-regie", "  - key: thank\n    ownr: hr\n    at: \"25:00\"\n"));

        var right = await RunAsync("validate", good, beside);
        var wrong = await RunAsync("validate", good, beside, bad);

        Assert.Equal(0, right.Code);
        Assert.Equal(1, wrong.Code);
        Assert.Contains($"{bad}:8:5 tasks[thank].ownr: there is no key “ownr” here; did you mean “owner”?", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{bad}:9:9 tasks[thank].at:", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("good.yaml: valid", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("validate", Path.Combine(folder, "none.yaml"))).Code);
    }

    [Fact]
    public async Task Errors_come_as_JSON_too()
    {
        var bad = await WriteAsync("bad.yaml", "key: bad\n");

        var answer = await RunAsync("validate", bad, "--json");

        var errors = JsonNode.Parse(answer.Output)!.AsArray();
        Assert.Equal((1, 4), (answer.Code, errors.Count));
        Assert.Equal(("required", "1", bad), (errors[0]!["code"]!.ToString(), errors[0]!["line"]!.ToString(), errors[0]!["file"]!.ToString()));
    }

    [Fact]
    public async Task A_template_is_imported_listed_and_exported_as_it_was_written()
    {
        await using var app = await DepartApp.StartAsync();
        var text = Templates.Named("ours", "extends: consultant-regie # ours", "  - key: thank\n    owner: hr\n");
        var (file, bad) = (await WriteAsync("ours.yaml", text), await WriteAsync("bad.yaml", "key: bad\n"));

        var imported = await app.RunAsync("templates", "import", file, bad, "--publish");
        Assert.Equal(3, imported.Code);
        Assert.Contains("published as ours, version 1", imported.Error, StringComparison.Ordinal);
        Assert.Contains($"{bad}:1:1 title", imported.Error, StringComparison.Ordinal);

        Assert.Contains("ours  1  Published  Ours  ← consultant-regie 1", (await app.RunAsync("templates", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(text.ReplaceLineEndings("\n"), (await app.RunAsync("templates", "export", "ours", "--version", "1")).Output);
        var whole = Templates.Right((await app.RunAsync("templates", "export", "ours", "--whole")).Output);
        Assert.Equal(ShippedTemplates.Documents["consultant-regie"].Tasks.Count, whole.Tasks.Count);
        Assert.Equal(1, (await app.RunAsync("templates", "export", "nowhere")).Code);
    }

    [Fact]
    public async Task The_schema_is_served_and_published_and_knows_the_keys_of_the_reader()
    {
        await using var app = await DepartApp.StartAsync();
        using var anybody = new HttpClient { BaseAddress = app.Http.BaseAddress };

        Assert.Equal(ProcessSchema.Text, await anybody.GetStringAsync("/schemas/process-template.json", TestContext.Current.CancellationToken));
        Assert.Equal(ProcessSchema.Text, await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "developers", "process-template.schema.json"), TestContext.Current.CancellationToken));
        var schema = JsonNode.Parse(ProcessSchema.Text)!;
        Assert.Equal(ProcessSource.Keys, Keys(schema));
        Assert.Equal(TaskFields.Keys, Keys(schema["properties"]!["tasks"]!["items"]!));
        Assert.Equal(TemplateFact.All.Select(fact => fact.Name), Keys(schema["$defs"]!["conditions"]!));
    }

    [Theory]
    [InlineData("process-templates.en.md")]
    [InlineData("modeles-de-processus.fr.md")]
    public async Task The_example_of_the_guide_is_right(string guide)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "users", guide), TestContext.Current.CancellationToken);
        var example = text.Split("```yaml\n")[1].Split("```")[0];

        var document = Templates.Right(example);

        Assert.Equal(["data-lab-notebooks", "farewell-card", "thank"], document.Origins.Where(origin => origin.Value.Kind != TaskOriginKind.Inherited).Select(origin => origin.Key).Concat(document.Dropped).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static IEnumerable<string> Keys(JsonNode schema) => schema["properties"]!.AsObject().Select(property => property.Key);

    private static async Task<Connectors.Lab.LabAnswer> RunAsync(params string[] arguments) => await Connectors.Lab.LabRun.RunAsync(
        Connectors.Lab.LabRun.Program("dotnet"), [Path.Combine(AppContext.BaseDirectory, "depart.dll"), "templates", .. arguments],
        environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8" });

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(folder, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Depart.slnx")))
        {
            at = Path.GetDirectoryName(at)!;
        }

        return at;
    }
}
