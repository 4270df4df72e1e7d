using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Depart.Foundation.Storage;

/// <summary>Failures of a transaction that say nothing about what was asked: somebody else was at the same rows at the same moment.</summary>
internal static class Clashes
{
    // SQLITE_BUSY, SQLITE_LOCKED, and the extended code of a unique index or primary key.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Unique = 2067;
    private const int PrimaryKey = 1555;

    /// <summary>
    /// Whether the same transaction, begun anew, may well succeed: rows changed by another since they were read, a deadlock, a serialization failure, a row
    /// that another inserted first. Never for a broken connection: the commit may have arrived.
    /// </summary>
    public static bool Is(Exception error) => error switch
    {
        DbUpdateConcurrencyException => true,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation } => true,
        SqliteException { SqliteErrorCode: Busy or Locked } or SqliteException { SqliteExtendedErrorCode: Unique or PrimaryKey } => true,
        // The provider wraps what it holds for transient.
        DbUpdateException { InnerException: { } inner } => Is(inner),
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
