namespace Depart.Foundation.Storage;

/// <summary>
/// Statements by which the database itself keeps rows in step with others, whoever writes them and however many at once; found by scanning, and run at each start,
/// so that they say no more than what is.
/// </summary>
internal interface IKeptByDatabase
{
    /// <summary>For SQLite.</summary>
    static abstract string Sqlite { get; }

    /// <summary>For PostgreSQL, 14 or later.</summary>
    static abstract string PostgreSql { get; }
}
