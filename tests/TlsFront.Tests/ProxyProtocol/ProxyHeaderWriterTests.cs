using System.Buffers.Binary;
using System.Net;
using System.Text;
using TlsFront.Backends;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Fact]
    public void Version_2_for_dovecot_has_the_worked_bytes()
    {
        var header = Write(Facts("203.0.113.5", "198.51.100.10"), ProxyHeaderProfile.For(BackendKind.Dovecot, ProxyHeaderVersion.V2));
        var worked = Signature + "2111005D" + "CB007105C633640AC73803E1"
            + "2000280100000001" + "210007544C5376312E33" + "230016544C535F4145535F3235365F47434D5F534841333834"
            + "0200106D61696C2E6578616D706C652E636F6D"
            + "050010" + Convert.ToHexString("0123456789ABCDEF"u8);
        Assert.Equal(worked, Convert.ToHexString(header));
    }

    [Theory]
    [InlineData(BackendKind.Postfix)]
    [InlineData(BackendKind.Exim)]
    [InlineData(BackendKind.Cyrus)]
    [InlineData(BackendKind.OpenSmtpd)]
    internal void Receivers_that_skip_everything_else_get_addresses_alone(BackendKind kind)
    {
        var header = Write(Facts("203.0.113.5", "198.51.100.10"), ProxyHeaderProfile.For(kind, ProxyHeaderVersion.V2));
        Assert.Equal(Signature + "2111000C" + "CB007105C633640AC73803E1", Convert.ToHexString(header));
    }

    [Fact]
    public void Version_2_over_ipv6_has_36_bytes_of_addresses()
    {
        var header = Write(Facts("2001:db8::1", "2001:db8::2"), ProxyHeaderProfile.For(BackendKind.Postfix, ProxyHeaderVersion.V2));
        Assert.Equal(16 + 36, header.Length);
        Assert.Equal(0x21, header[13]);
        Assert.Equal("20010DB8000000000000000000000001", Convert.ToHexString(header.AsSpan(16, 16)));
    }

    [Fact]
    public void An_alpn_value_is_sent_only_when_one_was_negotiated()
    {
        var facts = Facts("203.0.113.5", "198.51.100.10", new TlsFacts(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", null, "imap"));
        var values = Values(Write(facts, ProxyHeaderProfile.For(BackendKind.Dovecot, ProxyHeaderVersion.V2)));
        Assert.Equal("imap", Encoding.ASCII.GetString(values[0x01]));
        Assert.False(values.ContainsKey(0x02));
        Assert.Contains("ECDHE-RSA-AES128-GCM-SHA256", Encoding.ASCII.GetString(values[0x20]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_left_out_whole()
    {
        var facts = Facts("2001:db8::1", "2001:db8::2", new TlsFacts(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", new string('a', 253), "imap"));
        var profile = new ProxyHeaderProfile(ProxyHeaderVersion.V2, 232, true);
        var header = Write(facts, profile);
        Assert.InRange(header.Length, 52, 232);
        var values = Values(header);
        Assert.False(values.ContainsKey(0x02));
        Assert.True(values.ContainsKey(0x20));
        Assert.Equal("imap", Encoding.ASCII.GetString(values[0x01]));
    }

    [Theory]
    [InlineData("203.0.113.5", "198.51.100.10", "PROXY TCP4 203.0.113.5 198.51.100.10 51000 993\r\n")]
    [InlineData("2001:db8::1", "2001:db8::2", "PROXY TCP6 2001:db8::1 2001:db8::2 51000 993\r\n")]
    [InlineData("203.0.113.5", "2001:db8::2", "PROXY TCP6 ::ffff:203.0.113.5 2001:db8::2 51000 993\r\n")]
    [InlineData("fe80::1%3", "fe80::2%3", "PROXY TCP6 fe80::1 fe80::2 51000 993\r\n")]
    public void Version_1_is_one_line(string client, string local, string line)
    {
        Assert.Equal(line, Encoding.ASCII.GetString(Write(Facts(client, local), ProxyHeaderProfile.For(BackendKind.Haraka, ProxyHeaderVersion.V1))));
    }

    [Fact]
    public void The_longest_version_1_line_keeps_the_specified_bound()
    {
        const string Longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        var facts = new SessionFacts
        {
            Id = "0",
            HostName = "h",
            Client = new IPEndPoint(IPAddress.Parse(Longest), 65535),
            Local = new IPEndPoint(IPAddress.Parse(Longest), 65535),
        };
        Assert.Equal(104, Write(facts, ProxyHeaderProfile.For(BackendKind.Postfix, ProxyHeaderVersion.V1)).Length);
    }

    [Fact]
    public void No_version_writes_nothing()
    {
        Assert.Empty(Write(Facts("203.0.113.5", "198.51.100.10"), ProxyHeaderProfile.For(BackendKind.Generic, ProxyHeaderVersion.None)));
    }

    private static byte[] Write(SessionFacts facts, ProxyHeaderProfile profile)
    {
        var destination = new byte[2000];
        return destination[..ProxyHeaderWriter.Write(destination, facts, profile)];
    }

    /// <summary>Reads the optional values the way a receiver does.</summary>
    private static Dictionary<byte, byte[]> Values(byte[] header)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(14));
        Assert.Equal(header.Length, 16 + length);
        var at = 16 + (header[13] == 0x11 ? 12 : 36);
        var values = new Dictionary<byte, byte[]>();
        while (at < header.Length)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(at + 1));
            values.Add(header[at], header[(at + 3)..(at + 3 + size)]);
            at += 3 + size;
        }

        Assert.Equal(header.Length, at);
        return values;
    }

    private static SessionFacts Facts(string client, string local, TlsFacts? tls = null) => new()
    {
        Id = "0123456789ABCDEF",
        HostName = "mail.example.com",
        Client = new IPEndPoint(IPAddress.Parse(client), 51000),
        Local = new IPEndPoint(IPAddress.Parse(local), 993),
        Tls = tls ?? new TlsFacts(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", null),
    };
}
