using System.Formats.Asn1;
using System.Text;

namespace Depart.Connectors.Ldap;

/// <summary>The result codes that mean something here (RFC 4511, appendix A).</summary>
internal enum LdapCode
{
    Success = 0,
    OperationsError = 1,
    TimeLimitExceeded = 3,
    SizeLimitExceeded = 4,
    StrongerAuthRequired = 8,
    Referral = 10,
    AdminLimitExceeded = 11,
    UnavailableCriticalExtension = 12,
    ConfidentialityRequired = 13,
    NoSuchAttribute = 16,
    UndefinedAttributeType = 17,
    ConstraintViolation = 19,
    AttributeOrValueExists = 20,
    NoSuchObject = 32,
    InvalidCredentials = 49,
    InsufficientAccessRights = 50,
    Busy = 51,
    Unavailable = 52,
    UnwillingToPerform = 53,
    ObjectClassViolation = 65,
    EntryAlreadyExists = 68,
    AffectsMultipleDsas = 71,
    Other = 80,
    AssertionFailed = 122,
}

/// <summary>The end of an operation.</summary>
internal sealed record LdapResult(LdapCode Code, string Diagnostic)
{
    /// <summary>Controls that came with it.</summary>
    public IReadOnlyList<LdapControl> Controls { get; init; } = [];

    /// <summary>Value of an extended operation.</summary>
    public byte[]? Value { get; init; }

    /// <summary>Whether all went well.</summary>
    public bool Ok => Code == LdapCode.Success;

    /// <summary>Value of a control, or null when the server did not send it.</summary>
    public byte[]? Control(string oid) => Controls.FirstOrDefault(control => control.Oid == oid)?.Value;

    /// <summary>For the evidence: number, name, and what the server adds.</summary>
    public override string ToString()
    {
        var name = Enum.IsDefined(Code) ? Code.ToString() : "result";
        var said = Diagnostic.TrimEnd('\0', '\n', ' ');
        return $"{(int)Code} {char.ToLowerInvariant(name[0])}{name[1..]}{(said.Length == 0 ? "" : ": " + (said.Length > 160 ? said[..160] : said))}";
    }
}

/// <summary>An entry found: attribute names in any case.</summary>
internal sealed class LdapEntry(string dn, Dictionary<string, IReadOnlyList<byte[]>> attributes, IReadOnlyList<LdapControl> controls)
{
    /// <summary>Where the entry is now.</summary>
    public string Dn => dn;

    /// <summary>Every attribute returned, with its options (<c>userCertificate;binary</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Attributes => attributes;

    /// <summary>Values in bytes; empty when there are none.</summary>
    public IReadOnlyList<byte[]> Bytes(string attribute) => attributes.GetValueOrDefault(attribute) ?? [];

    /// <summary>Values as text; empty when there are none.</summary>
    public IReadOnlyList<string> Texts(string attribute) => [.. Bytes(attribute).Select(Encoding.UTF8.GetString)];

    /// <summary>The first value as text, or null.</summary>
    public string? Text(string attribute) => Bytes(attribute) is [var first, ..] ? Encoding.UTF8.GetString(first) : null;

    /// <summary>The first value as a whole number, or null.</summary>
    public long? Number(string attribute) => long.TryParse(Text(attribute), out var number) ? number : null;

    /// <summary>Whether the attribute has a value.</summary>
    public bool Has(string attribute) => Bytes(attribute).Count > 0;

    /// <summary>Whether the entry is of a class.</summary>
    public bool Is(string objectClass) => Texts("objectClass").Contains(objectClass, StringComparer.OrdinalIgnoreCase);

    /// <summary>Value of a control sent with the entry, or null.</summary>
    public byte[]? Control(string oid) => controls.FirstOrDefault(control => control.Oid == oid)?.Value;
}

/// <summary>One message from the server.</summary>
internal sealed record LdapAnswer(int MessageId, LdapEntry? Entry, LdapResult? Result, bool Reference, string? Notice)
{
    private const int Bind = 1;
    private const int SearchEntry = 4;
    private const int SearchDone = 5;
    private const int SearchReference = 19;
    private const int Extended = 24;
    private const int Intermediate = 25;

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="AsnContentException">Not LDAP.</exception>
    public static LdapAnswer Decode(ReadOnlyMemory<byte> message)
    {
        var sequence = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        if (!sequence.TryReadInt32(out var id))
        {
            throw new AsnContentException("message id");
        }

        var tag = sequence.PeekTag();
        if (tag.TagClass != TagClass.Application)
        {
            throw new AsnContentException("operation");
        }

        if (tag.TagValue is SearchReference or Intermediate)
        {
            return new(id, null, null, Reference: true, null);
        }

        var body = sequence.ReadSequence(tag);
        var controls = ReadControls(sequence);
        if (tag.TagValue == SearchEntry)
        {
            return new(id, ReadEntry(body, controls), null, Reference: false, null);
        }

        if (tag.TagValue is not (Bind or SearchDone or 7 or 9 or 11 or 13 or 15 or Extended))
        {
            throw new AsnContentException("operation");
        }

        var result = ReadResult(body, controls);
        string? notice = null;
        while (body.HasData)
        {
            var part = body.PeekTag();
            if (tag.TagValue == Extended && part is { TagClass: TagClass.ContextSpecific, TagValue: 10 })
            {
                notice = Encoding.UTF8.GetString(body.ReadOctetString(part));
            }
            else if (tag.TagValue == Extended && part is { TagClass: TagClass.ContextSpecific, TagValue: 11 })
            {
                result = result with { Value = body.ReadOctetString(part) };
            }
            else
            {
                body.ReadEncodedValue();
            }
        }

        return new(id, null, result, Reference: false, notice);
    }

    /// <summary>Reads an entry: also the one inside a post-read control (RFC 4527).</summary>
    public static LdapEntry ReadEntry(AsnReader body, IReadOnlyList<LdapControl> controls)
    {
        var dn = Encoding.UTF8.GetString(body.ReadOctetString());
        var attributes = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase);
        var list = body.ReadSequence();
        while (list.HasData)
        {
            var one = list.ReadSequence();
            var name = Encoding.UTF8.GetString(one.ReadOctetString());
            var values = new List<byte[]>();
            var set = one.ReadSetOf();
            while (set.HasData)
            {
                values.Add(set.ReadOctetString());
            }

            attributes[name] = values;
        }

        return new(dn, attributes, controls);
    }

    private static LdapResult ReadResult(AsnReader body, IReadOnlyList<LdapControl> controls)
    {
        var code = 0;
        foreach (var octet in body.ReadEnumeratedBytes().Span)
        {
            code = (code << 8) | octet;
        }

        _ = body.ReadOctetString();
        return new((LdapCode)code, Encoding.UTF8.GetString(body.ReadOctetString())) { Controls = controls };
    }

    private static List<LdapControl> ReadControls(AsnReader sequence)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var controls = new List<LdapControl>();
        if (!sequence.HasData || sequence.PeekTag() != tag)
        {
            return controls;
        }

        var list = sequence.ReadSequence(tag);
        while (list.HasData)
        {
            var one = list.ReadSequence();
            var oid = Encoding.UTF8.GetString(one.ReadOctetString());
            var critical = one.HasData && one.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && one.ReadBoolean();
            controls.Add(new(oid, critical, one.HasData ? one.ReadOctetString() : null));
        }

        return controls;
    }
}
