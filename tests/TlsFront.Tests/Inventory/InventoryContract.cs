using System.Net;
using System.Text;
using System.Text.Json;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;

namespace TlsFront.Tests.Inventory;

/// <summary>What every database of the inventory does.</summary>
public abstract class InventoryContract
{
    private protected static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly TlsFacts Tls = new(TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", "mail.example.com", null)
    {
        Group = "x25519",
        Ja4 = "t13d311000_e8f1e7e78f70_1f22a2ca17c4",
        Offer = new(TlsVersion.Tls13, HasStrongCipher: true),
    };

    private protected abstract InventorySettings Settings { get; }

    private protected InventoryStore Store => field ??= InventoryStore.Of(Settings, out _)!;

    [Fact]
    public void Logins_of_a_day_are_added_up_by_user_network_and_manner()
    {
        Add(Login("Bob@example.org", minutes: 3), Login("bob@example.org", client: "192.0.2.99"), Login("ann@example.org"));
        Add(Login("bob@example.org", minutes: -5), Login("bob@example.org", minutes: 24 * 60), Login("bob@example.org", client: "198.51.100.1"));

        var bob = new InventoryReader(Store).Logins(null).Where(static login => login.User == "bob@example.org")
            .OrderByDescending(static login => login.Count).ThenBy(static login => login.At).ToList();
        Assert.Equal([3, 1, 1], bob.Select(static login => login.Count));
        Assert.Equal((Now.AddMinutes(-5), Now.AddMinutes(3)), (bob[0].First, bob[0].At));
        Assert.Equal(["192.0.2.0", "198.51.100.0", "192.0.2.0"], bob.Select(static login => login.Client.ToString()));
        Assert.Equal([6], Numbers("SELECT count(*) FROM login"));
        Assert.Equal([5, 1], Numbers("SELECT logins FROM total ORDER BY day"));
    }

    [Fact]
    public void Days_to_come_are_not_counted_and_a_reading_can_be_given_up()
    {
        Add(Login("bob@example.org"), Login("ann@example.org"), Login("bob@example.org", minutes: 3 * 24 * 60));
        Assert.Equal([2], new InventoryReader(Store).Totals(Now, Now).Select(static total => total.Logins));

        using var stop = new CancellationTokenSource();
        var reader = new InventoryReader(Store, stop.Token);
        Assert.NotNull(reader.Logins(null).First());
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => reader.Logins(null).Count());
        Assert.Throws<OperationCanceledException>(() => reader.Totals(Now, Now).Count());
        Assert.Equal(3, new InventoryReader(Store).Logins(null).Count());
    }

    [Fact]
    public void All_that_is_known_of_a_login_is_kept()
    {
        Add(Login("bob@example.org", outcome: LoginOutcome.Refused, policy: "pilot", action: PolicyAction.Refuse));
        var login = new InventoryReader(Store).Logins(Now).Single();
        Assert.Equal(
            ("imaps", false, "bob@example.org", "mail.example.com", LoginTransport.Implicit, TlsVersion.Tls13, Tls.Ja4, PolicyAction.Refuse, Now),
            (login.Listener, login.IsAccepted, login.User, login.ServerName, login.Transport, login.Tls, login.Ja4, login.Action, login.At));
        Assert.Equal(("imap", Tls.Offer), (login.Protocol, login.Offer));
        Assert.Equal(
            """
            {"table":"login","first":"2027-01-31T12:00:00+00:00","last":"2027-01-31T12:00:00+00:00","logins":1,"username":"bob@example.org",
            "network":"192.0.2.0/24","listener":"imaps","protocol":"imap","transport":"implicit","tls":"1.3","cipher":"TLS_AES_128_GCM_SHA256",
            "tls_group":"x25519","server_name":"mail.example.com","ja4":"t13d311000_e8f1e7e78f70_1f22a2ca17c4","outcome":"refused",
            "policy":"pilot","action":"refuse","offered_tls":"1.3","offered_cipher":"strong"}
            """.ReplaceLineEndings(""),
            Export("BOB@example.org")[0]);
    }

    [Fact]
    public void Rejected_logins_are_of_nobody_and_in_no_report_and_exposed_ones_tell_whose_they_are()
    {
        Add(
            Login(null, outcome: LoginOutcome.Rejected),
            Login("bob@example.org", outcome: LoginOutcome.Exposed) with { Tls = null, Transport = "cleartext" });
        var login = Assert.Single(new InventoryReader(Store).Logins(null));
        Assert.True(login is { IsExposed: true, IsAccepted: false, User: "bob@example.org", Transport: LoginTransport.Cleartext, Tls: null });
        Assert.Equal([1], Numbers("SELECT count(*) FROM login"));
        Assert.Equal([2], Numbers("SELECT sum(logins) FROM usage"));
        Assert.Equal([1], Numbers("SELECT logins FROM total WHERE outcome = 'exposed' AND transport = 'cleartext' AND tls = ''"));
    }

