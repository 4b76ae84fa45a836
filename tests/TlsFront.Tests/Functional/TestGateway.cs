using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Listeners;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Telemetry;

namespace TlsFront.Tests.Functional;

/// <summary>The whole gateway on a network in memory; only the admin endpoint has a real port.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly string _certificates;

    private TestGateway(GatewayHost host, MemoryTransport network, ConnectionEnds ends, string certificates)
    {
        Host = host;
        Network = network;
        Ends = ends;
        _certificates = certificates;
    }

    public GatewayHost Host { get; }

    public MemoryTransport Network { get; }

    public ConnectionEnds Ends { get; }

    public SettingsStore Store => Host.Services.GetRequiredService<SettingsStore>();

    public SessionRegistry Sessions => Host.Services.GetRequiredService<SessionRegistry>();

    public static async Task<TestGateway> StartAsync(
        Func<GatewaySettings, GatewaySettings>? change = null, Action<IServiceCollection>? configure = null, Action<MemoryTransport>? serve = null)
    {
        var certificates = TestCertificates.CreateFolder("mail.example.com");
        var network = new MemoryTransport();
        serve?.Invoke(network);
        var settings = Settings(certificates);
        var ends = new ConnectionEnds();
        var host = GatewayHost.Build(new SettingsStore(change is null ? settings : change(settings)), configure: services =>
        {
            services.AddSingleton(network.Engine);
            services.AddSingleton<ILoggerProvider>(ends);
            configure?.Invoke(services);
        });
        await host.StartAsync(CancellationToken.None);
        var readiness = host.Services.GetRequiredService<Readiness>();
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!readiness.IsReady)
        {
            // The start looks again after a while, and a clock of the tests stands still.
            (host.Services.GetRequiredService<TimeProvider>() as FakeTimeProvider)?.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, patience.Token);
        }

        return new TestGateway(host, network, ends, certificates);
    }

    public static GatewaySettings Settings(string certificates) => new()
    {
        HostName = "mail.example.com",
        Certificates = [new CertificateSettings(certificates, null)],
        // Not over a network in memory.
        CertificateCheck = TimeSpan.Zero,
        Listeners =
        [
            Listener("submissions", MailProtocol.Smtp, "postfix"),
            Listener("imaps", MailProtocol.Imap, "dovecot-imap"),
            Listener("pop3s", MailProtocol.Pop3, "dovecot-pop3"),
            Listener("echo", MailProtocol.Tcp, "echo"),
        ],
        Backends =
        [
            Backend("postfix", BackendKind.Postfix, ProxyHeaderVersion.V1, "192.0.2.1:10465", "192.0.2.2:10465"),
            Backend("dovecot-imap", BackendKind.Dovecot, ProxyHeaderVersion.V2, "192.0.2.1:10143"),
            Backend("dovecot-pop3", BackendKind.Dovecot, ProxyHeaderVersion.None, "192.0.2.1:10110"),
            Backend("echo", BackendKind.Generic, ProxyHeaderVersion.None, "192.0.2.1:7"),
        ],
        Admin = new AdminSettings(new IPEndPoint(IPAddress.Loopback, 0)),
        Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromSeconds(5)),
        Timeouts = new TimeoutSettings { Linger = TimeSpan.FromMilliseconds(200) },
        Log = new LogSettings(),
        Telemetry = new TelemetrySettings(),
    };

    public async Task<TestClient> ConnectAsync(string listener, IPEndPoint? from = null, string serverName = "mail.example.com") =>
        await TestClient.HandshakeAsync(await Network.ConnectClientAsync(Host.MailAddresses[listener], from), serverName);

    /// <summary>Status of a page of the admin endpoint.</summary>
    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var client = new HttpClient();
        var address = Host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last();
        using var response = await client.GetAsync(new Uri(new Uri(address), path));
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(new CancellationToken(canceled: true));
        await Host.DisposeAsync();
        Directory.Delete(_certificates, recursive: true);
    }

    private static ListenerSettings Listener(string name, MailProtocol protocol, string backend) => new()
    {
        Name = name,
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        Protocol = protocol,
        Backend = backend,
        Tls = new TlsSettings(),
        Rules = new SessionRules(),
    };

    private static BackendSettings Backend(string name, BackendKind kind, ProxyHeaderVersion version, params string[] destinations) => new()
    {
        Name = name,
        Kind = kind,
        Destinations = destinations,
        ProxyProtocol = version,
        Health = new HealthSettings { Interval = TimeSpan.Zero },
    };
}
