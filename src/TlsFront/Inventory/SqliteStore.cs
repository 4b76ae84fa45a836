using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace TlsFront.Inventory;

/// <summary>A file of SQLite.</summary>
/// <param name="path">The file.</param>
internal sealed class SqliteStore(string path) : InventoryStore
{
    /// <summary>
    /// What SQLite calls a file that it cannot open, one it may not write, one in a folder it may not write to, and one that is no database.
    /// </summary>
    private static readonly int[] SetupErrors = [14, 8, 23, 26];

    /// <summary>Longest wait for other writers, in seconds. The host gives its stop five.</summary>
    private const int Patience = 3;

    public override string Name => path;

    protected override string RowKey => "rowid";

    protected override string KeptByKey => " WITHOUT ROWID";

    protected override string HasTables => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'inventory'";

    /// <summary>It looks for each parameter among all of a statement: twenty times as much work with 200 rows.</summary>
    protected override int RowsAtOnce => 1;

    protected override bool IsSetup(Exception exception) =>
        exception is DirectoryNotFoundException or UnauthorizedAccessException
        || (exception is SqliteException error && SetupErrors.Contains(error.SqliteErrorCode));

    protected override DbConnection Connect(bool isWriter)
    {
        if (isWriter && !File.Exists(path))
        {
            Create();
        }

        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = Patience,
            }.ToString());
        try
        {
            connection.Open();
            if (isWriter)
            {
                // Readers and the writer do not wait for each other; a crash of the machine may lose the last writes, and never the database.
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";
                command.ExecuteNonQuery();
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override DbTransaction Begin(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    /// <summary>An empty file is an empty database. It is nobody else's business who logs in when.</summary>
    private void Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
    }
}
