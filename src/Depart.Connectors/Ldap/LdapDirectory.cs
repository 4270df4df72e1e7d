using System.Formats.Asn1;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Depart.Connectors.Ldap;

/// <summary>What a server says of itself at its root (RFC 4512, 5.1).</summary>
internal sealed record LdapRoot(LdapEntry Entry)
{
    /// <summary>Whether the server knows a control.</summary>
    public bool Knows(string control) => Entry.Texts("supportedControl").Contains(control, StringComparer.Ordinal);

    /// <summary>The naming context that holds a name, or the name itself: accounts moved out of the base are still found by identifier.</summary>
    public string ContextOf(string baseDn) =>
        DistinguishedName.TryParse(baseDn) is { } inside
        && Entry.Texts("namingContexts").FirstOrDefault(context => DistinguishedName.TryParse(context) is { Parts.Count: > 0 } above && inside.IsWithin(above)) is { } found
            ? found : baseDn;
}

/// <summary>Reads and changes of one directory; every way in which they fail is said with the server's name.</summary>
internal sealed class LdapDirectory(LdapSettings settings) : IAsyncDisposable
{
    /// <summary>Entries asked for in one page.</summary>
    public const int PageSize = 500;

    private const string Paging = "1.2.840.113556.1.4.319";

    private static readonly Bilingual ToRead = new("read its entries", "lire ses entrées");
    private static readonly Bilingual ReadRemedy = new(
        "Give our account the right to search and read below the bases named in the settings.",
        "Donnez à notre compte le droit de chercher et de lire sous les bases nommées dans les réglages.");

    private readonly LdapPool pool = new(settings.Endpoint, settings.BindName, settings.BindPassword, settings.Connections);
    private LdapRoot? root;

    /// <summary>How failures are said.</summary>
    public LdapFailures Failures { get; } = new(settings.Endpoint.Name);

    /// <summary>Name and port.</summary>
    public string Host => pool.Endpoint.Name;

    /// <summary>Sign-in tests with somebody else's name.</summary>
    public LdapSignIns SignIns { get; } = new(settings.Endpoint);

    /// <summary>What the server is; asked once.</summary>
    public async Task<LdapRoot> RootAsync(CancellationToken cancellation)
    {
        if (root is null)
        {
            var found = await SearchAsync(
                new("", LdapScope.Entry, LdapFilter.Present("objectClass"), "*", "+"), cancellation);
            root = found is [var entry, ..] ? new(entry) : throw new LdapCallException(Failures.Garbage(), sent: false);
        }

        return root;
    }

    /// <summary>Sends a change.</summary>
    /// <exception cref="LdapCallException">No result.</exception>
    public Task<LdapResult> ChangeAsync(LdapRequest request, CancellationToken cancellation) => pool.SendAsync(request, cancellation);

    /// <summary>Searches to the end: above the server's limit it goes on by pages. A base that is not there holds nothing.</summary>
    /// <exception cref="LdapCallException">No result, or refused.</exception>
    public async Task<List<LdapEntry>> SearchAsync(LdapSearch search, CancellationToken cancellation)
    {
        var (result, entries) = await pool.SearchAsync(search, cancellation);
        if (result.Code is LdapCode.SizeLimitExceeded or LdapCode.AdminLimitExceeded)
        {
            entries = [];
            await foreach (var page in PagesAsync(search, cancellation))
            {
                entries.AddRange(page);
            }

            return entries;
        }

        return result.Code is LdapCode.Success or LdapCode.NoSuchObject ? entries : throw Refused(result);
    }

    /// <summary>The first entry found, or null.</summary>
    /// <exception cref="LdapCallException">No result, or refused.</exception>
    public async Task<LdapEntry?> FirstAsync(LdapSearch search, CancellationToken cancellation)
    {
        var (result, entries) = await pool.SearchAsync(search with { SizeLimit = 1 }, cancellation);
        return result.Code is LdapCode.Success or LdapCode.NoSuchObject or LdapCode.SizeLimitExceeded ? entries.FirstOrDefault() : throw Refused(result);
    }

    /// <summary>Searches page by page; only one page is in memory.</summary>
    /// <exception cref="LdapCallException">No result, or refused: what came before is incomplete.</exception>
    public async IAsyncEnumerable<List<LdapEntry>> PagesAsync(LdapSearch search, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var connection = await pool.BorrowAsync(cancellation);
        var ended = false;
        try
        {
            for (byte[] place = []; !ended;)
            {
                var page = new List<LdapEntry>();
                var result = await connection.SendAsync(
                    search with { Controls = [.. search.Controls, new(Paging, Critical: true, PageRequest(place))] }, page.Add, cancellation);
                if (!result.Ok)
                {
                    throw Refused(result);
                }

                place = NextPlace(result);
                ended = place.Length == 0;
                yield return page;
            }
        }
        finally
        {
            await pool.GiveBackAsync(connection, ended);
        }
    }

    /// <summary>Opens one connection as our own account and closes it again: tells whether server, certificate and sign-in are right.</summary>
    public async Task TryAsync(CancellationToken cancellation) => await pool.GiveBackAsync(await pool.BorrowAsync(cancellation), clean: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await pool.DisposeAsync();
        await SignIns.DisposeAsync();
    }

    private LdapCallException Refused(LdapResult result) => new(Failures.Refused(result, ToRead, ReadRemedy), sent: false);

    private static byte[] PageRequest(byte[] place)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(PageSize);
            writer.WriteOctetString(place);
        }

        return writer.Encode();
    }

    private static byte[] NextPlace(LdapResult result)
    {
        if (result.Control(Paging) is not { } value)
        {
            return [];
        }

        var sequence = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        BigInteger _ = sequence.ReadInteger();
        return sequence.ReadOctetString();
    }
}
