namespace Depart.Connectors.Ssh;

/// <summary>The contract of every connector, on OpenSSH.</summary>
[Collection<SshCollection>]
public sealed class SshContract(SshServer server) : ConnectorContract(server);
