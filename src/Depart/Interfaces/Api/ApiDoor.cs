using Depart.Foundation.Door;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Depart.Interfaces.Api;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Next">Opaque cursor of the next page, or null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The door as API routes use it: the caller's actor, idempotency key and version come from the request.</summary>
internal sealed class ApiDoor(Dispatcher dispatcher, IHttpContextAccessor http)
{
    /// <summary>Sends a command.</summary>
    public async Task<IResult> SendAsync<T>(ICommand<T> command)
    {
        var request = http.HttpContext!.Request;
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 200)
        {
            return Failed(Problem.Invalid("Idempotency-Key", "too-long", new("At most 200 characters.", "200 caractères au plus.")));
        }

        var version = request.Headers.IfMatch.ToString().Trim('"');
        var context = new RequestContext
        {
            IdempotencyKey = key.Length == 0 ? null : key,
            Version = long.TryParse(version, out var read) ? read : null,
            ProvedAt = Actor.ProvedAtOf(http.HttpContext.User),
        };
        if (version.Length > 0 && version != "*" && context.Version is null)
        {
            return Failed(Problem.Stale);
        }

        return Answer(await dispatcher.SendAsync(command, Actor.From(http.HttpContext.User), context, http.HttpContext.RequestAborted));
    }

    /// <summary>Asks first, outside any transaction, then sends the command that the answer makes.</summary>
    public async Task<IResult> SendAsync<TAnswer, TCommand, T>(IQuery<TAnswer> query, Func<TAnswer, TCommand> command)
        where TCommand : ICommand<T>
    {
        var answer = await dispatcher.AskAsync(query, Actor.From(http.HttpContext!.User), http.HttpContext.RequestAborted);
        return answer.Ok ? await SendAsync<T>(command(answer.Value)) : Failed(answer.Problem);
    }

    /// <summary>Asks a question.</summary>
    public async Task<IResult> AskAsync<T>(IQuery<T> query) =>
        Answer(await dispatcher.AskAsync(query, Actor.From(http.HttpContext!.User), http.HttpContext.RequestAborted));

    /// <summary>Asks a question whose answer is taken away as a file.</summary>
    public async Task<IResult> FileAsync<T>(IQuery<T> query, Func<T, IResult> file)
    {
        var outcome = await dispatcher.AskAsync(query, Actor.From(http.HttpContext!.User), http.HttpContext.RequestAborted);
        return outcome.Ok ? file(outcome.Value!) : Failed(outcome.Problem);
    }

    private IResult Answer<T>(Outcome<T> outcome)
    {
        if (!outcome.Ok)
        {
            return Failed(outcome.Problem);
        }

        if (outcome.Value is IVersioned versioned)
        {
            http.HttpContext!.Response.Headers.ETag = $"\"{versioned.Version}\"";
        }

        return outcome.Value is Done ? TypedResults.NoContent() : TypedResults.Ok(outcome.Value);
    }

    /// <summary>A problem as RFC 9457 says, in the caller's language.</summary>
    public static ProblemHttpResult Failed(Problem problem)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = problem.Code };
        if (problem.Field is { } field)
        {
            extensions["field"] = field;
        }

        if (problem.Line is { } line)
        {
            extensions["line"] = line;
        }

        if (problem.Others.Count > 0)
        {
            extensions["errors"] = problem.Others.Prepend(problem).Select(each => new { each.Code, each.Field, each.Line, Message = each.Message.ToString() });
        }

        return TypedResults.Problem(problem.Message.ToString(), statusCode: (int)problem.Kind, title: problem.Message.ToString(), extensions: extensions);
    }
}
