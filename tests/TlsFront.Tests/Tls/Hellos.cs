using System.Buffers;
using System.Globalization;
using System.Net.Security;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

/// <summary>ClientHellos of real clients and built ones.</summary>
internal static class Hellos
{
    /// <summary>Where the length of the session identifier stands: after the headers of record and message, version and random.</summary>
    public const int SessionIdentifier = 5 + 4 + 2 + 32;

    /// <summary>The first flight of an <see cref="SslStream"/> client with these options.</summary>
    public static async Task<byte[]> CaptureAsync(SslClientAuthenticationOptions options)
    {
        var pair = new DuplexPipePair();
        using var stop = new CancellationTokenSource();
        await using var client = new SslStream(new DuplexPipeStream(pair.Client));
        var handshake = client.AuthenticateAsClientAsync(options, stop.Token);
        var hello = (await pair.Server.Input.ReadAsync(CancellationToken.None)).Buffer.ToArray();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handshake);
        return hello;
    }

    /// <summary>ALPN ids of 255 octets each, to make a hello large with.</summary>
    public static IEnumerable<SslApplicationProtocol> ForeignProtocols(int count) =>
        Enumerable.Range(0, count).Select(static i => new SslApplicationProtocol(i.ToString(CultureInfo.InvariantCulture).PadLeft(255, 'x')));

    /// <summary>Types of the extensions in a client's or server's hello, which begins with its record.</summary>
    public static List<int> Extensions(ReadOnlySpan<byte> hello)
    {
        var isClient = hello[5] == 1;
        var rest = hello[(SessionIdentifier + 1 + hello[SessionIdentifier])..];
        rest = isClient ? rest[(2 + Number(rest))..] : rest[2..];
        rest = isClient ? rest[(1 + rest[0])..] : rest[1..];
        var extensions = rest.Slice(2, Number(rest));
        var types = new List<int>();
        while (!extensions.IsEmpty)
        {
            types.Add(Number(extensions));
            extensions = extensions[(4 + Number(extensions[2..]))..];
        }

        return types;
    }

    private static int Number(ReadOnlySpan<byte> bytes) => bytes[0] << 8 | bytes[1];
}
