using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Handover;
using TlsFront.Listeners;
using TlsFront.Listeners.Upgrade;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Listeners.Upgrade;

/// <summary>
/// Gateways of the native engine that replace each other, on real sockets. All live in this process: what is between two of them is the same socket
/// and the same messages as between processes.
/// </summary>
internal sealed class UpgradeRig : IAsyncDisposable
{
    private readonly string _certificates = TestCertificates.CreateFolder("mail.example.com");
    private readonly List<GatewayHost> _hosts = [];
    private readonly List<Task> _ending = [];
    private Task _starting = Task.CompletedTask;

    private UpgradeRig(SocketBackend backend) => Backend = backend;

    public SocketBackend Backend { get; }

    /// <summary>What the access logs of all of them have of the ends of connections.</summary>
    public ConnectionEnds Ends { get; } = new();

    /// <summary>The oldest gateway first.</summary>
    public IReadOnlyList<GatewayHost> Gateways => _hosts;

    /// <summary>The one that is the gateway, or the last that wanted to be.</summary>
    public GatewayHost Current => _hosts[^1];

    /// <summary>What is different in the successors.</summary>
    public Func<GatewaySettings, GatewaySettings> Change { get; set; } = static settings => settings;

    /// <summary>Services of the successors.</summary>
    public Action<IServiceCollection> Configure { get; set; } = static _ => { };

    /// <summary>In place of a successor.</summary>
    public Func<string, ISuccessorProcess>? Impostor { get; set; }

    public static async Task<UpgradeRig> StartAsync(
        SocketBackend backend, Func<GatewaySettings, GatewaySettings>? change = null, HandoverInvitation? invitation = null)
    {
        var rig = new UpgradeRig(backend);
        if (change is not null)
        {
            rig.Change = change;
        }

        try
        {
            await rig.BuildAsync(invitation ?? new HandoverInvitation(null));
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public static IGatewayControl ControlOf(GatewayHost host) => host.Services.GetRequiredService<IGatewayControl>();

    public async Task<UpgradeStatus> UpgradeAsync()
    {
        var old = Current;
        var status = await ControlOf(old).UpgradeAsync().WaitAsync(TestClient.Patience);
        await _starting.WaitAsync(TestClient.Patience);

        // What its process would do next.
        _ending.Add(old.StopAsync());
        return status;
    }

    /// <summary>Waits until all processes but the last one ended.</summary>
    public Task EndedAsync() => Task.WhenAll(_ending).WaitAsync(TestClient.Patience);

    public async Task<TestClient> ConnectAsync(string listener = "echo", SslProtocols version = SslProtocols.Tls13)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync((IPEndPoint)_hosts[0].MailAddresses[listener]).WaitAsync(TestClient.Patience);
        return await TestClient.HandshakeAsync(new NetworkStream(socket, ownsSocket: true), versions: version);
    }

    /// <summary>Where the admin endpoint of the last one is.</summary>
    public Uri AdminUri() => new(
        Current.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last());

    public string AdminAddress() => AdminUri().Authority;

    /// <summary>Waits until <paramref name="host"/> has that many sessions.</summary>
    public static async Task SessionsAsync(GatewayHost host, int count)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (ControlOf(host).Sessions != count)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(new CancellationToken(canceled: true));
            await host.DisposeAsync();
        }

        Directory.Delete(_certificates, recursive: true);
    }

    private GatewaySettings Settings()
    {
        var settings = TestGateway.Settings(_certificates);
        return Change(settings with
        {
            Engine = EngineChoice.Native,
            Native = settings.Native with { Loops = 1 },
            Upgrade = new UpgradeSettings { Timeout = TestClient.Patience },
            Backends =
            [
                .. settings.Backends.Select(one => one with { Destinations = [Backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
            ],
        });
    }

    private async Task BuildAsync(HandoverInvitation invitation)
    {
        var host = GatewayHost.Build(new SettingsStore(Settings()), configure: services =>
        {
            services.AddSingleton(invitation);
            services.AddSingleton<ISuccessorLauncher>(new Launcher(this));
            services.AddSingleton<ILoggerProvider>(Ends);
            if (invitation.Path is not null)
            {
                Configure(services);
            }
        });
        try
        {
            await host.StartAsync(CancellationToken.None);
            _hosts.Add(host);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the successor in this process.</summary>
    private sealed class Launcher(UpgradeRig rig) : ISuccessorLauncher
    {
        public ISuccessorProcess Launch(string path) =>
            rig.Impostor is { } impostor
                ? impostor(path)
                : new Successor(rig._starting = Task.Run(() => rig.BuildAsync(new HandoverInvitation(path))));
    }

    private sealed class Successor(Task started) : ISuccessorProcess
    {
        public int Id => Environment.ProcessId;

        public Task<int> Exited { get; } = FailAsync(started);

        public void Kill()
        {
        }

        public void Dispose()
        {
        }

        private static async Task<int> FailAsync(Task started)
        {
            try
            {
                await started;
            }
            catch (GatewayStartException)
            {
                return 1;
            }

            return await new TaskCompletionSource<int>().Task;
        }
    }
}
