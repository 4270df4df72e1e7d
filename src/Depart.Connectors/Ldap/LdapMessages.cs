using System.Formats.Asn1;
using System.Text;

namespace Depart.Connectors.Ldap;

/// <summary>A control that goes with a request or an answer (RFC 4511, 4.1.11).</summary>
internal sealed record LdapControl(string Oid, bool Critical = false, byte[]? Value = null);

/// <summary>How far a search goes from its base.</summary>
internal enum LdapScope
{
    Entry = 0,
    OneLevel = 1,
    Subtree = 2,
}

/// <summary>What a modification does to an attribute.</summary>
internal enum LdapOperation
{
    Add = 0,
    Delete = 1,
    Replace = 2,
}

/// <summary>One attribute to change. Delete without values removes the attribute whole.</summary>
internal sealed record LdapModification(LdapOperation Operation, string Attribute, params IReadOnlyList<byte[]> Values)
{
    /// <summary>The attribute gets exactly these values; none removes it, present or not.</summary>
    public static LdapModification Replace(string attribute, params IEnumerable<string> values) => new(LdapOperation.Replace, attribute, [.. values.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>These values are added.</summary>
    public static LdapModification Add(string attribute, params IEnumerable<string> values) => new(LdapOperation.Add, attribute, [.. values.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>These values go; the request fails if one is not there.</summary>
    public static LdapModification Delete(string attribute, params IEnumerable<string> values) => new(LdapOperation.Delete, attribute, [.. values.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>For the evidence: operation and attribute, never a value.</summary>
    public override string ToString() => $"{Operation switch { LdapOperation.Add => "add", LdapOperation.Delete => "delete", _ => "replace" }} {Attribute}";
}

/// <summary>A request, as the body of an LDAP message.</summary>
internal abstract record LdapRequest
{
    /// <summary>Controls sent with it.</summary>
    public IReadOnlyList<LdapControl> Controls { get; init; } = [];

    /// <summary>Writes the whole message.</summary>
    public byte[] Encode(int messageId)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(messageId);
            Write(writer);
            if (Controls.Count > 0)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
                {
                    foreach (var control in Controls)
                    {
                        Write(writer, control);
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>Writes the operation.</summary>
    protected abstract void Write(AsnWriter writer);

    protected static Asn1Tag Application(int number, bool constructed = true) => new(TagClass.Application, number, constructed);

    protected static void Text(AsnWriter writer, string text) => writer.WriteOctetString(Encoding.UTF8.GetBytes(text));

    private static void Write(AsnWriter writer, LdapControl control)
    {
        using (writer.PushSequence())
        {
            Text(writer, control.Oid);
            if (control.Critical)
            {
                writer.WriteBoolean(true);
            }

            if (control.Value is not null)
            {
                writer.WriteOctetString(control.Value);
            }
        }
    }
}

/// <summary>Simple bind. Its text never holds the password.</summary>
internal sealed record LdapBind(string Name, string Password) : LdapRequest
{
    protected override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Application(0)))
        {
            writer.WriteInteger(3);
            Text(writer, Name);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(Password), new Asn1Tag(TagClass.ContextSpecific, 0));
        }
    }

    public override string ToString() => $"BIND {Name}";
}

/// <summary>Ends the connection.</summary>
internal sealed record LdapUnbind : LdapRequest
{
    protected override void Write(AsnWriter writer) => writer.WriteNull(Application(2, constructed: false));
}

/// <summary>Asks that an answer be given up.</summary>
internal sealed record LdapAbandon(int MessageId) : LdapRequest
{
    protected override void Write(AsnWriter writer) => writer.WriteInteger(MessageId, Application(16, constructed: false));
}

/// <summary>A search.</summary>
internal sealed record LdapSearch(string Base, LdapScope Scope, LdapFilter Filter, params IReadOnlyList<string> Attributes) : LdapRequest
{
    /// <summary>Things looked up in one search: more would make its filter too long for some servers.</summary>
    public const int Together = 100;

    /// <summary>Most entries wanted; 0 leaves it to the server.</summary>
    public int SizeLimit { get; init; }

    protected override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Application(3)))
        {
            Text(writer, Base);
            writer.WriteEnumeratedValue(Scope);
            writer.WriteEnumeratedValue(LdapScope.Entry);   // aliases are never followed (0)
            writer.WriteInteger(SizeLimit);
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            Filter.Write(writer);
            using (writer.PushSequence())
            {
                foreach (var attribute in Attributes)
                {
                    Text(writer, attribute);
                }
            }
        }
    }

    public override string ToString() => $"SEARCH {Base} {Filter}";
}

/// <summary>A modification: all of it happens, or nothing.</summary>
internal sealed record LdapModify(string Dn, params IReadOnlyList<LdapModification> Changes) : LdapRequest
{
    protected override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Application(6)))
        {
            Text(writer, Dn);
            using (writer.PushSequence())
            {
                foreach (var change in Changes)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteEnumeratedValue(change.Operation);
                        using (writer.PushSequence())
                        {
                            Text(writer, change.Attribute);
                            using (writer.PushSetOf())
                            {
                                foreach (var value in change.Values)
                                {
                                    writer.WriteOctetString(value);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    public override string ToString() => $"MODIFY {Dn} {string.Join(", ", Changes)}";
}

/// <summary>A move or new name; the old name goes.</summary>
internal sealed record LdapRename(string Dn, string NewRdn, string NewParent) : LdapRequest
{
    protected override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Application(12)))
        {
            Text(writer, Dn);
            Text(writer, NewRdn);
            writer.WriteBoolean(true);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(NewParent), new Asn1Tag(TagClass.ContextSpecific, 0));
        }
    }

    public override string ToString() => $"MODRDN {Dn} {NewRdn},{NewParent}";
}

/// <summary>An extended operation without a value: StartTLS, Who am I.</summary>
internal sealed record LdapExtended(string Oid) : LdapRequest
{
    protected override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Application(23)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(Oid), new Asn1Tag(TagClass.ContextSpecific, 0));
        }
    }

    public override string ToString() => $"EXTENDED {Oid}";
}
