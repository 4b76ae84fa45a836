using System.Net;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.ProxyProtocol;

namespace TlsFront.Tests.Backends;

public sealed class ProxyHeaderProfilesTests
{
    /// <summary>The largest facts a client can bring about.</summary>
    private static readonly SessionFacts Largest = new()
    {
        Id = new('Z', 26),
        HostName = "mx.example.com",
        Client = new(IPAddress.Parse("2001:db8:1111:2222:3333:4444:5555:6666"), 65535),
        Local = new(IPAddress.Parse("2001:db8:1111:2222:3333:4444:5555:7777"), 65535),
        Tls = new(
            TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", string.Join('.', Enumerable.Repeat(new string('a', 62), 4)), "imap"),
    };

    [Theory]
    [InlineData(BackendKind.Postfix, MailProtocol.Smtp, 536, new int[0])]
    [InlineData(BackendKind.Exim, MailProtocol.Smtp, 232, new int[0])]
    [InlineData(BackendKind.Cyrus, MailProtocol.Imap, 232, new int[0])]
    [InlineData(BackendKind.OpenSmtpd, MailProtocol.Smtp, 536, new int[0])]
    [InlineData(BackendKind.Generic, MailProtocol.Imap, 536, new[] { 0x20, 0x02, 0x05 })]
    [InlineData(BackendKind.Dovecot, MailProtocol.Imap, 1500, new[] { 0x20, 0x02, 0x01, 0x05 })]
    [InlineData(BackendKind.Dovecot, MailProtocol.Pop3, 1500, new[] { 0x20, 0x02, 0x05 })]
    [InlineData(BackendKind.Dovecot, MailProtocol.Smtp, 1500, new[] { 0x20, 0x02, 0x05 })]
    [InlineData(BackendKind.Dovecot, MailProtocol.Tcp, 1500, new[] { 0x20, 0x02, 0x05 })]
    public void Each_product_gets_a_version_2_header_it_can_read(object kind, object protocol, int maximum, int[] fields)
    {
        var header = Write((BackendKind)kind, ProxyHeaderVersion.V2, (MailProtocol)protocol);

        Assert.InRange(header.Length, 52, maximum);
        Assert.Equal(fields, DecodedHeader.Decode(header).Fields.Select(field => field.Type));
    }

    [Fact]
    public void Whatever_is_configured_is_sent_to_every_product()
    {
        foreach (var kind in Enum.GetValues<BackendKind>())
        {
            foreach (var protocol in Enum.GetValues<MailProtocol>())
            {
                Assert.Empty(Write(kind, ProxyHeaderVersion.None, protocol));
                Assert.StartsWith(
                    "PROXY TCP6 ", System.Text.Encoding.ASCII.GetString(Write(kind, ProxyHeaderVersion.V1, protocol)), StringComparison.Ordinal);
                Assert.Equal(0x0D, Write(kind, ProxyHeaderVersion.V2, protocol)[0]);
            }
        }
    }

    private static byte[] Write(BackendKind kind, ProxyHeaderVersion version, MailProtocol protocol)
    {
        var profile = ProxyHeaderProfiles.Of(kind, version, protocol);
        var buffer = new byte[profile.MaximumLength];
        return buffer[..ProxyHeaderWriter.Write(buffer, Largest, profile)];
    }
}
