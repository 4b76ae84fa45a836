using System.Buffers;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

public sealed class ClientHelloReaderTests
{
    private static HelloBuilder Typical => new HelloBuilder()
        .ServerName("mail.example.com")
        .Groups(0x11EC, 29, 23)
        .Signatures(0x0403, 0x0804)
        .Versions(0x0304, 0x0303)
        .Protocols("imap");

    [Theory]
    [InlineData(SslProtocols.Tls12, (int)TlsVersion.Tls12)]
    [InlineData(SslProtocols.Tls13, (int)TlsVersion.Tls13)]
    [InlineData(SslProtocols.None, (int)TlsVersion.Tls13)]
    public async Task The_hello_of_a_real_client_is_read_at_every_split(SslProtocols protocols, int version)
    {
        var bytes = await Hellos.CaptureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [new("imap"), new("h2")],
        });

        for (var split = 0; split <= bytes.Length; split++)
        {
            var reader = new ClientHelloReader();
            Assert.Equal(
                split < bytes.Length ? OperationStatus.NeedMoreData : OperationStatus.Done,
                reader.Read(Segments(bytes[..split]), out var hello, out _));
            if (split < bytes.Length)
            {
                Assert.Equal(OperationStatus.Done, reader.Read(Segments(bytes[..split], bytes[split..]), out hello, out _));
            }

            Assert.Equal((TlsVersion)version, hello!.MaximumVersion);
            Assert.Equal("mail.example.com", hello.ServerName);
            Assert.Equal(["imap", "h2"], hello.ApplicationProtocols.AsEnumerable());
            Assert.Contains(SignatureScheme.EcdsaSha256, hello.SignatureAlgorithms);
            Assert.Contains(NamedGroup.Secp256R1, hello.SupportedGroups);
            Assert.Equal(protocols != SslProtocols.Tls12, hello.CipherSuites.Contains(TlsCipherSuite.TLS_AES_128_GCM_SHA256));
        }
    }

    [Fact]
    public void A_hello_in_records_of_one_byte_that_arrive_byte_by_byte_is_read()
    {
        var bytes = HelloBuilder.Records(Typical.Message(), 1);
        var reader = new ClientHelloReader();
        for (var count = 0; count < bytes.Length; count++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, reader.Read(Segments(bytes[..count]), out _, out _));
        }

        Assert.Equal(OperationStatus.Done, reader.Read(Segments([.. bytes.Select(octet => (byte[])[octet])]), out var hello, out _));
        Assert.Equal("mail.example.com", hello!.ServerName);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1400)]
    public void A_post_quantum_hello_is_read_in_any_records(int size)
    {
        var bytes = HelloBuilder.Records(new HelloBuilder().Extension(51, new byte[1700]).ServerName("pq.example.com").Message(), size);
        Assert.Equal(OperationStatus.Done, Read(bytes, out var hello, out _));
        Assert.Equal("pq.example.com", hello!.ServerName);
    }

    [Fact]
    public void Bytes_after_the_hello_are_left_alone()
    {
        Assert.Equal(OperationStatus.Done, Read([.. Typical.Record(), .. "EHLO"u8], out _, out _));
    }

    [Theory]
    [InlineData(16 * 1024, 16384, true)]
    [InlineData(64 * 1024 - 4, 16384, true)]
    [InlineData(64 * 1024 - 4, 6, true)]
    [InlineData(64 * 1024 - 4, 4, false)]
    [InlineData(64 * 1024 - 3, 16384, false)]
    public void A_hello_is_at_most_64_KB_and_not_cut_into_ever_more_records(int body, int record, bool accepted)
    {
        var small = new HelloBuilder().Extension(21, []).Message();
        var message = new HelloBuilder().Extension(21, new byte[body + 4 - small.Length]).Message();
        Assert.Equal(body + 4, message.Length);
        var status = Read(HelloBuilder.Records(message, record), out _, out var refusal);
        Assert.Equal(accepted ? OperationStatus.Done : OperationStatus.InvalidData, status);
        Assert.Equal(accepted ? null : CloseReason.TlsMalformedHello, refusal?.Reason);
    }

    [Fact]
    public void An_announced_length_beyond_the_cap_is_refused_before_it_arrives()
    {
        Assert.Equal(OperationStatus.InvalidData, Read([22, 3, 1, 0, 4, 1, 0, 0xFF, 0xFD], out _, out var refusal));
        Assert.Equal(TlsAlert.IllegalParameter, refusal!.Alert);
    }

    [Theory]
    [InlineData(new byte[] { 22, 3, 1, 0x40, 0x01 }, TlsAlert.RecordOverflow)]
    [InlineData(new byte[] { 22, 3, 1, 0, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 21, 3, 1, 0, 2, 1, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 23, 3, 3, 0, 1, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 22, 3, 1, 0, 4, 2, 0, 0, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 22, 3, 1, 0, 1, 1, 23, 3, 1, 0, 1, 0 }, TlsAlert.UnexpectedMessage)]
    public void Records_out_of_place_get_their_alert(byte[] bytes, object alert)
    {
        Assert.Equal(OperationStatus.InvalidData, Read(bytes, out _, out var refusal));
        Assert.Equal(CloseReason.TlsMalformedHello, refusal!.Reason);
        Assert.Equal((TlsAlert)alert, refusal.Alert);
    }

    [Theory]
    [InlineData("EHLO client.example.com\r\n", "SMTP command")]
    [InlineData("helo x\r\n", "SMTP command")]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP request")]
    [InlineData("a1 CAPABILITY\r\n", "plain text")]
    [InlineData("P", "plain text")]
    [InlineData("PROXY", "plain text")]
    [InlineData("PROXYING\r\n", "plain text")]
    [InlineData("\r\n\r\n\0\r\nQUIT", "something else")]
    [InlineData("\x16\x02\x01\0\0", "something else")]
    [InlineData("\0", "something else")]
    [InlineData("\x80\x2e\x02\x03\x01", "something else")]
    [InlineData("\x80\x2e\x01\x07\x01", "something else")]
    public void First_bytes_that_are_not_tls_are_described_and_get_no_alert(string bytes, string words)
    {
        Assert.Equal(OperationStatus.InvalidData, Read(Encoding.Latin1.GetBytes(bytes), out _, out var refusal));
        Assert.Equal(CloseReason.NotTls, refusal!.Reason);
        Assert.Null(refusal.Alert);
        Assert.Contains(words, refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\x17" + "E")]
    [InlineData("\x15" + "x")]
    public void What_shows_only_in_the_second_octet_is_not_judged_by_the_first(string bytes)
    {
        var reader = new ClientHelloReader();
        Assert.Equal(OperationStatus.NeedMoreData, reader.Read(new(Encoding.Latin1.GetBytes(bytes[..1])), out _, out _));
        Assert.Equal(OperationStatus.InvalidData, reader.Read(new(Encoding.Latin1.GetBytes(bytes)), out _, out var refusal));
        Assert.Equal(CloseReason.NotTls, refusal!.Reason);
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11")]
    public void A_PROXY_header_where_none_is_accepted_has_a_reason_of_its_own(string bytes)
    {
        Assert.Equal(OperationStatus.InvalidData, Read(Encoding.Latin1.GetBytes(bytes), out _, out var refusal));
        Assert.Equal(CloseReason.ProxyHeaderUntrusted, refusal!.Reason);
        Assert.Null(refusal.Alert);
    }

    [Fact]
    public void What_a_client_sent_in_plain_text_is_not_repeated()
    {
        Read("AUTH PLAIN c2VjcmV0\r\n"u8.ToArray(), out _, out var refusal);
        Assert.DoesNotContain("AUTH", refusal!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x2E, 1, 3, 1, 0 })]
    [InlineData(new byte[] { 0x80, 0x2E, 1, 0, 2, 0 })]
    public void A_hello_of_ssl_2_is_too_old_at_every_split(byte[] bytes)
    {
        for (var count = 0; count < 5; count++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, Read(bytes[..count], out _, out _));
        }

        Assert.Equal(OperationStatus.InvalidData, Read(bytes, out _, out var refusal));
        Assert.Equal(CloseReason.TlsVersionTooOld, refusal!.Reason);
        Assert.Equal(TlsAlert.ProtocolVersion, refusal.Alert);
    }

    [Fact]
    public void Mutated_and_truncated_hellos_never_throw_and_always_come_to_an_end()
    {
        var random = new Random(8314);
        var original = HelloBuilder.Records(Typical.CertificateSignatures(0x0401).Message(), 90);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = original[..random.Next(1, original.Length + 1)];
            for (var change = random.Next(4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = random.Next(bytes.Length + 1);
            var reader = new ClientHelloReader();
            var status = reader.Read(Segments(bytes[..cut]), out var hello, out var refusal);
            if (status == OperationStatus.NeedMoreData)
            {
                status = reader.Read(Segments(bytes[..cut], bytes[cut..]), out hello, out refusal);
            }

            var whole = Read(bytes, out _, out var wholeRefusal);
            Assert.Equal(whole, status);
            Assert.Equal(wholeRefusal?.Alert, refusal?.Alert);
            Assert.Equal(status == OperationStatus.Done, hello is not null);
            Assert.Equal(status == OperationStatus.InvalidData, refusal is not null);
        }
    }

    private static OperationStatus Read(byte[] bytes, out ClientHello? hello, out TlsRefusal? refusal) =>
        new ClientHelloReader().Read(new ReadOnlySequence<byte>(bytes), out hello, out refusal);

    private static ReadOnlySequence<byte> Segments(params byte[][] parts)
    {
        var first = new Segment(parts[0], null);
        var last = parts.Skip(1).Aggregate(first, static (previous, part) => new Segment(part, previous));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] part, Segment? previous)
        {
            Memory = part;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
