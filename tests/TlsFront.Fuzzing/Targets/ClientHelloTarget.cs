using System.Buffers;
using System.Text;
using TlsFront.Connections;
using TlsFront.Tests.Tls;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Fuzzing.Targets;

/// <summary>The first bytes of a TLS connection: whatever comes ends as a hello, a refusal or the wish for more, however it was cut.</summary>
internal sealed class ClientHelloTarget : IFuzzTarget
{
    /// <summary>More than a reader may take, so that its bound is met.</summary>
    private const int TooMuch = 33 * 1024;

    /// <inheritdoc/>
    public string Name => "clienthello";

    /// <inheritdoc/>
    public int MaximumLength => 2048;

    /// <inheritdoc/>
    public long MaximumAllocation => 16 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var hello = new HelloBuilder()
                .ServerName("mail.example.com")
                .Versions(0x0A0A, 0x0304, 0x0303)
                .Groups(0x11EC, 29, 23)
                .Signatures(0x0403, 0x0804, 0x0401)
                .CertificateSignatures(0x0403).Protocols("imap", "pop3");
            return
            [
                hello.Record(), HelloBuilder.Records(hello.Message(), 60), new HelloBuilder { LegacyVersion = 0x0301 }.Record(),
                .. Bytes.Of("EHLO x\r\n", "GET / HTTP/1.1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "\x80\x2e\x01\x00\x02", "\r\n\r\n\0\r\nQUIT\n"),
            ];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Bytes.Of("\x16\x03\x01", "\x01\x00", "\x03\x03", "\x03\x04", "\x00\x2b", "\x00\x00", "\x00\x10", "\x00\x0a", "\x00\x0d", "\x00\x32",
            "\x0a\x0a", "mail.example.com", ".", "xn--a",
            "\x04imap", "\x15\x03\x01\x00\x02\x02\x28", "\x17\x03\x03", "PROXY ", "EHLO ", "GET "),
    ];

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        var whole = Read(new(), new(input), out var hello, out var refusal);
        Assert.Equal(whole == OperationStatus.Done, hello is not null);
        Assert.Equal(whole == OperationStatus.InvalidData, refusal is not null);
        if (refusal is not null)
        {
            Assert.NotEqual(CloseReason.None, refusal.Reason);
            Assert.DoesNotContain(refusal.Detail, char.IsControl);
        }

        if (hello is not null)
        {
            Check(hello, input);
        }

        Assert.Equal(Describe(whole, hello, refusal), Describe(Read(new(), Cut(input), out var cutHello, out var cutRefusal), cutHello, cutRefusal));
        Grow(input, whole, hello, refusal);
        if (whole == OperationStatus.NeedMoreData)
        {
            // Nobody makes a reader wait for ever.
            Assert.NotEqual(OperationStatus.NeedMoreData, Read(new(), new([.. input, .. new byte[TooMuch]]), out _, out _));
        }
    }

    /// <summary>What comes bit by bit is understood as soon as it can be, and as what it is as a whole.</summary>
    private static void Grow(byte[] input, OperationStatus whole, ClientHello? hello, TlsRefusal? refusal)
    {
        var reader = new ClientHelloReader();
        var step = input.Length < 300 ? 1 : 1 + (input.Length / 100);
        for (var length = 0; ; length = Math.Min(input.Length, length + step))
        {
            var status = Read(reader, new(input, 0, length), out var part, out var partRefusal);
            if (status != OperationStatus.NeedMoreData)
            {
                // What is not TLS is told from its first octet; what it is instead needs all of it.
                if (partRefusal is { Alert: null })
                {
                    Assert.True(refusal is { Alert: null });
                    return;
                }

                Assert.Equal(Describe(whole, hello, refusal), Describe(status, part, partRefusal));
                return;
            }

            if (length == input.Length)
            {
                Assert.Equal(OperationStatus.NeedMoreData, whole);
                return;
            }
        }
    }

    private static void Check(ClientHello hello, byte[] input)
    {
        if (hello.ServerName is { } name)
        {
            Assert.InRange(name.Length, 1, 253);
            Assert.Equal(name, ServerName.Normalize(Encoding.ASCII.GetBytes(name)));
            Assert.Equal(UriHostNameType.Dns, Uri.CheckHostName(name));
        }

        var numbers =
            hello.CipherSuites.Length + hello.SignatureAlgorithms.Length + hello.CertificateSignatureAlgorithms.Length + hello.SupportedGroups.Length;
        Assert.InRange(
            (2 * numbers) + hello.ApplicationProtocols.Sum(protocol => protocol.Length + 1) + (hello.ServerName?.Length ?? 0), 0, input.Length);
        Assert.All(hello.ApplicationProtocols, protocol => Assert.InRange(protocol.Length, 1, 255));
        Assert.DoesNotContain(hello.CipherSuites, suite => IsGrease((ushort)suite));
        Assert.DoesNotContain(hello.SupportedGroups, group => IsGrease((ushort)group));
        Assert.True(hello.MaximumVersion is null || Enum.IsDefined(hello.MaximumVersion.Value));
    }

    private static bool IsGrease(int number) => (number & 0x0F0F) == 0x0A0A && number >> 8 == (number & 0xFF);

    private static OperationStatus Read(ClientHelloReader reader, in ReadOnlySequence<byte> input, out ClientHello? hello, out TlsRefusal? refusal) =>
        reader.Read(input, out hello, out refusal);

    /// <summary>The same bytes in three segments.</summary>
    private static ReadOnlySequence<byte> Cut(byte[] input)
    {
        var first = new Segment(input.AsMemory(0, Math.Min(input.Length, 3)), null);
        var second = new Segment(input.AsMemory(first.Memory.Length, (input.Length - first.Memory.Length) / 2), first);
        var third = new Segment(input.AsMemory(first.Memory.Length + second.Memory.Length), second);
        return new(first, 0, third, third.Memory.Length);
    }

    private static string Describe(OperationStatus status, ClientHello? hello, TlsRefusal? refusal) => hello is null
        ? $"{status} {refusal}"
        : $"{status} {hello.LegacyVersion:x} {hello.MaximumVersion} {hello.ServerName} {string.Join(',', hello.CipherSuites)} " +
            $"{string.Join(',', hello.ApplicationProtocols)} "
                                                + $"{string.Join(',', hello.SignatureAlgorithms)} " +
                                                    $"{string.Join(',', hello.CertificateSignatureAlgorithms)} " +
                                                    $"{string.Join(',', hello.SupportedGroups)}";

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
