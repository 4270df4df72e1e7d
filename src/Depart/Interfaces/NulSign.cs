using System.Buffers;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.Diagnostics;

namespace Depart.Interfaces;

/// <summary>
/// The sign U+0000: no keyboard has it, and PostgreSQL cannot keep it. A request that holds it in its address or in JSON is refused before anything hears it, whatever the database.
/// </summary>
internal static class NulSign
{
    private static readonly Problem Refusal = Problem.Invalid("request", "nul-sign", new(
        "This request holds the sign U+0000, which cannot be kept. Leave it out.",
        "Cette requête contient le signe U+0000, qui ne peut pas être conservé. Retirez-le."));

    private static ReadOnlySpan<byte> Escaped => "u0000"u8;

    /// <summary>Comes after whoever asks is known: nobody else has a body looked through where one must be.</summary>
    public static IApplicationBuilder UseNoNulSign(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        // The page that says what was wrong is reached with the request that was.
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null || !await IsInAsync(http))
        {
            await next(http);
        }
        else
        {
            await UnreadableRequest.RefuseAsync(http, Refusal);
        }
    });

    private static async Task<bool> IsInAsync(HttpContext http)
    {
        // Forms that hold it are refused by what reads them.
        var request = http.Request;
        return request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true || (request.HasJsonContentType() && await IsInJsonAsync(request, http.RequestAborted));
    }

    /// <summary>Looks at the whole body and leaves it to be read.</summary>
    private static async Task<bool> IsInJsonAsync(HttpRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (read.IsCompleted)
            {
                var found = IsIn(read.Buffer);
                request.BodyReader.AdvanceTo(read.Buffer.Start);
                return found;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Whether JSON holds the sign, written as an escape: the only way in which it may. A backslash that is itself escaped begins none.</summary>
    internal static bool IsIn(in ReadOnlySequence<byte> json)
    {
        var reader = new SequenceReader<byte>(json);
        while (reader.TryAdvanceTo((byte)'\\'))
        {
            if (reader.IsNext(Escaped))
            {
                return true;
            }

            reader.Advance(Math.Min(1, reader.Remaining));
        }

        return false;
    }
}
