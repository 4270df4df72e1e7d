using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>How a company shows itself: name, logo and colour on every page, whoever looks at it.</summary>
public sealed class OrganisationTests
{
    /// <summary>A picture of one pixel.</summary>
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_logo_and_colour_are_on_the_sign_in_page_and_kept_by_browsers_until_they_change()
    {
        await using var app = await DepartApp.StartAsync();
        var before = await SignInPageAsync();
        Assert.DoesNotContain("/brand/", before, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync("/api/v1/organisation", new { company = "Altéo & fils", address = "", contactName = "", contactMail = "", publisher = "", host = "" }, Now)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync("/api/v1/organisation/accent", new { colour = "#0B6B45" }, Now)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendLogoAsync(Png)).StatusCode);

        var page = await SignInPageAsync();
        Assert.Contains("Altéo & fils", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        using var nobody = new HttpClient { BaseAddress = app.Http.BaseAddress };
        foreach (var (path, type) in new[] { (Between(page, "href=\"/brand/"), "text/css"), (Between(page, "src=\"/brand/"), "image/png") })
        {
            using var answer = await nobody.GetAsync(path, Now);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }

        await app.Http.DeleteAsync("/api/v1/organisation/accent", Now);
        await app.Http.DeleteAsync("/api/v1/organisation/logo", Now);
        Assert.DoesNotContain("/brand/", await SignInPageAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync(Between(page, "src=\"/brand/"), Now)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync("/brand/ffdd00.css", Now)).StatusCode);

        async Task<string> SignInPageAsync()
        {
            using var anyone = new HttpClient { BaseAddress = app.Http.BaseAddress };
            return await anyone.GetStringAsync("/sign-in", Now);
        }

        Task<HttpResponseMessage> SendLogoAsync(byte[] content) => app.Http.PutAsync("/api/v1/organisation/logo", new MultipartFormDataContent { { new ByteArrayContent(content), "file", "logo.png" } }, Now);
    }

    [Fact]
    public async Task What_is_no_picture_or_cannot_be_read_is_refused_with_what_would_do()
    {
        await using var app = await DepartApp.StartAsync();
        Assert.Equal("logo-kind", await LogoAsync("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8.ToArray()));
        Assert.Equal("logo-kind", await LogoAsync([]));
        Assert.Equal("logo-too-large", await LogoAsync([.. Png, .. new byte[LogoFile.MostBytes]]));
        var wide = Png.ToArray();
        wide[18] = 0x10; // 4,097 pixels
        Assert.Equal("logo-size", await LogoAsync(wide));
        using var refused = await app.Http.PutAsJsonAsync("/api/v1/organisation/accent", new { colour = "#ffdd00" }, Now);
        var problem = (await refused.Content.ReadFromJsonAsync<JsonObject>(Now))!;
        Assert.Equal("colour-contrast", problem["code"]!.ToString());
        Assert.Contains(AccentPalette.Nearest(Colour.Read("#ffdd00")!.Value).ToString(), problem["detail"]!.ToString(), StringComparison.Ordinal);

        // The form shows the colour that would do, and takes it by one more click.
        using var admin = await app.SignInAsync(Role.Admin);
        var page = await (await admin.PostFormAsync("/settings/organisation", ("_handler", "accent"), ("colour", "#b3261e"))).Content.ReadAsStringAsync(Now);
        Assert.Contains("field-colour-error", page, StringComparison.Ordinal);
        var nearest = Between(page, "name=\"nearest\" value=\"");
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync("/settings/organisation", ("_handler", "accent"), ("colour", "#b3261e"), ("nearest", nearest))).StatusCode);
        Assert.Equal(nearest, (await app.GetAsync("/api/v1/organisation"))["accent"]!.ToString());

        async Task<string> LogoAsync(byte[] content)
        {
            using var answer = await app.Http.PutAsync("/api/v1/organisation/logo", new MultipartFormDataContent { { new ByteArrayContent(content), "file", "logo.png" } }, Now);
            return (await answer.Content.ReadFromJsonAsync<JsonObject>(Now))!["code"]!.ToString();
        }
    }

    /// <summary>The value of the attribute that begins so; an address keeps its beginning.</summary>
    private static string Between(string page, string begins)
    {
        var from = page.IndexOf(begins, StringComparison.Ordinal) + begins.IndexOf('"', StringComparison.Ordinal) + 1;
        if (begins.StartsWith("name", StringComparison.Ordinal))
        {
            from = page.IndexOf(begins, StringComparison.Ordinal) + begins.Length;
        }

        return WebUtility.HtmlDecode(page[from..page.IndexOf('"', from)]);
    }
}
