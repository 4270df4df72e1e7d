using System.Text.Json;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Dispatcher = Depart.Foundation.Door.Dispatcher;

namespace Depart.Foundation.Design;

/// <summary>
/// What every page stands on: it asks and acts through the one door only, shows a refusal as it is said, and after a post goes elsewhere.
/// </summary>
public abstract class DepartPage : ComponentBase
{
    /// <summary>The request.</summary>
    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>Why the page cannot be shown, or null.</summary>
    protected Problem? Refusal { get; private set; }

    /// <summary>What was wrong with the last post; empty when nothing was.</summary>
    protected IReadOnlyList<Problem> Wrong { get; private set; } = [];

    [Inject]
    private Dispatcher Door { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private Notices Notices { get; set; } = null!;

    /// <summary>Now, UTC.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Today where the reader is.</summary>
    protected DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Zones.Reader).DateTime);

    /// <summary>Who acts; a page that is reached without signing in says so itself.</summary>
    private protected virtual Actor Me => Actor.From(Http.User);

    /// <summary>The page was posted.</summary>
    protected bool IsPost => HttpMethods.IsPost(Http.Request.Method);

    /// <summary>Whoever acts has proved who they are a moment ago: a form need not ask for it.</summary>
    private protected bool WasProved => IRequiresProof.Counts(Actor.ProvedAtOf(Http.User), Now);

    private protected Task<Outcome<T>> TryAskAsync<T>(IQuery<T> query) => Door.AskAsync(query, Me, Http.RequestAborted);

    /// <summary>The same for what several parts of one page show: it is asked once.</summary>
    private protected Task<Outcome<T>> TryAskOnceAsync<T>(IQuery<T> query)
    {
        if (!Http.Items.TryGetValue(query, out var asked))
        {
            Http.Items[query] = asked = TryAskAsync(query);
        }

        return (Task<Outcome<T>>)asked!;
    }

    /// <summary>Asks what the page shows; a refusal becomes the page.</summary>
    private protected async Task<T?> AskAsync<T>(IQuery<T> query) => Shown(await TryAskAsync(query));

    /// <summary>What was answered; a refusal becomes the page.</summary>
    private protected T? Shown<T>(Outcome<T> outcome)
    {
        if (!outcome.Ok)
        {
            Refuse(outcome.Problem);
        }

        return outcome.Value;
    }

    /// <summary>Sends a command; what is wrong is shown beside the fields.</summary>
    private protected async Task<Outcome<T>> SendAsync<T>(ICommand<T> command, RequestContext? context = null)
    {
        var outcome = await Door.SendAsync(command, Me, context ?? RequestContext.None, Http.RequestAborted);
        if (!outcome.Ok)
        {
            Fail(outcome.Problem);
        }

        return outcome;
    }

    /// <summary>Makes the page a refusal.</summary>
    private protected void Refuse(Problem problem)
    {
        Refusal = problem;
        Answer(problem.Kind);
    }

    /// <summary>Shows problems of a post.</summary>
    private protected void Fail(params IReadOnlyList<Problem> problems)
    {
        Wrong = [.. problems.SelectMany(problem => problem.Others.Prepend(problem))];
        Answer(Wrong[0].Kind);

        // A form inside a component renders that component again, not the page around it, where the summary of errors is.
        StateHasChanged();
    }

    /// <summary>Set when the answer leaves: the renderer throws a page away that is said not to be found, and ours says why.</summary>
    private void Answer(ProblemKind kind) => Http.Response.OnStarting(() =>
    {
        Http.Response.StatusCode = (int)kind;
        return Task.CompletedTask;
    });

    /// <summary>The problem of a field, or null.</summary>
    protected string? WrongAt(string field) => Wrong.FirstOrDefault(problem => string.Equals(problem.Field, field, StringComparison.OrdinalIgnoreCase))?.Message.ToString();

    /// <summary>A posted text, trimmed; empty when it was not posted.</summary>
    protected string Posted(string name) => IsPost && Http.Request.HasFormContentType ? Http.Request.Form[name].ToString().Trim() : "";

    /// <summary>Every posted value of a name.</summary>
    protected IReadOnlyList<string> PostedAll(string name) =>
        IsPost && Http.Request.HasFormContentType ? [.. Http.Request.Form[name].OfType<string>()] : [];

    /// <summary>After a post: goes to a page of ours, which says what was done.</summary>
    private protected void Go(string path, Words? said = null)
    {
        if (said is not null)
        {
            Notices.Leave(Http, said);
        }

        Navigation.NavigateTo(path);
    }
}

/// <summary>What is said once on the page after a post. It travels in a cookie that only the server can read.</summary>
internal sealed class Notices(IDataProtectionProvider protection)
{
    private const string Cookie = "depart-said";
    private const string TypedCookie = "depart-typed";

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("depart.notices").ToTimeLimitedDataProtector();

    /// <summary>Leaves a notice for the next page; <paramref name="wrong"/> when it says why nothing was done.</summary>
    public void Leave(HttpContext http, Words said, bool wrong = false) => Leave(http, Cookie, new Left(said, wrong));

    /// <summary>Leaves what was typed in a form that is shown again: the address of a page is no place for names. Never a secret.</summary>
    public void LeaveTyped(HttpContext http, Dictionary<string, string> typed) => Leave(http, TypedCookie, typed);

    /// <summary>Takes the notice left, once.</summary>
    public Left? Take(HttpContext http) => Take<Left>(http, Cookie);

    /// <summary>Takes what was typed, once; empty when nothing was left.</summary>
    public IReadOnlyDictionary<string, string> TakeTyped(HttpContext http) => Take<Dictionary<string, string>>(http, TypedCookie) ?? [];

    private void Leave<T>(HttpContext http, string cookie, T left) => http.Response.Cookies.Append(
        cookie, Protector.Protect(JsonSerializer.Serialize(left, ApiJson.Options), TimeSpan.FromMinutes(1)), Options(http));

    private T? Take<T>(HttpContext http, string cookie) where T : class
    {
        if (http.Request.Cookies[cookie] is not { Length: > 0 } left || http.Response.HasStarted)
        {
            return null;
        }

        http.Response.Cookies.Delete(cookie, Options(http));
        try
        {
            return JsonSerializer.Deserialize<T>(Protector.Unprotect(left), ApiJson.Options);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Too old, or not ours: there is nothing to say.
            return null;
        }
    }

    /// <summary>What was left.</summary>
    internal sealed record Left(Words Said, bool Wrong);

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true,
    };
}
