using System.Data.Common;
using System.Net.Sockets;
using TlsFront.Configuration;

namespace TlsFront.Inventory;

/// <summary>
/// The database. What SQLite and PostgreSQL do not have alike is in the two classes derived from it; the statements are the same. A connection lasts
/// as long as one use of it, so that a database that was moved away, restored or restarted is found by the next.
/// </summary>
internal abstract class InventoryStore : IDisposable
{
    /// <summary>Which database it is, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>The column by which a row of a table without a key is found.</summary>
    protected abstract string RowKey { get; }

    /// <summary>What is said of a table whose rows are to be kept in the order of its key, and nowhere else.</summary>
    protected abstract string KeptByKey { get; }

    /// <summary>Asks whether the table of the version is there: no row, or NULL, if it is not.</summary>
    protected abstract string HasTables { get; }

    /// <summary>How many rows one statement adds.</summary>
    protected abstract int RowsAtOnce { get; }

    /// <summary>The database that <paramref name="settings"/> name; null if this machine has no way to use it.</summary>
    public static InventoryStore? Of(InventorySettings settings, out string? problem)
    {
        if (settings.Path is not { } path)
        {
            problem = null;
            return new PostgresStore(settings);
        }

        return SqliteLibrary.TryLoad(out problem) ? new SqliteStore(path) : null;
    }

    /// <summary>Makes the tables, or brings them up to date.</summary>
    public StoreFailure? Prepare() => Write(static _ => { });

    /// <summary>Runs statements that change something: all of them take effect, or none.</summary>
    public StoreFailure? Write(Action<InventoryTransaction> change)
    {
        try
        {
            using var connection = Connect(isWriter: true);
            using var transaction = Begin(connection);
            var statements = new InventoryTransaction(connection, transaction, RowKey, RowsAtOnce);
            if (Upgrade(statements) is { } failure)
            {
                return failure;
            }

            change(statements);
            transaction.Commit();
            return null;
        }
        catch (Exception exception)
        {
            // Whatever it is, of the database or of a driver: the gateway goes on without it.
            return new($"{Name}: {WordsOf(exception)}", IsSetup(exception));
        }
    }

    /// <summary>Whether there is an inventory that this program can read; what is in the way, or null.</summary>
    public StoreFailure? Check()
    {
        try
        {
            return Read("SELECT version FROM inventory").Aggregate(0L, static (_, row) => row.GetInt64(0)) switch
            {
                var version when version > InventoryVersions.Known => Newer(version),
                var version when version < InventoryVersions.Known => new(
                    $"{Name}: the inventory is older than this program; start the gateway once", IsSetup: true),
                _ => null,
            };
        }
        catch (Exception exception) when (IsOfStore(exception))
        {
            return new($"{Name}: {WordsOf(exception)}; a gateway with this configuration makes the inventory when it starts", IsSetup(exception));
        }
    }

    /// <summary>Rows, one after the other; what cannot be read ends in an exception that <see cref="IsOfStore"/> knows.</summary>
    public IEnumerable<DbDataReader> Read(string text, params (string Name, object Value)[] values)
    {
        using var connection = Connect(isWriter: false);
        using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        var isAtEnd = false;
        try
        {
            while (reader.Read())
            {
                yield return reader;
            }

            isAtEnd = true;
        }
        finally
        {
            if (!isAtEnd)
            {
                Abandon(command, reader);
            }
        }
    }

    /// <summary>Whether <paramref name="exception"/> says that a database cannot be read, and not that this program is wrong.</summary>
    public static bool IsOfStore(Exception exception) =>
        exception is DbException or IOException or UnauthorizedAccessException or TimeoutException or SocketException;

    /// <summary>What is wrong, without secrets.</summary>
    public virtual string WordsOf(Exception exception) => exception.Message;

    public virtual void Dispose()
    {
    }

    /// <summary>Whether it cannot pass by itself, because what the configuration names is not there or not permitted.</summary>
    protected abstract bool IsSetup(Exception exception);

    /// <summary>An open connection. Only a writer makes a database that is not there.</summary>
    protected abstract DbConnection Connect(bool isWriter);

    /// <summary>A transaction of the only writer.</summary>
    protected abstract DbTransaction Begin(DbConnection connection);

    /// <summary>Ends a statement whose other rows nobody wants: a reader that is disposed of alone waits for all of them.</summary>
    private static void Abandon(DbCommand command, DbDataReader reader)
    {
        try
        {
            command.Cancel();
            reader.Dispose();
        }
        catch (Exception exception) when (IsOfStore(exception) || exception is OperationCanceledException)
        {
            // That it was cancelled.
        }
    }

    private StoreFailure? Upgrade(InventoryTransaction statements)
    {
        // Asked for rather than made IF NOT EXISTS: that takes a lock, and a permission that the gateway need not have later.
        if (statements.Find(HasTables) is null or DBNull)
        {
            statements.Execute(InventoryVersions.Mark);
        }

        var version = statements.Find("SELECT version FROM inventory") is long found ? found : 0;
        if (version == InventoryVersions.Known)
        {
            return null;
        }

        if (version > InventoryVersions.Known)
        {
            return Newer(version);
        }

        for (var next = version + 1; next <= InventoryVersions.Known; next++)
        {
            statements.Execute(InventoryVersions.To((int)next, KeptByKey));
        }

        statements.Execute("DELETE FROM inventory");
        statements.Execute("INSERT INTO inventory (version) VALUES (@p0)", (long)InventoryVersions.Known);
        return null;
    }

    private StoreFailure Newer(long version) => new(
        $"{Name}: the inventory has version {version}, and this program knows {InventoryVersions.Known} at most; "
        + "run the program that made it, or name another database",
        IsSetup: true);
}
