using System.Buffers;
using System.Net;
using System.Net.Sockets;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// The header of a front, versions 1 and 2: one of three ends, whatever comes behind it and however it was cut, and what was read can be written.
/// </summary>
internal sealed class ProxyHeaderTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "proxy";

    /// <inheritdoc/>
    public int MaximumLength => 1024;

    /// <inheritdoc/>
    public long MaximumAllocation => 8 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var facts = new SessionFacts
            {
                Id = "01J9ZQ7K3M",
                HostName = "mail.example.com",
                Client = new(IPAddress.Parse("203.0.113.5"), 51000),
                Local = new(IPAddress.Parse("198.51.100.10"), 465),
                Tls = new(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", null) { Group = "x25519" },
            };
            yield return Write(facts, ProxyHeaderVersion.V1);
            yield return Write(facts, ProxyHeaderVersion.V2, ProxyTlvs.Ssl | ProxyTlvs.Authority | ProxyTlvs.UniqueId);
            facts.Client = new(IPAddress.Parse("2001:db8::1"), 51000);
            yield return Write(facts, ProxyHeaderVersion.V1);
            yield return Write(facts, ProxyHeaderVersion.V2, ProxyTlvs.Ssl);
            foreach (var text in Bytes.Of(
                "PROXY TCP6 2001:db8::9 192.0.2.1 4711 465\r\n", "PROXY TCP4 203.0.113.9 2001:db8::1 4711 465\r\n",
                "PROXY TCP4 203.0.113.9 unix:/s 1 0\r\n",
                "PROXY UNKNOWN\r\n", "PROXY UNKNOWN a b c\r\n", "\x16\x03\x01", "\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00",
                "\r\n\r\n\0\r\nQUIT\n\x21\x31\x00\xd8"))
            {
                yield return text;
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        "PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "\r\n", "1.2.3.4", "0.0.0.0", "255.255.255.255", "::", "::1", "::ffff:1.2.3.4", "2001:db8::1", "%1",
        "65535", "65536", "0", " ", "\r\n\r\n\0\r\nQUIT\n",
        "\x20", "\x21\x11\x00\x0c", "\x21\x21\x00\x24", "\x21\x31\x00\xd8", "\x21\x00", "\x01\x00\x04imap", "\x02\x00\x01x", "\x03\x00\x04\0\0\0\0",
        "\x05\x00\x01x", "\x05\x00\x81",
        "\x20\x00\x08\x01\0\0\0\0\x21\0\0", "\x04\x00\x00", "\xff\xff\xff");

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        var whole = ProxyHeaderParser.Parse(input, out var length, out var header, out var refusal);
        Assert.Equal(whole == OperationStatus.Done, header is not null);
        Assert.Equal(whole == OperationStatus.InvalidData, refusal is not null);
        if (whole == OperationStatus.NeedMoreData)
        {
            Assert.InRange(length, input.Length + 1, ProxyHeaderParser.MaximumLength);
        }

        if (refusal is not null)
        {
            Assert.True(refusal.Reason is CloseReason.ProxyHeaderMissing or CloseReason.ProxyHeaderInvalid);
            Assert.DoesNotContain(refusal.Detail, char.IsControl);
            // What was refused stays refused.
            Assert.Equal(OperationStatus.InvalidData, ProxyHeaderParser.Parse([.. input, .. "x\r\n"u8], out _, out _, out _));
        }

        for (var cut = 0; cut < input.Length; cut++)
        {
            CheckPrefix(input.AsSpan(0, cut), whole, length);
        }

        if (header is not null)
        {
            Check(header, input, length);
        }
    }

    private static void CheckPrefix(ReadOnlySpan<byte> part, OperationStatus whole, int length)
    {
        switch (ProxyHeaderParser.Parse(part, out var needed, out _, out _))
        {
            case OperationStatus.Done:
                Assert.Equal((OperationStatus.Done, length), (whole, needed));
                break;
            case OperationStatus.InvalidData:
                Assert.Equal(OperationStatus.InvalidData, whole);
                break;
            default:
                Assert.InRange(needed, part.Length + 1, ProxyHeaderParser.MaximumLength);
                Assert.True(whole != OperationStatus.Done || needed <= length, "It asks for more than the header holds, and would eat what follows.");
                break;
        }
    }

    private static void Check(ProxyHeader header, byte[] input, int length)
    {
        Assert.InRange(length, 15, Math.Min(input.Length, ProxyHeaderParser.MaximumLength));
        Assert.Equal(OperationStatus.Done, ProxyHeaderParser.Parse([.. input[..length], 0x16, 3, 1], out var again, out var same, out _));
        Assert.Equal((length, header.Client, header.Local), (again, same!.Client, same.Local));
        Assert.True(header.Client is not null || header.Local is null, "A destination without a client.");
        CheckFields(header.Fields.Span);
        for (var type = 0; type < 256; type++)
        {
            if (header.TryFind((TlvType)type, out var value) && type == (int)TlvType.Ssl && value.Length >= 5)
            {
                // Its own fields may be anything: read to the end or to what is none.
                var nested = new TlvReader(value[5..]);
                var read = 0;
                while (nested.TryRead(out _, out var inner))
                {
                    read += 3 + inner.Length;
                }

                Assert.Equal(nested.IsTruncated, read < value.Length - 5);
            }
        }

        if (header is not { Client: { } client, Local: { } local })
        {
            return;
        }

        Assert.False(client.Address.IsIPv4MappedToIPv6 || local.Address.IsIPv4MappedToIPv6);
        // An IPv4 client's header has no place for an IPv6 destination.
        var told = client.AddressFamily == AddressFamily.InterNetwork && local.AddressFamily != AddressFamily.InterNetwork
            ? new IPEndPoint(IPAddress.Any, local.Port)
            : local;
        foreach (var version in new[] { ProxyHeaderVersion.V1, ProxyHeaderVersion.V2 })
        {
            var bytes = Write(new() { Id = "1", HostName = "x", Client = client, Local = local }, version);
            Assert.Equal(OperationStatus.Done, ProxyHeaderParser.Parse(bytes, out var written, out var read, out _));
            Assert.Equal((bytes.Length, client, told), (written, read!.Client, read.Local));
        }
    }

    private static void CheckFields(ReadOnlySpan<byte> fields)
    {
        var reader = new TlvReader(fields);
        var read = 0;
        while (reader.TryRead(out _, out var value))
        {
            read += 3 + value.Length;
        }

        Assert.Equal((fields.Length, false), (read, reader.IsTruncated));
    }

    private static byte[] Write(SessionFacts facts, ProxyHeaderVersion version, ProxyTlvs fields = ProxyTlvs.None)
    {
        var buffer = new byte[536];
        return buffer[..ProxyHeaderWriter.Write(buffer, facts, new(version, buffer.Length, fields))];
    }
}
