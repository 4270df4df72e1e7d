using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>What lets a person in without the directory's password: keys, certificates, a shell.</summary>
internal static class OpenLdapKeys
{
    public const string NoShell = "/usr/sbin/nologin";

    /// <summary>Attributes that are removed whole, under any option.</summary>
    public static readonly string[] Attributes =
    [
        "sshPublicKey", "userCertificate", "userSMIMECertificate", "userPKCS12", "krbPrincipalKey", "oathSecret", "oathHOTPToken", "oathTOTPToken",
    ];

    /// <summary>What there is to remove, with its options (<c>userCertificate;binary</c>).</summary>
    public static IEnumerable<string> Held(LdapEntry entry) =>
        entry.Attributes.Keys.Where(name => Attributes.Contains(name.Split(';')[0], StringComparer.OrdinalIgnoreCase) && entry.Has(name));

    /// <summary>Whether the shell still opens.</summary>
    public static bool HasShell(LdapEntry entry) => entry.Text("loginShell") is { } shell && shell != NoShell;

    /// <summary>Whether the shadow expiry is still to be set (shadow(5): days since 1970; 1 is long past).</summary>
    public static bool MayExpire(LdapEntry entry) => entry.Is("shadowAccount") && entry.Text("shadowExpire") != "1";
}
