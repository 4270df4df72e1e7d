using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.Api;

/// <summary>A request whose address or body cannot be read is told what is wrong, and where: the web server by itself answers with a bare status.</summary>
internal static class UnreadableRequest
{
    private static readonly Words NoJson = new("This is not JSON: line {0}, position {1}.", "Ce n’est pas du JSON\u00a0: ligne {0}, position {1}.");
    private static readonly Words NotExpected = new("“{0}” is not known here, or is not of the kind that is expected.", "«\u00a0{0}\u00a0» n’est pas connu ici, ou n’est pas du type attendu.");
    private static readonly Words NotRead = new("“{0}” is missing, or is not of the kind that is expected.", "«\u00a0{0}\u00a0» manque, ou n’est pas du type attendu.");
    private static readonly Words JsonWanted = new("A body in JSON is expected (Content-Type: application/json).", "Un corps en JSON est attendu (Content-Type: application/json).");

    private static readonly Problem NoJsonAtAll = new(ProblemKind.NotReadable, "json-wanted", JsonWanted) { Field = "body" };

    /// <summary>Routes say what they could not read instead of swallowing it.</summary>
    public static void TellUnreadable(this IServiceCollection services) => services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

    /// <summary>Answers for them.</summary>
    public static IApplicationBuilder UseUnreadable(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (IsBare(http.Response) && IsCall(http))
            {
                await RefuseAsync(http, http.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType ? NoJsonAtAll : InAddress(http));
            }
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted && error.StatusCode == StatusCodes.Status400BadRequest)
        {
            await RefuseAsync(http, InBody(error.InnerException as JsonException));
        }
    });

    /// <summary>A call of the API is told in its own form; a page gets the status, and says so as a page.</summary>
    public static Task RefuseAsync(HttpContext http, Problem problem)
    {
        if (IsCall(http))
        {
            return ApiDoor.Failed(problem).ExecuteAsync(http);
        }

        http.Response.StatusCode = (int)problem.Kind;
        return Task.CompletedTask;
    }

    private static bool IsCall(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);

    private static bool IsBare(HttpResponse answer) =>
        answer is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType };

    private static Problem InBody(JsonException? error) => error switch
    {
        // The reader's own failure lies within: what it read was no JSON at all.
        { InnerException: JsonException } => Problem.Invalid("body", "not-json", NoJson.With(error.LineNumber + 1, error.BytePositionInLine + 1)),
        { Path: { Length: > 2 } path } => Problem.Invalid(path[2..], "not-expected", NotExpected.With(path[2..])),
        _ => Problem.Invalid("body", "json-wanted", JsonWanted),
    };

    /// <summary>The routing keeps to itself which value it could not read: the first that its parameter does not take.</summary>
    private static Problem InAddress(HttpContext http)
    {
        var name = http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters().FirstOrDefault(parameter =>
            (http.Request.RouteValues[parameter.Name!]?.ToString() ?? http.Request.Query[parameter.Name!].FirstOrDefault()) is { } text
            && !Takes(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, text))?.Name ?? "request";
        return Problem.Invalid(name, "not-expected", NotRead.With(name));
    }

    private static bool Takes(Type type, string text)
    {
        MethodInfo? Parse(params Type[] with) => type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static, [typeof(string), .. with, type.MakeByRefType()]);
        return Parse(typeof(IFormatProvider)) is { } inCulture ? (bool)inCulture.Invoke(null, [text, CultureInfo.InvariantCulture, null])! : (bool?)Parse()?.Invoke(null, [text, null]) ?? true;
    }
}