    [Fact]
    public void A_user_s_rows_are_told_and_forgotten()
    {
        Add(Login("bob@example.org"), Login("ann@example.org"), Login("bob@example.org", minutes: 1));
        Assert.Equal(3, Export("Bob@Example.org").Count);

        Assert.Null(Inventory().Forget("BOB@example.org", out var rows));
        Assert.Equal(3, rows);
        Assert.Empty(Export("bob@example.org"));
        Assert.Equal(2, Export("ann@example.org").Count);
        Assert.Equal([3], Numbers("SELECT sum(logins) FROM total"));
    }

    [Fact]
    public void Each_table_keeps_its_rows_as_long_as_it_is_said_in_small_portions()
    {
        var old = Enumerable.Range(0, LoginInventory.SweptAtOnce + 1).Select(static index => Login($"user{index}", minutes: -15 * 24 * 60)).ToArray();
        Add(old);
        Add(Login("bob", minutes: -200 * 24 * 60));
        Add(Login("bob"));

        var (inventory, sweeps, isDone) = (Inventory(), 0, false);
        for (; !isDone; sweeps++)
        {
            Assert.Null(inventory.Sweep(Now, out isDone));
        }

        Assert.Equal(2, sweeps);
        Assert.Equal([1], Numbers("SELECT count(*) FROM login"));
        Assert.Equal([old.Length + 1], Numbers("SELECT count(*) FROM usage"));
        Assert.Equal([3], Numbers("SELECT count(*) FROM total"));

        Assert.Null(Inventory(Settings with { Retention = new(TimeSpan.FromDays(14), TimeSpan.Zero, TimeSpan.FromDays(1)) }).Sweep(Now, out _));
        Assert.Equal([old.Length + 1], Numbers("SELECT count(*) FROM usage"));
        Assert.Equal([1], Numbers("SELECT count(*) FROM total"));
    }

    [Fact]
    public void A_database_of_a_newer_version_is_left_alone()
    {
        Add(Login("bob"));
        Assert.Null(Store.Write(static statements => statements.Execute("UPDATE inventory SET version = 99")));
        var failure = Store.Prepare();
        Assert.True(failure!.IsSetup);
        Assert.Equal(
            $"{Store.Name}: the inventory has version 99, and this program knows 2 at most; run the program that made it, or name another database",
            failure.Words);
        Assert.Equal(failure, Inventory().Add([Login("ann")]));
        Assert.Equal(failure, Store.Check());
        Assert.Equal([1], Numbers("SELECT count(*) FROM login"));
    }

    [Fact]
    public void A_database_of_an_older_version_is_brought_up_to_date_with_all_that_is_in_it()
    {
        Assert.Null(Store.Prepare());
        Assert.Null(Store.Write(static statements =>
        {
            foreach (var table in (string[])["login", "usage", "total", "manner", "told", "inventory"])
            {
                statements.Execute($"DROP TABLE {table}");
            }

            statements.Execute(InventoryVersions.Mark);
            statements.Execute(InventoryVersions.To(1, ""));
            statements.Execute("INSERT INTO inventory (version) VALUES (1)");
            statements.Execute("INSERT INTO usage VALUES (20849, 'old@example.org', '192.0.2.0/24', 7, 2, 1801396800000, 1801396900000)");
            statements.Execute(
                "INSERT INTO manner VALUES (7, 'imaps', 'imap', 'implicit', '1.0', 'TLS_RSA_WITH_AES_128_CBC_SHA', "
                + "'', '', '', '', 'accepted', '', '', 1)");
        }));
        Assert.Equal($"{Store.Name}: the inventory is older than this program; start the gateway once", Store.Check()!.Words);

        Add(Login("new@example.org"));
        Assert.Null(Store.Check());
        Assert.Equal([2], Numbers("SELECT version FROM inventory"));
        Assert.Equal(
            [("new@example.org", TlsVersion.Tls13, Tls.Offer), ("old@example.org", TlsVersion.Tls10, null)],
            new InventoryReader(Store).Logins(null).Select(static login => (login.User, login.Tls, login.Offer)).Order());
    }

