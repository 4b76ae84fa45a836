using System.Globalization;
using System.Net;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Tests.Migration;

/// <summary>Who still uses what.</summary>
public sealed class UsageReportTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Those_who_have_to_move_come_first_and_of_them_who_was_seen_last()
    {
        var report = Report(
            Login("done", hours: 1),
            Login("weak", hours: 1, tls: TlsVersion.Tls12) with { HasWeakCipher = true },
            Login("open", hours: 70, transport: "cleartext"),
            Login("old", hours: 60, tls: TlsVersion.Tls11),
            Login("early", hours: 50, transport: "starttls"),
            Login("late", hours: 2, transport: "starttls"),
            Login("late", hours: 3),
            Login("refused", hours: 4, accepted: false, action: PolicyAction.Refuse),
            Login("guesser", hours: 1, accepted: false));

        Assert.Equal(["open", "old", "weak", "late", "early", "done", "refused"], report.Rows.Select(static row => row.Name));
        var late = report.Rows[3];
        Assert.Equal((2, 1, 0), (late.Logins, late.StartTls, late.Refused));
        Assert.Equal((Now.AddHours(-3), Now.AddHours(-2)), (late.First, late.Last));
        Assert.Equal((0, 1), (report.Rows[6].Logins, report.Rows[6].Refused));
    }

    [Fact]
    public void A_report_with_a_bound_is_of_accepted_logins_and_of_so_many()
    {
        var filter = new UsageFilter(null, null, null, null, null);
        var report = new UsageReport(filter, UsageGroup.User) { Bound = 2 };
        report.Add(Login("ann"));
        report.Add(Login("bob"));
        report.Add(Login("stranger", accepted: false, action: PolicyAction.Refuse));
        report.Add(Login("bob", accepted: false, action: PolicyAction.Refuse));
        var beyond = new UsageReport(filter, UsageGroup.User) { Bound = 1 };
        beyond.Add(Login("ann"));
        beyond.Add(Login("bob"));
        beyond.Add(Login("ann"));

        Assert.Equal(["ann 1 0", "bob 1 1"], report.Rows.Select(static row => $"{row.Name} {row.Logins} {row.Refused}").Order());
        Assert.Equal((false, true), (report.IsBeyondBound, beyond.IsBeyondBound));
        Assert.Empty(beyond.Rows);
    }

    [Fact]
    public void Clients_networks_versions_and_listeners_are_listed()
    {
        var row = Report(
            Login("bob", tls: TlsVersion.Tls12, client: "192.0.2.7", ja4: "old"),
            Login("bob", client: "192.0.2.9", ja4: "new"),
            Login("bob", client: "2001:db8:1:2::9", ja4: "new", listener: "smtp", action: PolicyAction.Warn)).Rows.Single();

        Assert.Equal(["1.2", "1.3"], row.Versions);
        Assert.Equal(["192.0.2.0/24", "2001:db8:1::/48"], row.Networks);
        Assert.Equal(["new", "old"], row.Ja4);
        Assert.Equal(["imap", "smtp"], row.Listeners);
        Assert.Equal((3, 1, 1), (row.Logins, row.OldTls, row.Warned));
    }

    [Theory]
    [InlineData("user", "(unknown) bob")]
    [InlineData("network", "192.0.2.0/24 198.51.100.0/24")]
    [InlineData("ja4", "(unknown) t13")]
    [InlineData("listener", "imap smtp")]
    public void A_line_is_about_what_is_asked_for(string group, string names)
    {
        var report = UsageReport.Of(
            [Login("bob", ja4: "t13"), Login(null, client: "198.51.100.1", listener: "smtp")],
            new(null, null, null, null, null), Enum.Parse<UsageGroup>(group, ignoreCase: true), Now);
        Assert.Equal(names.Split(' '), report.Rows.Select(static row => row.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Conditions_hold_together()
    {
        ObservedLogin[] logins =
        [
            Login("in", hours: 2, transport: "starttls", tls: TlsVersion.Tls12), Login("implicit", hours: 2, tls: TlsVersion.Tls12),
            Login("new", hours: 2, transport: "starttls"), Login("early", hours: 30, transport: "starttls", tls: TlsVersion.Tls12),
            Login("late", hours: 0, transport: "starttls", tls: TlsVersion.Tls12),
            Login("elsewhere", hours: 2, transport: "starttls", tls: TlsVersion.Tls12, listener: "smtp"),
        ];
        var filter = new UsageFilter(Now.AddDays(-1), Now.AddHours(-1), LoginTransport.StartTls, TlsVersion.Tls13, "imap");
        Assert.Equal("in", UsageReport.Of(logins, filter, UsageGroup.User, Now).Rows.Single().Name);
    }

    [Fact]
    public void Progress_is_of_logins_and_of_users_with_all_of_their_logins()
    {
        var report = Report(
            Login("bob", hours: 1), Login("bob", hours: 2, transport: "starttls"), Login("ann", hours: 1), Login("ann", hours: 2),
            Login("refused", hours: 1, transport: "starttls", accepted: false),
            Login("bob", hours: (7 * 24) + 1, transport: "starttls"));

        Assert.Equal(
            [("day", 0.75, 0.5), ("week", 0.0, 0.0), ("month", (double?)null, (double?)null)],
            report.Adoption.Select(static entry => (entry.Name, entry.Adoption.Logins, entry.Adoption.Users)));
    }

    [Fact]
    public void Logins_that_were_counted_before_count_with_their_number_and_in_the_time_between_the_first_and_the_last()
    {
        ObservedLogin[] logins =
        [
            Login("bob", hours: 1) with { Count = 3, First = Now.AddHours(-30) },
            Login("bob", hours: 2, transport: "starttls") with { Count = 2 },
        ];
        var filter = new UsageFilter(Now.AddHours(-25), Now.AddHours(-20), null, null, null);
        var row = UsageReport.Of(logins, filter, UsageGroup.User, Now).Rows.Single();
        Assert.Equal((3, 0, Now.AddHours(-30), Now.AddHours(-1)), (row.Logins, row.StartTls, row.First, row.Last));
        Assert.Equal(0.6, Report(logins).Adoption[0].Adoption.Logins);
    }

    [Fact]
    public void The_most_frequent_of_many_networks_are_listed()
    {
        var networks = Enumerable.Range(0, 20).Select(static network => Login("bob", client: $"10.0.{network}.1") with { Count = network + 1 });
        var row = Report([.. networks, .. networks]).Rows.Single();
        Assert.Equal(["10.0.19.0/24", "10.0.18.0/24", "10.0.17.0/24", "10.0.16.0/24", "10.0.15.0/24"], row.Networks);
        Assert.Equal(420, row.Logins);
    }

    [Fact]
    public void What_clients_offer_and_what_was_refused_is_said_in_words()
    {
        ObservedLogin Of(string user, TlsVersion tls, TlsVersion offered, PolicyAction action = PolicyAction.None) =>
            Login(user, tls: tls, client: "10.20.0.7", accepted: action != PolicyAction.Refuse, action: action) with
            {
                Offer = new(offered, offered >= TlsVersion.Tls12),
                Program = "MFP-3rd-floor x",
                Protocol = "smtp",
                Policy = action == PolicyAction.Refuse ? "old-tls" : null,
            };
        var rows = Report(
            Of("held", TlsVersion.Tls10, TlsVersion.Tls13), Of("old", TlsVersion.Tls10, TlsVersion.Tls10) with { At = Now.AddDays(-90) },
            Of("old", TlsVersion.Tls10, TlsVersion.Tls10, PolicyAction.Refuse) with { Count = 14 },
            Of("new", TlsVersion.Tls13, TlsVersion.Tls13),
            Login("reader") with { Protocol = "imap" }).Rows.ToDictionary(static row => row.Name);

        Assert.Equal(["offers TLS 1.3: held down by this gateway's settings or certificate"], rows["held"].Offers);
        Assert.Equal(["offers at most TLS 1.0"], rows["old"].Offers);
        Assert.Empty(rows["new"].Offers);
        Assert.Equal(
            "refused by \"old-tls\": offers at most TLS 1.0; refused 14 times from 10.20.0.0/24, program MFP-3rd-floor%20x, last success 2026-11-02",
            rows["old"].Refusal);
        Assert.Null(rows["held"].Refusal);
        Assert.Equal(
            (ClientKind.Machine, "looks like a machine: submission only, program MFP-3rd-floor%20x"), (rows["old"].Kind, rows["old"].KindEvidence));
        Assert.Equal(ClientKind.Person, rows["reader"].Kind);
        Assert.Equal((Now.AddHours(-1), 0), (rows["old"].LastToMove, rows["new"].LastToMove.Ticks));
    }

    [Fact]
    public void Rows_of_one_kind_may_be_asked_for()
    {
        ObservedLogin[] logins = [Login("printer") with { Program = "scanner" }, Login("bob") with { Protocol = "imap" }, Login("somebody")];
        string[] Of(ClientKind kind) => [.. UsageReport.Of(
            logins, new(null, null, null, null, null) { Kind = kind }, UsageGroup.User, Now).Rows.Select(static row => row.Name)];
        Assert.Equal(["printer"], Of(ClientKind.Machine));
        Assert.Equal(["bob"], Of(ClientKind.Person));
        var none = UsageReport.Of([logins[2]], new(null, null, null, null, null) { Kind = ClientKind.Machine }, UsageGroup.User, Now);
        Assert.Equal((0, false), (none.Rows.Count, none.IsEmpty));
    }

    /// <summary>A scanner that a stranger claims to be, or one among many programs of a user, makes nobody a machine.</summary>
    [Fact]
    public void A_program_tells_who_it_is_by_most_of_the_logins_that_were_accepted()
    {
        var phone = Login("bob") with { Program = "iPhone Mail/21B101", Count = 3 };
        var scanner = Login("bob") with { Program = "scanner", Count = 2 };
        Assert.Equal(ClientKind.Person, Report(phone, scanner).Rows.Single().Kind);
        Assert.Equal(ClientKind.Machine, Report(phone, scanner with { Count = 4 }).Rows.Single().Kind);
        Assert.Equal(ClientKind.Unknown, Report(phone with { Program = null }, scanner).Rows.Single().Kind);
        var refused = scanner with { Count = 9, IsAccepted = false, Action = PolicyAction.Refuse };
        Assert.Equal(ClientKind.Person, Report(phone, refused).Rows.Single().Kind);
        Assert.Equal(ClientKind.Machine, Report(refused).Rows.Single().Kind);
    }

    [Fact]
    public void A_log_of_many_users_is_enumerated_once()
    {
        var read = 0;
        IEnumerable<ObservedLogin> Logins()
        {
            for (; read < 200_000; read++)
            {
                yield return Login(string.Create(CultureInfo.InvariantCulture, $"user{read / 2}@example.org"), hours: read % 100);
            }
        }

        var report = UsageReport.Of(Logins(), new(null, null, null, null, null), UsageGroup.User, Now);
        Assert.Equal((200_000, 100_000), (read, report.Rows.Count));
    }

    private static UsageReport Report(params ObservedLogin[] logins) =>
        UsageReport.Of(logins, new(null, null, null, null, null), UsageGroup.User, Now);

    private static ObservedLogin Login(
        string? user, int hours = 1, string transport = "implicit", TlsVersion tls = TlsVersion.Tls13, string client = "192.0.2.7",
        string? ja4 = null, string listener = "imap", bool accepted = true, PolicyAction action = PolicyAction.None) => new()
        {
            At = Now.AddHours(-hours),
            Listener = listener,
            IsAccepted = accepted,
            Client = IPAddress.Parse(client),
            User = user,
            ServerName = null,
            Transport = LoginTransports.Parse(transport)!.Value,
            Tls = transport == "cleartext" ? null : tls,
            HasWeakCipher = tls < TlsVersion.Tls12,
            Ja4 = ja4,
            Program = null,
            Action = action,
        };
}
