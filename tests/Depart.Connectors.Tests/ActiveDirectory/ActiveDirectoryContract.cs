namespace Depart.Connectors.ActiveDirectory;

/// <summary>The contract of every connector, on a Samba domain controller.</summary>
[Collection<ActiveDirectoryCollection>]
public sealed class ActiveDirectoryContract(ActiveDirectoryServer server) : ConnectorContract(server);
