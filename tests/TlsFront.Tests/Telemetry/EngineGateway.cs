using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Transport;

namespace TlsFront.Tests.Telemetry;

/// <summary>A gateway on real sockets before one backend, on the engine that is asked for.</summary>
internal static class EngineGateway
{
    public static Task<TestGateway> StartAsync(EngineChoice engine, SocketBackend backend, Func<GatewaySettings, GatewaySettings> change) =>
        TestGateway.StartAsync(
        settings => change(settings with
        {
            Backends =
            [
                .. settings.Backends.Select(
                    settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
            ],
        }),
        services => services.AddSingleton(provider => EngineSelection.Create(
            engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>())));

    /// <summary>An IMAP server that takes any login and says goodbye.</summary>
    public static SocketBackend Imap() => new(static async (peer, socket) =>
    {
        await peer.SendAsync("* OK ready\r\n");
        await peer.ExpectAsync("a LOGIN demo secret\r\n");
        await peer.SendAsync("a OK in\r\n");
        await peer.ExpectAsync("b LOGOUT\r\n");
        await peer.SendAsync("* BYE\r\nb OK out\r\n");
        socket.Shutdown(SocketShutdown.Send);
    });

    /// <summary>A connection of a client to a listener, which first sends <paramref name="opening"/>.</summary>
    public static async Task<NetworkStream> ConnectAsync(TestGateway gateway, string listener, string opening = "")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync((IPEndPoint)gateway.Host.MailAddresses[listener]).WaitAsync(TestClient.Patience);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(opening));
        return stream;
    }

    /// <summary>A whole session with the server of <see cref="Imap"/>.</summary>
    public static async Task SessionAsync(TestGateway gateway, string opening = "")
    {
        await using var client = await TestClient.HandshakeAsync(await ConnectAsync(gateway, "imaps", opening));
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync("a LOGIN demo secret\r\n");
        await client.ExpectAsync("a OK in\r\n");
        await client.SendAsync("b LOGOUT\r\n");
        await client.ReadToEndAsync();
    }
}
