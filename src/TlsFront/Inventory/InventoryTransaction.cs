using System.Data.Common;

namespace TlsFront.Inventory;

/// <summary>Statements that take effect together. No other process writes meanwhile.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction on it.</param>
/// <param name="rowKey">By which a row of a table without a key is found.</param>
internal sealed class InventoryTransaction(DbConnection connection, DbTransaction transaction, string rowKey)
{
    /// <summary>Rows of one statement: what takes a server one answer, and stays far below its most parameters.</summary>
    private const int InsertedAtOnce = 200;

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
        foreach (var chunk in rows.Chunk(InsertedAtOnce))
        {
            Execute(table.Insert(chunk.Length), [.. chunk.SelectMany(static row => row)]);
        }
    }

    /// <summary>Deletes at most so many rows whose <paramref name="condition"/> holds for @p0; how many it were.</summary>
    public int Delete(InventoryTable table, string condition, object value, int most) =>
        Execute(table.Delete(rowKey, condition, most), value);

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
