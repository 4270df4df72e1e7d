namespace Depart.Connectors.OpenLdap;

/// <summary>The contract of every connector, on slapd.</summary>
[Collection<OpenLdapCollection>]
public sealed class OpenLdapContract(OpenLdapServer server) : ConnectorContract(server);
