namespace TlsFront.Configuration;

/// <summary>Where it is recorded how users log in, and what of it. Cold.</summary>
internal sealed record InventorySettings
{
    /// <summary>File of the SQLite database; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>A PostgreSQL database, as a connection string without a password; null for none.</summary>
    public string? Postgres { get; init; }

    /// <summary>File with the password for it, on one line; null where it asks for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Whether there is an inventory.</summary>
    public bool IsKept => Path is not null || Postgres is not null;

    /// <summary>Time between two writes, and so the most that a crash loses. Defaults to 10 s.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Logins that wait to be written at least, twice as many at most; what is more is dropped and counted. Defaults to 8192: those of a minute and a
    /// half at a hundred a second, in 1.5 MB.
    /// </summary>
    public int Buffer { get; init; } = 8192;

    /// <summary>How long what is kept.</summary>
    public InventoryRetention Retention { get; init; } = new();

    /// <summary>
    /// Whether of a client's address only the network is kept, /24 or /48. Defaults to true: it tells an office from a telephone, and not one
    /// telephone from another.
    /// </summary>
    public bool TruncatesAddresses { get; init; } = true;

    /// <summary>
    /// Whether users are kept under pseudonyms. Defaults to false: reports are there to name users, and the log of logins names them too.
    /// </summary>
    public bool HashesUsers { get; init; }

    /// <summary>File with the key of the pseudonyms, on one line.</summary>
    public string? KeyFile { get; init; }
}
