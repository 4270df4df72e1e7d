using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Depart.Foundation.Storage;

/// <summary>
/// Inserts many rows past the change tracker: on SQLite several to a statement that is prepared once, several times faster than one statement a row;
/// on PostgreSQL by COPY, which neither parses nor plans.
/// </summary>
internal static class BulkInsert
{
    /// <summary>Below, the change tracker does as well, and sends everything in one go.</summary>
    public const int Worthwhile = 20;

    /// <summary>SQLite looks its places up by name, one after the other: many in one statement cost more than many statements.</summary>
    private const int RowsAtOnce = 10;

    /// <summary>Inserts rows whose every value but a number given by the database is set by us, in their order, in the transaction of the context.</summary>
    /// <exception cref="DbUpdateException">The database refused a row: a key that exists, for instance.</exception>
    public static async Task InsertAsync<T>(this DepartDb db, IReadOnlyList<T> rows, CancellationToken cancellation)
        where T : class
    {
        if (rows.Count < Worthwhile)
        {
            db.AddRange(rows);
            return;
        }

        var (table, columns) = Columns(db, typeof(T));
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await (db.Database.GetDbConnection() is NpgsqlConnection postgreSql
                ? CopyAsync(postgreSql, table, columns, rows, cancellation)
                : InsertAsync(db, table, columns, rows, cancellation));
        }
        catch (DbException error)
        {
            throw new DbUpdateException(error.Message, error);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task InsertAsync<T>(DepartDb db, string table, IReadOnlyList<Column> columns, IReadOnlyList<T> rows, CancellationToken cancellation)
        where T : class
    {
        for (var from = 0; from < rows.Count;)
        {
            // Full groups with one prepared statement, then the rest with another.
            var size = Math.Min(RowsAtOnce, rows.Count - from);
            await using var command = Command(db, table, columns, size);
            do
            {
                Fill(command, columns, rows, from, size);
                await command.ExecuteNonQueryAsync(cancellation);
                from += size;
            }
            while (rows.Count - from >= size);
        }
    }

    private static async Task CopyAsync<T>(NpgsqlConnection connection, string table, IReadOnlyList<Column> columns, IReadOnlyList<T> rows, CancellationToken cancellation)
        where T : class
    {
        await using var unused = connection.CreateCommand();
        var types = columns.Select(column => ((NpgsqlParameter)column.Mapping.CreateParameter(unused, "type", null, nullable: true, ParameterDirection.Input)).NpgsqlDbType).ToList();
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({string.Join(", ", columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            for (var column = 0; column < columns.Count; column++)
            {
                await copy.WriteAsync(columns[column].Of(row), types[column], cancellation);
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private static (string Table, IReadOnlyList<Column> Columns) Columns(DepartDb db, Type type)
    {
        var entity = db.Model.FindEntityType(type)!;
        var sql = db.GetService<ISqlGenerationHelper>();
        var columns = entity.GetProperties().Where(property => property is not { ValueGenerated: ValueGenerated.OnAdd, ClrType: var type } || type != typeof(long)).Select(property => new Column(
            sql.DelimitIdentifier(property.GetColumnName()), property.GetRelationalTypeMapping(), property.GetGetter())).ToList();
        return (sql.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema()), columns);
    }

    private static DbCommand Command(DepartDb db, string table, IReadOnlyList<Column> columns, int rows)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var places = Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", columns.Select((_, column) => $"@p{(row * columns.Count) + column}"))})");
        command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES {string.Join(", ", places)}";
        for (var place = 0; place < rows * columns.Count; place++)
        {
            var column = columns[place % columns.Count];
            command.Parameters.Add(column.Mapping.CreateParameter(command, $"@p{place}", null, nullable: true, ParameterDirection.Input));
        }

        return command;
    }

    private static void Fill<T>(DbCommand command, IReadOnlyList<Column> columns, IReadOnlyList<T> rows, int from, int size)
        where T : class
    {
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                command.Parameters[(row * columns.Count) + column].Value = columns[column].Of(rows[from + row]);
            }
        }
    }

    private sealed record Column(string Name, RelationalTypeMapping Mapping, IClrPropertyGetter Getter)
    {
        public object Of(object row)
        {
            var value = Getter.GetClrValue(row);
            return (value is null || Mapping.Converter is not { } converter ? value : converter.ConvertToProvider(value)) ?? DBNull.Value;
        }
    }
}
