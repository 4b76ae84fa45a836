using System.Net;
using System.Text;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    private const ProxyTlvs All = ProxyTlvs.Ssl | ProxyTlvs.Authority | ProxyTlvs.Alpn | ProxyTlvs.UniqueId;
    private static readonly TlsFacts Tls13 = new(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", "imap");

    [Fact]
    public void Version_2_is_the_worked_example_byte_for_byte()
    {
        var header = Write(Facts(tls: Tls13), new(ProxyHeaderVersion.V2, 536, ProxyTlvs.Ssl | ProxyTlvs.Authority));

        Assert.Equal(
            "0D0A0D0A000D0A515549540A2111004A" + "CB007105C633640AC73803E1" + "2000280100000001" + "210007544C5376312E33"
            + "230016544C535F4145535F3235365F47434D5F534841333834" + "0200106D61696C2E6578616D706C652E636F6D",
            Convert.ToHexString(header));
    }

    [Theory]
    [InlineData("alice", null, false, 0x07, "alice")]
    [InlineData("alice", "alice", true, 0x07, "alice")]
    [InlineData("alice", "bob", false, 0x01, null)]
    [InlineData(null, null, false, 0x01, null)]
    [InlineData("a-name-that-is-longer-than-any-header-has-room-for-beside-everything-else", null, false, 0x01, null)]
    public void A_certificate_is_told_of_with_its_name_alone_and_not_beside_another_login(
        string? name, string? login, bool isByCertificate, byte flags, string? told)
    {
        var facts = Facts(tls: Tls13 with { ClientCertificate = new(name, name, "ca.pem", "0A1B", "CN=Users") });
        (facts.User, facts.IsLoginByCertificate) = (login, isByCertificate);
        var ssl = DecodedHeader.Decode(Write(facts, new(ProxyHeaderVersion.V2, 536, ProxyTlvs.Ssl))).Field(0x20)!;
        Assert.Equal((flags, told is null ? 1 : 0), (ssl[0], ssl[4]));
        var names = DecodedHeader.Split(ssl.AsSpan(5))
            .Where(static field => field.Type == 0x22).Select(static field => Encoding.UTF8.GetString(field.Value));
        Assert.Equal(told is null ? [] : [told], names);
    }

    [Fact]
    public void A_login_of_the_gateways_own_is_not_put_in_the_certificates_place()
    {
        var facts = Facts(tls: Tls13 with { ClientCertificate = new("alice", "alice", "ca.pem", "0A1B", "CN=Users") });
        (facts.User, facts.IsLoginByCertificate, facts.BackendLogin) = ("alice", true, new("alice", "gateway", default));
        Assert.Equal(0x01, DecodedHeader.Decode(Write(facts, new(ProxyHeaderVersion.V2, 536, ProxyTlvs.Ssl))).Field(0x20)![0]);
    }

    [Theory]
    [InlineData("203.0.113.5", "198.51.100.10", "PROXY TCP4 203.0.113.5 198.51.100.10 51000 993\r\n")]
    [InlineData("2001:db8::5", "2001:db8:0:1::10", "PROXY TCP6 2001:db8::5 2001:db8:0:1::10 51000 993\r\n")]
    [InlineData("203.0.113.5", "2001:db8::10", "PROXY TCP4 203.0.113.5 0.0.0.0 51000 993\r\n")]
    [InlineData("2001:db8::5", "198.51.100.10", "PROXY TCP6 2001:db8::5 ::ffff:198.51.100.10 51000 993\r\n")]
    [InlineData("fe80::1%7", "fe80::2%7", "PROXY TCP6 fe80::1 fe80::2 51000 993\r\n")]
    public void Version_1_is_one_line_of_text_and_has_no_fields(string client, string local, string expected)
    {
        var header = Write(Facts(client, local, Tls13), new(ProxyHeaderVersion.V1, 107, All));

        Assert.Equal(expected, Encoding.ASCII.GetString(header));
    }

    [Fact]
    public void Version_1_with_the_longest_addresses_fits_its_maximum()
    {
        var facts = new SessionFacts
        {
            Id = "X",
            HostName = "mx.example.com",
            Client = new(IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295"), 65535),
            Local = new(IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295"), 65535),
        };

        Assert.Equal(11 + 39 + 1 + 39 + 1 + 5 + 1 + 5 + 2, Write(facts, new(ProxyHeaderVersion.V1, 107)).Length);
    }

    [Theory]
    [InlineData("203.0.113.5", "198.51.100.10", "203.0.113.5", "198.51.100.10")]
    [InlineData("2001:db8::5", "2001:db8::10", "2001:db8::5", "2001:db8::10")]
    [InlineData("203.0.113.5", "2001:db8::10", "203.0.113.5", "0.0.0.0")]
    [InlineData("2001:db8::5", "198.51.100.10", "2001:db8::5", "::ffff:198.51.100.10")]
    public void Version_2_gives_both_addresses_one_family(string client, string local, string source, string destination)
    {
        var header = DecodedHeader.Decode(Write(Facts(client, local), new(ProxyHeaderVersion.V2, 232)));

        Assert.Equal(new IPEndPoint(IPAddress.Parse(source), 51000), header.Source);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(destination), 993), header.Destination);
        Assert.Empty(header.Fields);
    }

    [Theory]
    [InlineData("TLS_AES_256_GCM_SHA384", "x25519")]
    [InlineData("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "brainpoolP256r1tls13")]
    [InlineData("TLS_NO_SUCH_SUITE", "X25519MLKEM768")]
    public void The_group_is_told_within_the_SSL_field_by_its_IANA_name(string cipher, string group)
    {
        var facts = Facts(tls: Tls13 with { CipherSuite = cipher, Group = group });
        var ssl = DecodedHeader.Decode(Write(facts, new(ProxyHeaderVersion.V2, 536, ProxyTlvs.Ssl))).Field(0x20)!;

        var (type, value) = DecodedHeader.Split(ssl.AsSpan(5))[^1];
        Assert.Equal((0x26, group), (type, Encoding.ASCII.GetString(value)));
        Assert.Empty(DecodedHeader.Decode(Write(facts, new(ProxyHeaderVersion.V2, 536, ProxyTlvs.None))).Fields);
    }

    [Fact]
    public void Every_field_carries_what_its_name_says_most_important_first()
    {
        var header = DecodedHeader.Decode(Write(Facts(tls: Tls13), new(ProxyHeaderVersion.V2, 1500, All, "imap")));

        Assert.Equal([0x20, 0x02, 0x01, 0x05], header.Fields.Select(field => field.Type));
        Assert.Equal("mail.example.com", header.Text(0x02));
        Assert.Equal("imap", header.Text(0x01));
        Assert.Equal("01J0CONNECTION", header.Text(0x05));
        var ssl = header.Field(0x20)!;
        Assert.Equal([0x01, 0, 0, 0, 1], ssl[..5]);
        Assert.Equal([(0x21, "TLSv1.3"), (0x23, "TLS_AES_256_GCM_SHA384")],
            DecodedHeader.Split(ssl.AsSpan(5)).Select(field => (field.Type, Encoding.ASCII.GetString(field.Value))));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384")]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLSv1.2", "ECDHE-RSA-CHACHA20-POLY1305")]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    [InlineData(TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", "TLSv1.3", "TLS_AES_128_GCM_SHA256")]
    [InlineData(TlsVersion.Tls13, "TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256")]
    public void Suites_have_the_names_of_OpenSSL(object version, string iana, string versionName, string cipherName)
    {
        var header = DecodedHeader.Decode(Write(Facts(tls: new((TlsVersion)version, iana, null, null)), new(ProxyHeaderVersion.V2, 536, All)));

        Assert.Equal(
            [versionName, cipherName], DecodedHeader.Split(header.Field(0x20).AsSpan(5)).Select(field => Encoding.ASCII.GetString(field.Value)));
    }

    [Fact]
    public void A_suite_of_no_profile_leaves_the_cipher_out_and_still_says_that_TLS_was_used()
    {
        var header = DecodedHeader.Decode(
            Write(Facts(tls: new(TlsVersion.Tls12, "TLS_RSA_WITH_AES_128_CBC_SHA", null, null)), new(ProxyHeaderVersion.V2, 536, All)));

        Assert.Equal([0x21], DecodedHeader.Split(header.Field(0x20).AsSpan(5)).Select(field => field.Type));
    }

    [Theory]
    [InlineData(null, "imap")]
    [InlineData("pop3", "imap")]
    [InlineData("imap", null)]
    public void A_protocol_that_was_not_negotiated_or_is_another_word_is_never_named(string? negotiated, string? expected)
    {
        var header = DecodedHeader.Decode(
            Write(Facts(tls: Tls13 with { ApplicationProtocol = negotiated }), new(ProxyHeaderVersion.V2, 1500, All, expected)));

        Assert.Null(header.Field(0x01));
    }

    [Fact]
    public void Without_TLS_nothing_is_claimed_about_it()
    {
        var header = DecodedHeader.Decode(Write(Facts(), new(ProxyHeaderVersion.V2, 1500, All, "imap")));

        Assert.Equal([0x05], header.Fields.Select(field => field.Type));
    }

    [Fact]
    public void Fields_over_the_maximum_are_dropped_least_important_first()
    {
        var whole = Write(Facts("2001:db8::5", "2001:db8::10", Tls13), new(ProxyHeaderVersion.V2, 1500, All, "imap"));
        int[] order = [0x20, 0x02, 0x01, 0x05];
        for (var maximum = 52; maximum <= whole.Length; maximum++)
        {
            var bytes = Write(Facts("2001:db8::5", "2001:db8::10", Tls13), new(ProxyHeaderVersion.V2, maximum, All, "imap"));
            var header = DecodedHeader.Decode(bytes);

            Assert.True(bytes.Length <= maximum);
            Assert.Equal(order[..header.Fields.Count], header.Fields.Select(field => field.Type));
            Assert.Equal(maximum == whole.Length, header.Fields.Count == order.Length);
            Assert.Equal(whole[16..bytes.Length], bytes[16..]);
        }
    }

    [Fact]
    public void No_header_is_no_bytes() => Assert.Empty(Write(Facts(tls: Tls13), new(ProxyHeaderVersion.None, 0)));

    [Fact]
    public void Nothing_is_allocated()
    {
        var facts = Facts("203.0.113.5", "2001:db8::10", Tls13);
        var profile = new ProxyHeaderProfile(ProxyHeaderVersion.V2, 1500, All, "imap");
        var text = new ProxyHeaderProfile(ProxyHeaderVersion.V1, 107);
        Span<byte> buffer = stackalloc byte[1500];
        ProxyHeaderWriter.Write(buffer, facts, profile);
        ProxyHeaderWriter.Write(buffer, facts, text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        ProxyHeaderWriter.Write(buffer, facts, profile);
        ProxyHeaderWriter.Write(buffer, facts, text);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static SessionFacts Facts(string client = "203.0.113.5", string local = "198.51.100.10", TlsFacts? tls = null) => new()
    {
        Id = "01J0CONNECTION",
        HostName = "mx.example.com",
        Client = new(IPAddress.Parse(client), 51000),
        Local = new(IPAddress.Parse(local), 993),
        Tls = tls,
    };

    private static byte[] Write(SessionFacts facts, ProxyHeaderProfile profile)
    {
        // Dirty and too large: neither may show.
        var buffer = new byte[2000];
        buffer.AsSpan().Fill(0xEE);
        return buffer[..ProxyHeaderWriter.Write(buffer, facts, profile)];
    }
}
