using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>inventory</c>.</summary>
internal static class InventorySchema
{
    /// <summary>Shortest key, in characters.</summary>
    private const int ShortestKey = 16;

    private static readonly Setting<InventorySettings, string?> Path = new("path", new PathType("file")!,
        static inventory => inventory.Path, static (inventory, value) => inventory with { Path = value },
        "File of an SQLite database of this gateway, made if it is not there. Relative to the folder of the configuration file.")
    { DefaultWords = "none", IsCold = true };

    private static readonly Setting<InventorySettings, string?> Postgres = new("postgres", new PostgresType()!,
        static inventory => inventory.Postgres, static (inventory, value) => inventory with { Postgres = value },
        "In place of `path`: a PostgreSQL database, which several gateways may share, such as "
        + "`Host=db.internal;Database=tlsfront;Username=tlsfront;SSL Mode=VerifyFull`. Without a password.")
    { DefaultWords = "none", IsCold = true };

    private static readonly Setting<InventorySettings, string?> PasswordFile = new("passwordFile", new PathType("file")!,
        static inventory => inventory.PasswordFile, static (inventory, value) => inventory with { PasswordFile = value },
        "A file with the password for `postgres` on one line. Read with each new connection.")
    { DefaultWords = "no password", IsCold = true };

    private static readonly Setting<InventorySettings, bool> Users = new("users", new ChoiceType<bool>(("plain", false), ("hashed", true)),
        static inventory => inventory.HashesUsers, static (inventory, value) => inventory with { HashesUsers = value },
        "`plain`: users by name, as in the log. `hashed`: under pseudonyms, `hmac:` and HMAC-SHA256 of the name in lower case with the key of "
        + "`keyFile`; policies of single users then match nobody in `migration what-if`.")
    { IsCold = true };

    private static readonly Setting<InventorySettings, string?> KeyFile = new("keyFile", new PathType("file")!,
        static inventory => inventory.KeyFile, static (inventory, value) => inventory with { KeyFile = value },
        "A file with the key of the pseudonyms on one line, at least 16 characters. Another key makes other pseudonyms.")
    { DefaultWords = "none", IsCold = true };

    private static readonly SettingsSection<InventoryRetention> Retention = new("retention", "How long what is kept.", new(),
        new Setting<InventoryRetention, TimeSpan>("raw", new DaysType(),
            static retention => retention.Raw, static (retention, value) => retention with { Raw = value },
            "Single logins: when, whose, from where and how.")
        { IsCold = true },
        new Setting<InventoryRetention, TimeSpan>("users", new DaysType(),
            static retention => retention.Users, static (retention, value) => retention with { Users = value },
            "For each day, user and network the ways of logging in with their number: what `migration` reads.")
        { IsCold = true },
        new Setting<InventoryRetention, TimeSpan>("totals", new DaysType(),
            static retention => retention.Totals, static (retention, value) => retention with { Totals = value },
            "For each day the number of logins by listener, transport and TLS, without users, networks and anything a client chooses.")
        { IsCold = true });

    public static readonly SettingsSection<InventorySettings> Section = new("inventory",
        "A record of how users log in, for `tlsfront migration`. There is none unless `path` or `postgres` says where.", new(),
        Path, Postgres, PasswordFile,
        new Setting<InventorySettings, TimeSpan>("flushEvery", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            static inventory => inventory.FlushEvery, static (inventory, value) => inventory with { FlushEvery = value },
            "Time between two writes: what a crash loses at most.")
        { IsCold = true },
        new Setting<InventorySettings, int>("buffer", new CountType(16, 1_000_000),
            static inventory => inventory.Buffer, static (inventory, value) => inventory with { Buffer = value },
            "Minimum number of logins kept while the database is unavailable; about 200 bytes each. Further logins are dropped and counted.")
        { IsCold = true },
        new SettingsGroup<InventorySettings, InventoryRetention>(Retention,
            static inventory => inventory.Retention, static (inventory, value) => inventory with { Retention = value }),
        new Setting<InventorySettings, bool>("addresses", new ChoiceType<bool>(("truncated", true), ("full", false)),
            static inventory => inventory.TruncatesAddresses, static (inventory, value) => inventory with { TruncatesAddresses = value },
            "`truncated`: of a client's address the /24, or the /48 of IPv6; what a policy says of smaller networks `migration what-if` then cannot "
            + "tell. `full`: all of it.")
        { IsCold = true },
        Users, KeyFile)
    { Check = Check };

    private static void Check(SettingsScope scope, InventorySettings inventory)
    {
        if (!inventory.IsKept)
        {
            scope.WarnUseless(
                "there is no inventory", "name its file in path, or remove it",
                [.. Section.Settings.Where(static setting => setting != Path && setting != Postgres)]);
            return;
        }

        if (scope.Has(Path) && scope.Has(Postgres))
        {
            scope.Fail(Path, new("is one database too many: postgres names another", "remove one of the two"));
        }

        if (inventory.Postgres is { } connection)
        {
            if (PostgresType.Judge(connection) is { } problem)
            {
                scope.FailIn(Postgres, "", new(null, PostgresType.NotShown, problem));
            }
            else if (PostgresType.Warn(connection) is { } warning)
            {
                scope.Warn(Postgres, warning, PostgresType.NotShown);
            }
        }
        else
        {
            scope.WarnUseless("SQLite asks for no password", "remove it", PasswordFile);
        }

        if (inventory.PasswordFile is { } passwordFile)
        {
            CheckSecret(scope, PasswordFile, passwordFile, 1);
        }

        if (!inventory.HashesUsers)
        {
            scope.WarnUseless("users are kept by name", "write users: hashed, or remove it", KeyFile);
        }
        else if (inventory.KeyFile is null)
        {
            scope.Fail(Users, new("has no key", "name the file with it in keyFile"));
        }

        if (inventory.KeyFile is { } keyFile)
        {
            CheckSecret(scope, KeyFile, keyFile, ShortestKey);
        }
    }

    private static void CheckSecret(SettingsScope scope, Setting setting, string file, int shortest)
    {
        if (!SecretFile.TryReadPassword(file, out var secret, out var warning, out var problem))
        {
            scope.Fail(setting, new(problem, "write the secret, and nothing else, into it"));
            return;
        }

        if (secret.Length < shortest)
        {
            scope.Fail(setting, new($"holds fewer than {shortest} characters", $"make a longer one: openssl rand -hex 32 > {file}"));
        }

        Array.Clear(secret);
        if (warning is not null)
        {
            scope.Warn(setting, new("is not kept secret", warning));
        }
    }
}
