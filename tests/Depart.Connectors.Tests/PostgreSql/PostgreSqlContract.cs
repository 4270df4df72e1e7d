namespace Depart.Connectors.PostgreSql;

/// <summary>The contract of every connector, on PostgreSQL.</summary>
[Collection<PostgreSqlCollection>]
public sealed class PostgreSqlContract(PostgreSqlServer server) : ConnectorContract(server);
