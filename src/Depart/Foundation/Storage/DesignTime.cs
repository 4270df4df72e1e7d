using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Depart.Foundation.Storage;

/// <summary>The SQLite model for <c>dotnet ef</c>; connects to nothing.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteDb>
{
    public SqliteDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteDb>().UseSqlite().Options);
}

/// <summary>The PostgreSQL model for <c>dotnet ef</c>; connects to nothing.</summary>
internal sealed class PostgreSqlDesign : IDesignTimeDbContextFactory<PostgreSqlDb>
{
    public PostgreSqlDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql().Options);
}
