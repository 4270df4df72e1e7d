namespace Depart.Connectors.Scim;

/// <summary>The contract of every connector, on scimmy.</summary>
[Collection<ScimCollection>]
public sealed class ScimContract(ScimServer server) : ConnectorContract(server);
