using TlsFront.Configuration;

namespace TlsFront.Inventory;

/// <summary>What is written into the inventory, and what is deleted from it.</summary>
internal sealed class LoginInventory(InventoryStore store, UserNames names, InventorySettings settings)
{
    /// <summary>Rows of a table that go at a time: between two, others get to write.</summary>
    public const int SweptAtOnce = 1000;

    /// <summary>Writes logins: each once, in its day, and in the total of its day.</summary>
    public StoreFailure? Add(ReadOnlySpan<RecordedLogin> logins)
    {
        var batch = InventoryBatch.Of(logins, names, settings.TruncatesAddresses);
        return store.Write(statements =>
        {
            statements.Insert(
                InventoryTable.Manners,
                batch.Manners.Select(static entry => (object[])[entry.Use.Number, .. entry.Manner.Values, entry.Use.LastDay]));
            statements.Insert(
                InventoryTable.Logins, batch.Logins.Select(static login => (object[])[login.At, login.User, login.Network, login.Manner]));
            statements.Insert(InventoryTable.Usage, batch.Usage.Select(static entry => (object[])
                [entry.Key.Day, entry.Key.User, entry.Key.Network, entry.Key.Manner, entry.Value.Count, entry.Value.First, entry.Value.Last]));
            statements.Insert(
                InventoryTable.Totals, batch.Totals.Select(static entry => (object[])[entry.Key.Day, .. entry.Key.Closed.ClosedValues, entry.Value]));
        });
    }

    /// <summary>Notes that <paramref name="user"/>, by the name that stands in the inventory, was told to move.</summary>
    public StoreFailure? Tell(string user, DateTimeOffset at) =>
        store.Write(statements => statements.Insert(InventoryTable.Told, [[user, at.ToUnixTimeMilliseconds(), 1L]]));

    /// <summary>Deletes a portion of what has been kept long enough; <paramref name="isDone"/> once no more is left.</summary>
    public StoreFailure? Sweep(DateTimeOffset now, out bool isDone)
    {
        var most = 0;
        var retention = settings.Retention;
        var failure = store.Write(statements =>
        {
            void Delete(InventoryTable table, string condition, TimeSpan kept, Func<DateTimeOffset, long> unit)
            {
                if (kept > TimeSpan.Zero)
                {
                    most = Math.Max(most, statements.Delete(table, condition, unit(now - kept), SweptAtOnce));
                }
            }

            Delete(InventoryTable.Logins, "at < @p0", retention.Raw, static moment => moment.ToUnixTimeMilliseconds());
            Delete(InventoryTable.Usage, "day < @p0", retention.Users, InventoryBatch.DayOf);

            // Who still logs in is not told as if for the first time.
            Delete(
                InventoryTable.Told, "told_at < @p0 AND NOT EXISTS (SELECT 1 FROM usage WHERE usage.username = told.username)", retention.Users,
                static moment => moment.ToUnixTimeMilliseconds());
            Delete(InventoryTable.Totals, "day < @p0", retention.Totals, InventoryBatch.DayOf);

            // Both refer to it.
            var referred = retention.Raw > retention.Users ? retention.Raw : retention.Users;
            if (retention.Raw > TimeSpan.Zero && retention.Users > TimeSpan.Zero)
            {
                Delete(InventoryTable.Manners, "last_day < @p0", referred, InventoryBatch.DayOf);
            }
        });
        isDone = failure is not null || most < SweptAtOnce;
        return failure;
    }

    /// <summary>Deletes all that names <paramref name="user"/>; how many rows it were.</summary>
    public StoreFailure? Forget(string user, out int rows)
    {
        var deleted = 0;
        foreach (var table in (InventoryTable[])[InventoryTable.Logins, InventoryTable.Usage, InventoryTable.Told])
        {
            foreach (var name in names.AllOf(user))
            {
                for (var portion = SweptAtOnce; portion == SweptAtOnce;)
                {
                    if (store.Write(statements => portion = statements.Delete(table, "username = @p0", name, SweptAtOnce)) is { } failure)
                    {
                        rows = deleted;
                        return failure;
                    }

                    deleted += portion;
                }
            }
        }

        rows = deleted;
        return null;
    }
}
