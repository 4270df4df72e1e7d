using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>What lets a person in without the password.</summary>
internal static class ActiveDirectoryKeys
{
    /// <summary>Keys of Windows Hello for Business.</summary>
    public const string Hello = "msDS-KeyCredentialLink";

    /// <summary>Attributes that are emptied.</summary>
    public static readonly string[] Attributes = [Hello, "altSecurityIdentities", "userCertificate"];

    /// <summary>Those that hold something.</summary>
    public static IEnumerable<string> Held(LdapEntry entry) => Attributes.Where(entry.Has);
}
