using System.Text.RegularExpressions;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.SignIn.Providers;

namespace Depart.Interfaces.SignIn.OpenId;

/// <summary>The way from Depart to a provider and back, in a browser without a screen.</summary>
internal static partial class OpenIdFlow
{
    /// <summary>Registers a Depart at a provider, and tells it of that provider; gives the client.</summary>
    public static async Task<OpenIdLab.Client> ConnectAsync(this OpenIdLab lab, DepartApp app, string key = "sso", int provider = 0, bool sessions = true, Func<ProviderContent, ProviderContent>? with = null)
    {
        var client = await lab.RegisterAsync(app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), key, provider, sessions);
        var content = new ProviderContent($"SSO {key}", lab.Issuers[provider], client.Id, client.Secret);
        Assert.Null((await app.SendAsync(new AddProvider(key, with is null ? content : with(content)), Actor.Console)).Problem);
        Assert.Null((await app.SendAsync(new SwitchProvider(key, true), Actor.Console)).Problem);
        return client;
    }

    /// <summary>Goes to the provider, signs in there when it asks (or gives up, without a subject), and comes back; gives the answer of Depart to that.</summary>
    public static async Task<HttpResponseMessage> EnterAsync(Browser browser, string subject, string path = "/sign-in/with/sso", Func<Uri, Uri>? onTheWayBack = null)
    {
        var home = browser.Http.BaseAddress!.Authority;
        var answer = await browser.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        for (var hops = 0; hops < 12; hops++)
        {
            var from = answer.RequestMessage!.RequestUri!;
            if (answer.Headers.Location is { } location)
            {
                var next = new Uri(from, location);
                var returns = next.Authority == home;
                if (returns && from.Authority == home)
                {
                    // Refused before it left.
                    return answer;
                }

                answer = await browser.Http.GetAsync(returns && onTheWayBack is not null ? onTheWayBack(next) : next, TestContext.Current.CancellationToken);
                if (returns)
                {
                    return answer;
                }
            }
            else if (from.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal))
            {
                using var form = new FormUrlEncodedContent([KeyValuePair.Create(subject.Length == 0 ? "give-up" : "login", subject.Length == 0 ? "yes" : subject)]);
                answer = await browser.Http.PostAsync(from, form, TestContext.Current.CancellationToken);
            }
            else
            {
                Assert.Fail($"{from}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            }
        }

        throw new InvalidOperationException("It goes round and round.");
    }

    /// <summary>The browser is signed in at no provider any more.</summary>
    public static void ForgetProviders(Browser browser)
    {
        foreach (var cookie in browser.Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith("_session", StringComparison.Ordinal)))
        {
            cookie.Expired = true;
        }
    }

    /// <summary>The problem that the sign-in page would show after that, or null.</summary>
    public static string? ProblemOf(HttpResponseMessage answer) => Problems().Match(answer.Headers.Location?.ToString() ?? "") is { Success: true } found ? found.Groups["code"].Value : null;

    [GeneratedRegex("problem=(?<code>[a-z-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Problems();
}