    [Fact]
    public void Who_was_told_is_known_until_it_is_old_or_forgotten()
    {
        var inventory = Inventory();
        Assert.Null(inventory.Tell("bob@example.org", Now.AddDays(-3)));
        Assert.Null(inventory.Tell("bob@example.org", Now));
        Assert.Null(inventory.Tell("old@example.org", Now.AddDays(-181)));
        Assert.Null(inventory.Tell("still@example.org", Now.AddDays(-181)));
        Add(Login("still@example.org"));
        Assert.Equal((Now, 2), new InventoryReader(Store).Told()["bob@example.org"]);
        Assert.Equal(
            """{"table":"told","first":"2027-01-31T12:00:00+00:00","last":"2027-01-31T12:00:00+00:00","times":2,"username":"bob@example.org"}""",
            Assert.Single(Export("bob@example.org")));

        Assert.Null(inventory.Sweep(Now, out _));
        Assert.Equal(["bob@example.org", "still@example.org"], new InventoryReader(Store).Told().Keys.Order(StringComparer.Ordinal));
        Assert.Null(inventory.Forget("bob@example.org", out var rows));
        Assert.Equal(1, rows);
        Assert.Equal(["still@example.org"], new InventoryReader(Store).Told().Keys);
    }

    [Fact]
    public void Where_those_logged_in_whom_tries_name_that_failed_is_known()
    {
        RecordedLogin[] logins =
        [
            Login("bob@example.org"), Login("bob@example.org", minutes: 1), Login("bob@example.org", client: "198.51.100.1"),
            Login("bob@example.org", client: "203.0.113.1", outcome: LoginOutcome.Refused), Login("ann@example.org"),
            Login("stranger@example.org", outcome: LoginOutcome.Refused), Login("typo@example.org", outcome: LoginOutcome.Exposed),
        ];
        Add(logins);
        Assert.Null(Inventory(Settings with { TruncatesAddresses = false }).Add(logins));
        Assert.Equal(
            [("bob@example.org", "192.0.2.0/24"), ("bob@example.org", "198.51.100.0/24")], new InventoryReader(Store).HomesOfRefused().Order());
    }

    [Fact]
    public void What_is_not_there_yet_cannot_be_read_and_why_is_told()
    {
        Assert.Contains("a gateway with this configuration makes the inventory when it starts", Store.Check()!.Words, StringComparison.Ordinal);
        Assert.Null(Store.Prepare());
        Assert.Null(Store.Check());
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing()
    {
        const int Rounds = 20;
        Assert.Null(Store.Prepare());
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            using var store = InventoryStore.Of(Settings, out _)!;
            var inventory = new LoginInventory(store, new UserNames(null), Settings);
            for (var round = 0; round < Rounds; round++)
            {
                // In an order of its own: the other one's reversed.
                var users = Enumerable.Range(0, 100).Select(static user => $"user{user}");
                RecordedLogin[] logins = [.. (writer == 0 ? users : users.Reverse()).Select(static user => Login(user))];
                while (inventory.Add(logins) is not null)
                {
                    // Waited for the other one for too long, as a gateway then tries again.
                }
            }
        })));
        Assert.Equal([2 * Rounds], Numbers("SELECT DISTINCT logins FROM usage"));
        Assert.Equal([2 * Rounds * 100], Numbers("SELECT logins FROM total"));
    }

    private protected static RecordedLogin Login(
        string? user, int minutes = 0, string client = "192.0.2.7", LoginOutcome outcome = LoginOutcome.Accepted, string? policy = null,
        PolicyAction action = PolicyAction.None) =>
        new(Now.AddMinutes(minutes), user, IPAddress.Parse(client), "imaps", "imap", "implicit", Tls, Program: null, outcome, policy, action);

    /// <summary>So many logins of different users, on a day of their own.</summary>
    internal static RecordedLogin[] Some(int count, int day) => [.. Enumerable.Range(0, count).Select(user => Login($"user{user}", day * 24 * 60))];

    private protected LoginInventory Inventory(InventorySettings? settings = null)
    {
        Assert.True(UserNames.TryCreate(settings ?? Settings, out var names, out _));
        return new(Store, names, settings ?? Settings);
    }

    private protected void Add(params RecordedLogin[] logins) => Assert.Null(Inventory().Add(logins));

    private protected IReadOnlyList<long> Numbers(string text) =>
        [.. Store.Read(text).Select(static row => Convert.ToInt64(row.GetValue(0), null))];

    private protected List<string> Export(string user) =>
    [
        .. new InventoryReader(Store).RowsOf([user.ToLowerInvariant()]).Select(static row =>
        {
            using var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text))
            {
                row.WriteTo(json);
            }

            return Encoding.UTF8.GetString(text.ToArray());
        }),
    ];
}
