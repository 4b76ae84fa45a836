using System.Data.Common;
using Npgsql;
using TlsFront.Configuration;

namespace TlsFront.Inventory;

/// <summary>A database of PostgreSQL, which several gateways may share.</summary>
internal sealed class PostgresStore : InventoryStore
{
    /// <summary>
    /// Number of the lock that makes one writer wait for the other: two that came to the same rows in another order would block each other.
    /// </summary>
    private const long WriterLock = 0x746C7366726F6E74;

    private readonly NpgsqlDataSource _source;

    /// <param name="settings">The database, and where its password is.</param>
    public PostgresStore(InventorySettings settings)
    {
        var builder = PostgresSource.Builder(settings.Postgres!);
        var parts = builder.ConnectionStringBuilder;
        Name = $"PostgreSQL database {parts.Database ?? parts.Username} at {parts.Host}";
        if (settings.PasswordFile is { } file)
        {
            builder.UsePasswordProvider(_ => ReadPassword(file), (_, _) => new(ReadPassword(file)));
        }

        _source = builder.Build();
    }

    public override string Name { get; }

    protected override string RowKey => "ctid";

    protected override string KeptByKey => "";

    protected override string HasTables => "SELECT CAST(to_regclass('inventory') AS text)";

    /// <summary>Each statement waits for the server's answer; it takes 65,535 parameters at most.</summary>
    protected override int RowsAtOnce => 200;

    public override string WordsOf(Exception exception) => exception switch
    {
        // Without the detail, which may quote a row.
        PostgresException refusal => $"{refusal.MessageText} (SQLSTATE {refusal.SqlState})",
        { InnerException: { } inner } => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };

    public override void Dispose()
    {
        _source.Dispose();
        base.Dispose();
    }

    /// <summary>A login that is refused, a database that is not there, and what a user may not do.</summary>
    protected override bool IsSetup(Exception exception) =>
        exception is UnauthorizedAccessException or PostgresException { SqlState: ['2', '8', ..] or "3D000" or "42501" };

    protected override DbConnection Connect(bool isWriter) => _source.OpenConnection();

    protected override DbTransaction Begin(DbConnection connection)
    {
        var transaction = connection.BeginTransaction();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT pg_advisory_xact_lock({WriterLock})";
            command.ExecuteNonQuery();
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    private static string ReadPassword(string file)
    {
        if (!SecretFile.TryReadPassword(file, out var password, out _, out var problem))
        {
            throw new UnauthorizedAccessException(problem);
        }

        var text = new string(password);
        Array.Clear(password);
        return text;
    }
}
