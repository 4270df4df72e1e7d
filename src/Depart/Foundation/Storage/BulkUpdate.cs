using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace Depart.Foundation.Storage;

/// <summary>
/// Writes many changed rows of one kind with few statements: prepared once and run for each row on SQLite, a hundred rows in one on PostgreSQL. Keys and
/// concurrency tokens hold as with the change tracker, which does the rest.
/// </summary>
internal static class BulkUpdate
{
    private const int RowsAtOnce = 100;

    /// <summary>Writes the changed rows of which there are many, in the transaction of the context, and lets go of them.</summary>
    /// <exception cref="DbUpdateConcurrencyException">A row was changed, or removed, since it was read.</exception>
    public static async Task UpdateManyAsync(this DepartDb db, CancellationToken cancellation)
    {
        var changed = db.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Modified).GroupBy(entry => entry.Metadata)
            .Where(kind => kind.Count() >= BulkInsert.Worthwhile && kind.Key.GetTableMappings().Count() == 1 && !kind.Key.IsOwned()).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            foreach (var alike in changed.SelectMany(kind => kind.GroupBy(Changed, StringComparer.Ordinal)).Where(alike => alike.Count() >= BulkInsert.Worthwhile))
            {
                var rows = alike.ToList();
                await UpdateAsync(db, rows, cancellation);
                rows.ForEach(row => row.State = EntityState.Detached);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The columns that changed: rows with the same ones share a statement.</summary>
    private static string Changed(EntityEntry entry)
    {
        var row = Row(entry);
        var properties = entry.Metadata.GetProperties();
        return string.Create(properties.Count(), (row, properties), static (marks, state) =>
        {
            var place = 0;
            foreach (var property in state.properties)
            {
                marks[place++] = state.row.IsModified(property) ? 'x' : '-';
            }
        });
    }

    /// <summary>The change tracker's own view of a row: ten times as quick as asking the entry for each property.</summary>
    [SuppressMessage("Usage", "EF1001", Justification = "Only the public interface of what it gives is used.")]
    private static IUpdateEntry Row(EntityEntry entry) => entry.GetInfrastructure();

    private static async Task UpdateAsync(DepartDb db, List<EntityEntry> rows, CancellationToken cancellation)
    {
        var kind = rows[0].Metadata;
        var sql = db.GetService<ISqlGenerationHelper>();
        var properties = kind.GetProperties().ToList();
        List<Column> wanted = [.. properties.Where(Row(rows[0]).IsModified).Select(property => new Column(property, sql, Before: false))];
        List<Column> found = [.. properties.Where(property => property.IsPrimaryKey() || property.IsConcurrencyToken).Select(property => new Column(property, sql, Before: true))];
        var table = sql.DelimitIdentifier(kind.GetTableName()!, kind.GetSchema());
        var most = db.Database.IsSqlite() ? 1 : RowsAtOnce;
        for (var from = 0; from < rows.Count;)
        {
            // Full groups with one prepared statement, then the rest with another.
            var size = Math.Min(most, rows.Count - from);
            await using var command = Command(db, table, wanted, found, size);
            do
            {
                Fill(command, wanted, found, rows, from, size);
                if (await command.ExecuteNonQueryAsync(cancellation) != size)
                {
                    throw new DbUpdateConcurrencyException($"A row of {kind.GetTableName()} was changed meanwhile.");
                }

                from += size;
            }
            while (rows.Count - from >= size);
        }
    }

    private static DbCommand Command(DepartDb db, string table, List<Column> wanted, List<Column> found, int rows)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        List<Column> columns = [.. wanted, .. found];
        command.CommandText = rows == 1
            ? $"UPDATE {table} SET {string.Join(", ", wanted.Select((column, place) => $"{column.Name} = @p{place}"))} "
                + $"WHERE {string.Join(" AND ", found.Select((column, place) => $"{column.Name} = @p{wanted.Count + place}"))}"
            : $"UPDATE {table} AS t SET {string.Join(", ", wanted.Select((column, place) => $"{column.Name} = v.c{place}"))} "
                + $"FROM (VALUES {string.Join(", ", Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", columns.Select((_, place) => $"@p{(row * columns.Count) + place}"))})"))}) "
                + $"AS v ({string.Join(", ", columns.Select((_, place) => $"c{place}"))}) "
                + $"WHERE {string.Join(" AND ", found.Select((column, place) => $"t.{column.Name} = v.c{wanted.Count + place}"))}";
        for (var place = 0; place < rows * columns.Count; place++)
        {
            command.Parameters.Add(columns[place % columns.Count].Mapping.CreateParameter(command, $"@p{place}", null, nullable: true, ParameterDirection.Input));
        }

        return command;
    }

    private static void Fill(DbCommand command, List<Column> wanted, List<Column> found, List<EntityEntry> rows, int from, int size)
    {
        var place = 0;
        foreach (var row in rows.Skip(from).Take(size).Select(Row))
        {
            foreach (var column in wanted)
            {
                command.Parameters[place++].Value = column.Of(row);
            }

            foreach (var column in found)
            {
                command.Parameters[place++].Value = column.Of(row);
            }
        }
    }

    /// <summary>A column with the value that is to be written, or (<paramref name="Before"/>) that was read.</summary>
    private sealed record Column(IProperty Property, ISqlGenerationHelper Sql, bool Before)
    {
        public string Name { get; } = Sql.DelimitIdentifier(Property.GetColumnName());

        public RelationalTypeMapping Mapping { get; } = Property.GetRelationalTypeMapping();

        public object Of(IUpdateEntry row)
        {
            var value = Before ? row.GetOriginalValue(Property) : row.GetCurrentValue(Property);
            return (value is null || Mapping.Converter is not { } converter ? value : converter.ConvertToProvider(value)) ?? DBNull.Value;
        }
    }
}
