using System.Data.Common;

namespace TlsFront.Inventory;

/// <summary>Statements that take effect together. No other process writes meanwhile.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction on it.</param>
/// <param name="rowKey">By which a row of a table without a key is found.</param>
/// <param name="rowsAtOnce">Rows that one statement adds.</param>
internal sealed class InventoryTransaction(DbConnection connection, DbTransaction transaction, string rowKey, int rowsAtOnce)
{
    /// <summary>Runs a statement; the number of rows.</summary>
    public int Execute(string text, params ReadOnlySpan<object> values)
    {
        using var command = Command(text, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null if there is no row.</summary>
    public object? Find(string text)
    {
        using var command = Command(text);
        return command.ExecuteScalar();
    }

    /// <summary>Adds rows, or merges them with those of the same key; no two of <paramref name="rows"/> have the same one.</summary>
    public void Insert(InventoryTable table, IEnumerable<object[]> rows)
    {
        var all = rows.ToArray();
        var rest = all.Length % rowsAtOnce;
        Insert(table, all.AsSpan(0, all.Length - rest), rowsAtOnce);
        Insert(table, all.AsSpan(all.Length - rest), rest);
    }

    /// <summary>Deletes at most so many rows whose <paramref name="condition"/> holds for @p0; how many it were.</summary>
    public int Delete(InventoryTable table, string condition, object value, int most) =>
        Execute(table.Delete(rowKey, condition, most), value);

    /// <summary>Adds rows by one statement, so many at a time: their number is a multiple of it.</summary>
    private void Insert(InventoryTable table, ReadOnlySpan<object[]> rows, int atOnce)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        using var command = Command(table.Insert(atOnce), new object[atOnce * table.Width]);
        var parameters = command.Parameters.Cast<DbParameter>().ToArray();
        for (var start = 0; start < rows.Length; start += atOnce)
        {
            for (var index = 0; index < parameters.Length; index++)
            {
                parameters[index].Value = rows[start + (index / table.Width)][index % table.Width];
            }

            command.ExecuteNonQuery();
        }
    }

    private DbCommand Command(string text, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (text, transaction);
        for (var index = 0; index < values.Length; index++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{index}", values[index]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
