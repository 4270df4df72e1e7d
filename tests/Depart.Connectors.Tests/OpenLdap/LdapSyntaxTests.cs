using System.Formats.Asn1;
using System.Text;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>Names and filters, apart from any server.</summary>
public sealed class LdapSyntaxTests
{
    [Theory]
    [InlineData("cn=Doe\\, John,ou=People,dc=lab", "CN=Doe\\2C John,OU=people,DC=LAB")]
    [InlineData("cn=Zoë,dc=lab", "cn=Zo\\C3\\AB,dc=lab")]
    [InlineData("cn=a+sn=b,dc=lab", "sn=b+cn=a,dc=lab")]
    [InlineData("cn=\"Doe, John\",dc=lab", "cn=Doe\\, John, dc=lab")]
    [InlineData("cn=two  words ,dc=lab", "cn=two words,dc=lab")]
    public void Two_ways_to_write_one_name_are_the_same(string one, string other) => Assert.True(DistinguishedName.Same(one, other));

    [Theory]
    [InlineData("cn=a,dc=lab", "cn=b,dc=lab")]
    [InlineData("cn=a,dc=lab", "cn=a,ou=x,dc=lab")]
    [InlineData("cn=a\\ ,dc=lab", "cn=b,dc=lab")]
    [InlineData("not a name", "not a name")]
    [InlineData("cn=a,", "cn=a,")]
    public void Names_that_differ_or_are_none_are_not(string one, string other) => Assert.False(DistinguishedName.Same(one, other));

    [Theory]
    [InlineData(" a,b+c\"d\\e<f>g;h=i ")]
    [InlineData("#début")]
    [InlineData("D'Angélo-Lefèvre, Zoë")]
    public void A_value_escaped_and_read_again_is_itself(string value) =>
        Assert.Equal(value, DistinguishedName.Parse($"cn={DistinguishedName.Escape(value)},dc=lab").Name);

    [Theory]
    [InlineData("(objectClass=person)")]
    [InlineData("(&(a=1)(|(b=2)(!(c=3)))(d=*)(e=x*y*z)(f>=4)(g<=5)(h~=6))")]
    [InlineData("(userAccountControl:1.2.840.113556.1.4.803:=2)")]
    [InlineData("(cn=a\\28b\\29\\2a\\5c)")]
    public void A_filter_that_is_read_says_itself_again_and_can_be_written(string text)
    {
        var filter = LdapFilter.Parse(text);
        filter.Write(new AsnWriter(AsnEncodingRules.BER));

        Assert.Equal(text, filter.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("objectClass=person")]
    [InlineData("(a=b")]
    [InlineData("(a=b))")]
    [InlineData("(&)")]
    [InlineData("(=b)")]
    [InlineData("(a=\\zz)")]
    [InlineData("(!(a=b)(c=d))")]
    public void What_is_no_filter_is_refused(string text) => Assert.False(LdapFilter.CanParse(text));

    [Theory]
    [InlineData("{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0", "secret", true)]
    [InlineData("{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0", "other", false)]
    [InlineData("secret", "secret", true)]
    [InlineData("{ARGON2}$argon2id$v=19$m=7168", "secret", null)]
    public void A_stored_hash_is_compared_with_a_password_or_said_to_be_unreadable(string stored, string password, bool? expected) =>
        Assert.Equal(expected, LdapPasswords.Matches(Encoding.UTF8.GetBytes(stored), password));
}
