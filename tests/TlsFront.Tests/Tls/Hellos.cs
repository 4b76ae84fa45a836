using System.Buffers;
using System.Net.Security;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

/// <summary>ClientHellos of real clients and built ones.</summary>
internal static class Hellos
{
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
}
