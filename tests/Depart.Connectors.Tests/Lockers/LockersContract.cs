namespace Depart.Connectors.Lockers;

[CollectionDefinition]
public sealed class LockersCollection : ICollectionFixture<LockersServer>;

/// <summary>The contract of every connector, on the lockers' server. That is all.</summary>
[Collection<LockersCollection>]
public sealed class LockersContract(LockersServer server) : ConnectorContract(server);
