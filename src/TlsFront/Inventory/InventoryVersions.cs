namespace TlsFront.Inventory;

/// <summary>
/// How the tables came to be, version by version; a version is never changed once released. What is not known is the empty text and not NULL, of
/// which no key could tell that two are the same. Moments are milliseconds since 1970, days are days since then, both in UTC.
/// </summary>
internal static class InventoryVersions
{
    /// <summary>In which the version stands.</summary>
    public const string Mark = "CREATE TABLE inventory (version bigint NOT NULL)";

    /// <summary>The version that this program knows.</summary>
    public static int Known => All.Length;

    private const string Manner = """
        listener text NOT NULL, protocol text NOT NULL, transport text NOT NULL, tls text NOT NULL, cipher text NOT NULL, tls_group text NOT NULL
        """;

    private static readonly Func<string, string>[] All =
    [
        static keptByKey => $"""
            CREATE TABLE login (at bigint NOT NULL, username text NOT NULL, network text NOT NULL, manner bigint NOT NULL);
            CREATE INDEX login_at ON login (at);
            CREATE INDEX login_username ON login (username);
            CREATE TABLE usage (
                day bigint NOT NULL, username text NOT NULL, network text NOT NULL, manner bigint NOT NULL,
                logins bigint NOT NULL, first_at bigint NOT NULL, last_at bigint NOT NULL,
                PRIMARY KEY (day, username, network, manner)){keptByKey};
            CREATE INDEX usage_username ON usage (username);
            CREATE TABLE total (
                day bigint NOT NULL, {Manner}, outcome text NOT NULL, policy text NOT NULL, action text NOT NULL, logins bigint NOT NULL,
                PRIMARY KEY (day, listener, protocol, transport, tls, cipher, tls_group, outcome, policy, action)){keptByKey};
            CREATE TABLE manner (
                id bigint PRIMARY KEY, {Manner}, server_name text NOT NULL, program text NOT NULL, ja4 text NOT NULL,
                outcome text NOT NULL, policy text NOT NULL, action text NOT NULL, last_day bigint NOT NULL){keptByKey};
            """,

        // What clients could do, and who was told to move.
        static keptByKey => $"""
            ALTER TABLE manner ADD COLUMN offered_tls text NOT NULL DEFAULT '';
            ALTER TABLE manner ADD COLUMN offered_cipher text NOT NULL DEFAULT '';
            CREATE TABLE told (username text PRIMARY KEY, told_at bigint NOT NULL, times bigint NOT NULL){keptByKey};
            """,
    ];

    /// <summary>What makes version <paramref name="version"/> of the one before it.</summary>
    public static string To(int version, string keptByKey) => All[version - 1](keptByKey);
}
