using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The address of this Depart as people outside reach it: what mails say, or, without a mail server, what the browser used.</summary>
internal sealed class DoorAddress(DepartDb db)
{
    public async Task<string> OfAsync(HttpContext http) =>
        await db.Set<MailServer>().Select(server => server.PublicAddress).FirstOrDefaultAsync(http.RequestAborted) ?? $"{http.Request.Scheme}://{http.Request.Host}";
}
