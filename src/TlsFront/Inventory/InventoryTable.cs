using System.Text;

namespace TlsFront.Inventory;

/// <summary>A table of the inventory, and what is said to it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Columns of its key; none for a table of single events.</param>
/// <param name="Others">The other columns.</param>
/// <param name="Merge">What becomes of a row whose key is there already.</param>
internal sealed record InventoryTable(string Name, string[] Key, string[] Others, string Merge = "")
{
    public static readonly InventoryTable Logins = new("login", [], ["at", "username", "network", "manner"]);

    public static readonly InventoryTable Usage = new("usage", ["day", "username", "network", "manner"], ["logins", "first_at", "last_at"],
        """
        logins = usage.logins + excluded.logins,
        first_at = CASE WHEN excluded.first_at < usage.first_at THEN excluded.first_at ELSE usage.first_at END,
        last_at = CASE WHEN excluded.last_at > usage.last_at THEN excluded.last_at ELSE usage.last_at END
        """);

    public static readonly InventoryTable Totals = new("total", ["day", .. LoginManner.ClosedColumns], ["logins"],
        "logins = total.logins + excluded.logins");

    public static readonly InventoryTable Told = new("told", ["username"], ["told_at", "times"],
        "told_at = excluded.told_at, times = told.times + excluded.times");

    public static readonly InventoryTable Manners = new("manner", ["id"], [.. LoginManner.Columns, "last_day"],
        "last_day = excluded.last_day WHERE excluded.last_day > manner.last_day");

    /// <summary>Number of columns.</summary>
    public int Width => Key.Length + Others.Length;

    /// <summary>Adds so many rows, by parameters @p0 and on.</summary>
    public string Insert(int rows)
    {
        var text = new StringBuilder($"INSERT INTO {Name} ({string.Join(", ", Key.Concat(Others))}) VALUES ");
        for (var row = 0; row < rows; row++)
        {
            var parameters = Enumerable.Range(row * Width, Width).Select(static index => $"@p{index}");
            text.Append(row == 0 ? "(" : ", (").AppendJoin(", ", parameters).Append(')');
        }

        return Key.Length == 0 ? text.ToString() : text.Append($" ON CONFLICT ({string.Join(", ", Key)}) DO UPDATE SET {Merge}").ToString();
    }

    /// <summary>Deletes rows for which <paramref name="condition"/> holds, but no more than so many.</summary>
    /// <param name="rowKey">By which a row is found where there is no key.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="most">How many.</param>
    public string Delete(string rowKey, string condition, int most)
    {
        var key = Key.Length == 0 ? rowKey : string.Join(", ", Key);
        return $"DELETE FROM {Name} WHERE ({key}) IN (SELECT {key} FROM {Name} WHERE {condition} LIMIT {most})";
    }
}
