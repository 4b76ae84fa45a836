using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Listeners.SelfCheck;
using TlsFront.ProxyProtocol;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Tls.Certificates;
using TlsFront.Transport;

namespace TlsFront.Tests.Listeners.SelfCheck;

/// <summary>A gateway on real sockets that looks at its certificates' files, and at what it presents, when it is told to.</summary>
internal sealed class CheckedGateway : IAsyncDisposable
{
    private readonly SocketBackend _backend;
    private readonly TestGateway _gateway;
    private readonly FakeTimeProvider _time = new();
    private readonly CertificateWatch _watch;
    private readonly MetricCollector<double> _handshakes;
    private readonly MetricCollector<double> _connections;

    private CheckedGateway(SocketBackend backend, TestGateway gateway, LogTap lines, StrongBox sessions)
    {
        _backend = backend;
        _gateway = gateway;
        Lines = lines;
        Sessions = sessions;
        _watch = ActivatorUtilities.CreateInstance<CertificateWatch>(gateway.Host.Services, _time);
        _handshakes = Collect("tlsfront.tls.handshake.duration");
        _connections = Collect("tlsfront.connection.duration");
    }

    public LogTap Lines { get; }

    public GatewayHost Host => _gateway.Host;

    public SettingsStore Store => _gateway.Store;

    /// <summary>Folder of the certificate it starts with.</summary>
    public string Folder => Store.Current.Certificates[0].Path;

    public IReadOnlyList<(string Listener, string Certificate, bool IsServed, DateTimeOffset? NotAfter)> Verdicts => [.. _watch.Verdicts];

    /// <summary>Handshakes and connections that were counted.</summary>
    public (int Handshakes, int Connections) Counted => (_handshakes.GetMeasurementSnapshot().Count, _connections.GetMeasurementSnapshot().Count);

    private StrongBox Sessions { get; }

    /// <summary>Connections that came to the backend.</summary>
    public int BackendConnections => Volatile.Read(ref Sessions.Count);

    public static async Task<CheckedGateway> StartAsync(object engine, Func<GatewaySettings, GatewaySettings>? change = null)
    {
        var sessions = new StrongBox();
        var backend = new SocketBackend(async (peer, socket) =>
        {
            Interlocked.Increment(ref sessions.Count);
            await peer.SendAsync("ready\n");
            await peer.ReadToEndAsync();
            socket.Dispose();
        });
        var lines = new LogTap(
            "CertificateNotServed", "CertificateServed", "CertificateNotChecked", "CertificateCheckFailed", "ConnectionEnd", "Refused");
        var gateway = await TestGateway.StartAsync(
            settings =>
            {
                settings = settings with
                {
                    Listeners = [.. settings.Listeners.Where(listener => listener.Name == "echo")],
                    Backends =
                    [
                        .. settings.Backends.Select(
                            settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
                    ],
                };
                return change is null ? settings : change(settings);
            },
            services =>
            {
                // Files are looked at when the test says so.
                services.RemoveAll<ISettingsFiles>();
                services.AddSingleton<ILoggerProvider>(lines);
                services.AddSingleton(provider => EngineSelection.Create(
                    (EngineChoice)engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
                    provider.GetRequiredService<ILoggerFactory>()));
            });
        return new CheckedGateway(backend, gateway, lines, sessions);
    }

    /// <summary>The same, for one listener with other settings.</summary>
    public static Task<CheckedGateway> StartAsync(object engine, Func<ListenerSettings, ListenerSettings> change) =>
        StartAsync(engine, settings => settings with { Listeners = [.. settings.Listeners.Select(change)] });

    /// <summary>
    /// One round. The time it gives a doubtful certificate passes by itself, and renewals are taken over <paramref name="meanwhile"/>.
    /// </summary>
    public async Task CheckAsync(Action? meanwhile = null)
    {
        var round = _watch.CheckAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!round.IsCompleted)
        {
            meanwhile?.Invoke();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, patience.Token);
        }

        await round;
    }

    /// <summary>Looks at the certificates' files, twice, as it does before it believes that something is wrong.</summary>
    public void LookAtFiles()
    {
        var store = Host.Services.GetRequiredService<CertificateStore>();
        store.Refresh();
        store.Refresh();
    }

    /// <summary>Puts another certificate into the folder.</summary>
    public void Renew(TestCertificate certificate, bool withKey = true)
    {
        File.WriteAllText(Path.Combine(Folder, "fullchain.pem"), certificate.FullChain);
        if (withKey)
        {
            File.WriteAllText(Path.Combine(Folder, "privkey.pem"), certificate.Key);
        }
    }

    /// <summary>A client that is served.</summary>
    public async Task<TestClient> ClientAsync()
    {
        var client = await TestClient.HandshakeAsync(new NetworkStream(await ConnectAsync(), ownsSocket: true));
        await client.ExpectAsync("ready\n");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _handshakes.Dispose();
        _connections.Dispose();
        _watch.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private async Task<Socket> ConnectAsync()
    {
        var address = (IPEndPoint)Host.MailAddresses["echo"];
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).WaitAsync(TestClient.Patience);
        return socket;
    }

    private MetricCollector<double> Collect(string instrument) =>
        new(Host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TlsFrontMetrics.MeterName, instrument);

    private sealed class StrongBox
    {
        public int Count;
    }
}
