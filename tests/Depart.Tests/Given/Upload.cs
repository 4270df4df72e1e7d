using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Depart.Given;

/// <summary>Imports as a program does them: send a file, look at the preview, apply, wait for the end.</summary>
internal static class Upload
{
    /// <summary>Sends a file; gives the import, or the problem.</summary>
    public static async Task<(bool Ok, JsonNode Answer)> SendAsync(this DepartApp app, byte[] content, string name = "people.csv", string query = "")
    {
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(part, "file", name);
        using var answer = await app.Http.PostAsync($"/api/v1/imports{query}", form, TestContext.Current.CancellationToken);
        return (answer.IsSuccessStatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>Sends a text as UTF-8; fails when it is refused.</summary>
    public static async Task<JsonNode> PreviewAsync(this DepartApp app, string text, string query = "")
    {
        var (ok, answer) = await app.SendAsync(Encoding.UTF8.GetBytes(text), query: query);
        Assert.True(ok, answer.ToJsonString());
        return answer;
    }

    /// <summary>Applies, and waits for the end.</summary>
    public static async Task<JsonNode> ApplyAsync(this DepartApp app, JsonNode import)
    {
        await app.PostAsync($"/api/v1/imports/{import["id"]}/apply", null);
        return await app.AppliedAsync(import);
    }

    /// <summary>Waits until an import has ended, and gives it.</summary>
    public static async Task<JsonNode> AppliedAsync(this DepartApp app, JsonNode import)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var now = await app.GetAsync($"/api/v1/imports/{import["id"]}");
            if (now["state"]!.ToString() == "applied")
            {
                return now;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException((await app.GetAsync($"/api/v1/imports/{import["id"]}")).ToJsonString());
    }

    /// <summary>Imports a text.</summary>
    public static async Task<JsonNode> ImportAsync(this DepartApp app, string text) => await app.ApplyAsync(await app.PreviewAsync(text));

    /// <summary>The lines of an import.</summary>
    public static async Task<IReadOnlyList<JsonNode>> LinesAsync(this DepartApp app, JsonNode import, string? state = null) =>
        [.. (await app.GetAsync($"/api/v1/imports/{import["id"]}/lines?size=500{(state is null ? "" : $"&state={state}")}"))["items"]!.AsArray().Select(line => line!)];

    /// <summary>Lines by what becomes of them: created, changed, unchanged, refused.</summary>
    public static (int Create, int Change, int Unchanged, int Refused) Counts(this JsonNode import) => (
        import["create"]!.GetValue<int>(), import["change"]!.GetValue<int>(), import["unchanged"]!.GetValue<int>(), import["refused"]!.GetValue<int>());
}
