using System.Net.Security;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

public sealed class ClientHelloParserTests
{
    [Fact]
    public void Grease_is_ignored_wherever_it_stands()
    {
        var hello = Parse(new HelloBuilder { Suites = [0x0A0A, 0x1301, 0xFAFA, 0xC02F] }
            .Extension(0x2A2A, [])
            .Groups(0x3A3A, 23)
            .Signatures(0x4A4A, 0x0403)
            .Versions(0x5A5A, 0x0304)
            .Extension(0x6A6A, [0]));

        Assert.Equal(
            [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], hello.CipherSuites.AsEnumerable());
        Assert.Equal([NamedGroup.Secp256R1], hello.SupportedGroups.AsEnumerable());
        Assert.Equal([SignatureScheme.EcdsaSha256], hello.SignatureAlgorithms.AsEnumerable());
        Assert.Equal(TlsVersion.Tls13, hello.MaximumVersion);
    }

    [Theory]
    [InlineData(0x0301, new ushort[] { }, (int)TlsVersion.Tls10)]
    [InlineData(0x0300, new ushort[] { }, (int)TlsVersion.Ssl3)]
    [InlineData(0x0304, new ushort[] { }, (int)TlsVersion.Tls12)]
    [InlineData(0x7F1C, new ushort[] { }, (int)TlsVersion.Tls12)]
    [InlineData(0x0002, new ushort[] { }, null)]
    [InlineData(0x0303, new ushort[] { 0x0302, 0x0301 }, (int)TlsVersion.Tls11)]
    [InlineData(0x0301, new ushort[] { 0x0303, 0x0304 }, (int)TlsVersion.Tls13)]
    [InlineData(0x0303, new ushort[] { 0x7F1C, 0x0305 }, null)]
    public void The_best_version_is_that_of_supported_versions_or_else_of_the_field(int field, ushort[] versions, int? best)
    {
        var builder = new HelloBuilder { LegacyVersion = (ushort)field };
        var hello = Parse(versions.Length == 0 ? builder : builder.Versions(versions));
        Assert.Equal(best, (int?)hello.MaximumVersion);
        Assert.Equal(field, hello.LegacyVersion);
    }

    [Fact]
    public void A_hello_without_extensions_is_one_of_an_old_client()
    {
        var hello = Parse(new HelloBuilder { LegacyVersion = 0x0301 });
        Assert.Null(hello.ServerName);
        Assert.Empty(hello.ApplicationProtocols);
        Assert.Empty(hello.SignatureAlgorithms);
        Assert.Empty(hello.SupportedGroups);
    }

    [Fact]
    public void A_server_name_that_is_no_host_name_counts_as_none()
    {
        Assert.Null(Parse(new HelloBuilder().ServerName("192.0.2.1")).ServerName);
        Assert.Equal("mail.example.com", Parse(new HelloBuilder().ServerName("Mail.Example.COM.")).ServerName);
    }

    [Fact]
    public void Unknown_types_of_server_names_are_passed_over()
    {
        var list = HelloBuilder.Vector16([7, .. HelloBuilder.Vector16([1, 2]), 0, .. HelloBuilder.Vector16("a.example.com"u8.ToArray())]);
        Assert.Equal("a.example.com", Parse(new HelloBuilder().Extension(0, list)).ServerName);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        {
            "two host names",
            new HelloBuilder().Extension(0, HelloBuilder.Vector16([0, .. HelloBuilder.Vector16([97]), 0, .. HelloBuilder.Vector16([98])])).Message()
        },
        { "empty host name", new HelloBuilder().ServerName("").Message() },
        { "empty list of names", new HelloBuilder().Extension(0, [0, 0]).Message() },
        { "empty server name extension", new HelloBuilder().Extension(0, []).Message() },
        { "repeated server name", new HelloBuilder().ServerName("a.example").ServerName("a.example").Message() },
        { "empty ALPN list", new HelloBuilder().Protocols().Message() },
        { "empty ALPN id", new HelloBuilder().Protocols("imap", "").Message() },
        { "repeated ALPN", new HelloBuilder().Protocols("imap").Protocols("imap").Message() },
        { "no versions", new HelloBuilder().Versions().Message() },
        { "odd versions", new HelloBuilder().Extension(43, [3, 3, 4, 3]).Message() },
        { "repeated groups", new HelloBuilder().Groups(23).Groups(23).Message() },
        { "trailing octet in signature algorithms", new HelloBuilder().Extension(13, [0, 2, 4, 3, 0]).Message() },
        { "no suites", new HelloBuilder { Suites = [] }.Message() },
        { "trailing octet", HelloBuilder.Message([.. new HelloBuilder().Groups(23).Message()[4..], 0]) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Broken_syntax_gets_decode_error(string what, byte[] message)
    {
        Assert.False(ClientHelloParser.TryParse(message.AsSpan(4), out var hello, out var refusal), what);
        Assert.Null(hello);
        Assert.Equal(CloseReason.TlsMalformedHello, refusal!.Reason);
        Assert.Equal(TlsAlert.DecodeError, refusal.Alert);
    }

    [Fact]
    public void A_body_cut_off_anywhere_is_refused_except_before_its_extensions()
    {
        var body = new HelloBuilder()
            .ServerName("mail.example.com")
            .Versions(0x0304)
            .Signatures(0x0403)
            .Protocols("imap")
            .Message()
            .AsSpan(4)
            .ToArray();
        var bare = new HelloBuilder().Message().Length - 4;
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Equal(length == bare, ClientHelloParser.TryParse(body.AsSpan(0, length), out _, out _));
        }
    }

    private static ClientHello Parse(HelloBuilder builder)
    {
        Assert.True(ClientHelloParser.TryParse(builder.Message().AsSpan(4), out var hello, out _));
        return hello!;
    }
}
