using System.Net;
using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class ReceivedHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, new TimeSpan(-3, -30, 0));

    [Theory]
    [InlineData(true, false, false, false, "ESMTP")]
    [InlineData(true, false, false, true, "ESMTPA")]
    [InlineData(true, false, true, false, "ESMTPS")]
    [InlineData(true, false, true, true, "ESMTPSA")]
    [InlineData(true, true, false, false, "UTF8SMTP")]
    [InlineData(true, true, false, true, "UTF8SMTPA")]
    [InlineData(true, true, true, false, "UTF8SMTPS")]
    [InlineData(true, true, true, true, "UTF8SMTPSA")]
    [InlineData(false, false, true, true, "SMTP")]
    public void The_protocol_tells_what_the_client_used(
        bool isExtended, bool isInternationalized, bool isSecure, bool isAuthenticated, string expected)
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = isSecure ? facts.Tls : null;
        var text = Write(facts, new TraceInformation("x", isExtended, isInternationalized, isAuthenticated, 1, null));
        Assert.Contains($" with {expected} id ", text);
        Assert.Equal(isSecure, text.Contains("\r\n\ttls TLS_AES_256_GCM_SHA384 (TLS1.3);\r\n"));
    }

    [Theory]
    [InlineData(true, "X25519MLKEM768", "tls TLS_AES_256_GCM_SHA384 group X25519MLKEM768 (TLS1.3);")]
    [InlineData(true, null, "tls TLS_AES_256_GCM_SHA384 (TLS1.3);")]
    [InlineData(false, "x25519", "tls TLS_AES_256_GCM_SHA384 (TLS1.3);")]
    public void The_group_is_named_behind_the_cipher_if_that_is_wanted_and_it_is_known(bool namesGroup, string? group, string expected)
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = facts.Tls! with { Group = group };
        Assert.Contains($"\r\n\t{expected}\r\n", Write(facts, new TraceInformation("x", true, false, true, 1, null, namesGroup)));
    }

    [Fact]
    public void Nothing_of_a_group_stands_where_there_was_no_TLS()
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = null;
        Assert.DoesNotContain("group", Write(facts, new TraceInformation("x", true, false, true, 1, null, NamesGroup: true)));
    }

    [Fact]
    public void Dates_are_English_and_have_a_numeric_zone() =>
        Assert.EndsWith(
            ";\r\n\tTue, 03 Feb 2026 04:05:06 -0330\r\n",
            Write(MachineHarness.DefaultFacts(), new TraceInformation("x", true, false, false, 1, null)));

    [Theory]
    [InlineData("2001:db8::1", "([IPv6:2001:db8::1])")]
    [InlineData("192.0.2.7", "([192.0.2.7])")]
    public void Addresses_are_literals(string address, string expected) =>
        Assert.Contains($"from x {expected}\r\n", Write(Facts(address, "mail.example.com"), new TraceInformation("x", true, false, false, 1, null)));

    [Fact]
    public void The_longest_names_fit_and_cost_the_recipient()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + "." + new string('b', 63);
        var text = Write(
            Facts("2001:db8:1111:2222:3333:4444:5555:6666", name),
            new TraceInformation(name, true, true, true, int.MaxValue, name[..254], NamesGroup: true));
        Assert.InRange(text.Length, 600, ReceivedHeader.MaxLength);
        Assert.Contains($"by {name} with UTF8SMTPSA", text);
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
    }

    [Theory]
    [InlineData("laptop.example.net", "laptop.example.net")]
    [InlineData("localhost", "localhost")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("host.example.net ", "host.example.net")]
    [InlineData("", "unknown")]
    [InlineData("a_b.example.net", "unknown")]
    [InlineData("-a.example.net", "unknown")]
    [InlineData("a..b", "unknown")]
    [InlineData("a.b.", "unknown")]
    [InlineData("a b", "unknown")]
    [InlineData("a(b)", "unknown")]
    [InlineData("a;b", "unknown")]
    [InlineData("[1]", "unknown")]
    [InlineData("[010.0.0.1]", "unknown")]
    [InlineData("[IPv6:fe80::1%eth0]", "unknown")]
    [InlineData("[IPv6:zz]", "unknown")]
    [InlineData("[192.0.2.1", "unknown")]
    [InlineData("bücher.example", "unknown")]
    public void Only_a_proper_name_is_taken_from_the_client(string argument, string expected) =>
        Assert.Equal(expected, HelloName.Read(Encoding.UTF8.GetBytes(argument)));

    [Theory]
    [InlineData("TO:<bob@example.org>", false, "bob@example.org")]
    [InlineData("TO: <bob+tag@example.org> NOTIFY=NEVER", false, "bob+tag@example.org")]
    [InlineData("TO:<Postmaster>", false, null)]
    [InlineData("TO:<\"a b\"@example.org>", false, null)]
    [InlineData("TO:<@relay:bob@example.org>", false, null)]
    [InlineData("TO:<bob@example.org", false, null)]
    [InlineData("TO:bob@example.org", false, null)]
    [InlineData("TO:<bob@[192.0.2.1]>", false, null)]
    [InlineData("TO:<a;b@example.org>", false, null)]
    [InlineData("TO:<a(b@example.org>", false, null)]
    [InlineData("TO:<jürgen@example.org>", false, null)]
    [InlineData("TO:<jürgen@bücher.example>", true, "jürgen@bücher.example")]
    [InlineData("TO:<a\u202Eb@example.org>", true, null)]
    [InlineData("TO:<a\u0085b@example.org>", true, null)]
    [InlineData("", false, null)]
    public void Only_a_plain_mailbox_is_named_as_recipient(string arguments, bool isInternationalized, string? expected) =>
        Assert.Equal(expected, RecipientPath.Read(Encoding.UTF8.GetBytes(arguments), isInternationalized));

    private static SessionFacts Facts(string address, string hostName) => new()
    {
        Id = "01J9ZQ7K3M",
        HostName = hostName,
        Client = new IPEndPoint(IPAddress.Parse(address), 51000),
        Local = new IPEndPoint(IPAddress.Loopback, 465),
        Tls = new TlsFacts(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", null, null) { Group = "brainpoolP256r1tls13" },
    };

    private static string Write(SessionFacts facts, TraceInformation trace)
    {
        var buffer = new byte[ReceivedHeader.MaxLength];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, ReceivedHeader.Write(buffer, facts, Now, trace)));
    }
}
