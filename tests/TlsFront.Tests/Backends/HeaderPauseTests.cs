using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;
using TlsFront.Transport;

namespace TlsFront.Tests.Backends;

/// <summary>The time OpenSMTPD needs between the PROXY header and TLS, on real sockets of both engines, by a clock that the test moves.</summary>
public sealed class HeaderPauseTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task OpenSMTPD_gets_the_hello_a_while_after_the_header(object engine)
    {
        await DialAsync((EngineChoice)engine, BackendKind.OpenSmtpd, ProxyHeaderVersion.V2, async (server, time) =>
        {
            var began = time.GetTimestamp();
            await SkipHeaderAsync(server);
            var hello = server.ReceiveAsync(new byte[1].AsMemory()).AsTask();
            while (!hello.IsCompleted)
            {
                // Time for a hello that came too early.
                await Task.WhenAny(hello, Task.Delay(5));
                time.Advance(hello.IsCompleted ? TimeSpan.Zero : Pause / 10);
            }

            Assert.Equal(1, await hello);
            Assert.True(time.GetElapsedTime(began) >= Pause, $"after {time.GetElapsedTime(began).TotalMilliseconds} ms");
        });
    }

    [Theory]
    [InlineData(EngineChoice.Managed, BackendKind.OpenSmtpd, ProxyHeaderVersion.None)]
    [InlineData(EngineChoice.Native, BackendKind.OpenSmtpd, ProxyHeaderVersion.None)]
    [InlineData(EngineChoice.Managed, BackendKind.Postfix, ProxyHeaderVersion.V2)]
    [InlineData(EngineChoice.Native, BackendKind.Postfix, ProxyHeaderVersion.V2)]
    public async Task Without_a_header_and_with_other_products_no_time_passes(object engine, object kind, object version)
    {
        await DialAsync((EngineChoice)engine, (BackendKind)kind, (ProxyHeaderVersion)version, async (server, _) =>
        {
            if ((ProxyHeaderVersion)version != ProxyHeaderVersion.None)
            {
                await SkipHeaderAsync(server);
            }

            Assert.Equal(1, await server.ReceiveAsync(new byte[1].AsMemory()).AsTask().WaitAsync(TestClient.Patience));
        });
    }

    private static async Task DialAsync(EngineChoice choice, BackendKind kind, ProxyHeaderVersion version, Func<Socket, FakeTimeProvider, Task> serve)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new FakeTimeProvider();
        using var engine = EngineSelection.Create(choice, new NativeSettings(), null, new Pools(), TimeProvider.System, NullLoggerFactory.Instance);
        var destination = listener.LocalEndpoint.ToString()!;
        var backend = new BackendSettings
        {
            Name = "smtp",
            Kind = kind,
            Destinations = [destination],
            ProxyProtocol = version,
            Tls = new BackendTlsSettings { Mode = BackendTlsMode.Implicit, Verify = false },
        };
        var dialer = new BackendDialer(
            engine.Backends, new NameResolver(new SystemNameLookup(), time, NullLogger<NameResolver>.Instance),
            new BackendTlsFactory(new BackendAuthorities(NullLogger<BackendAuthorities>.Instance)), time);
        using var stop = new CancellationTokenSource();
        var dialing = dialer.DialAsync(
            backend, destination, MailProtocol.Smtp, connection => ProbeIntroduction.Of(connection, "mail.example.com", time.GetUtcNow()),
            TimeSpan.FromHours(1), stop.Token).AsTask();
        using (var server = await listener.AcceptSocketAsync())
        {
            await serve(server, time);
        }

        // The server is gone in the middle of the handshake.
        Assert.Equal(ConnectFailure.TlsFailed, (await dialing.WaitAsync(TestClient.Patience)).Failure);
    }

    /// <summary>Version 2: 12 octets of signature, 2 of meaning, 2 of length.</summary>
    private static async Task SkipHeaderAsync(Socket server)
    {
        var head = new byte[16];
        await ReceiveAsync(server, head);
        await ReceiveAsync(server, new byte[(head[14] << 8) + head[15]]);
    }

    private static async Task ReceiveAsync(Socket server, Memory<byte> room)
    {
        while (room.Length > 0)
        {
            var count = await server.ReceiveAsync(room).AsTask().WaitAsync(TestClient.Patience);
            Assert.NotEqual(0, count);
            room = room[count..];
        }
    }

    private sealed class Pools : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
    }
}
