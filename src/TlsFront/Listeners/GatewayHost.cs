using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using TlsFront.Admin;
using TlsFront.Admission;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Diagnosis;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Inventory;
using TlsFront.Listeners.Upgrade;
using TlsFront.Policies;
using TlsFront.Routing;
using TlsFront.Routing.Lookup;
using TlsFront.Systemd;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Export;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Tickets;
using TlsFront.Transport;
using TlsFront.Transport.Native;

namespace TlsFront.Listeners;

/// <summary>The whole gateway as one host: mail listeners, admin endpoint, reload and drain.</summary>
internal sealed partial class GatewayHost : IAsyncDisposable
{
    /// <summary>For the admin endpoint's last answers: mail is drained before the host stops.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the first probes: orchestrators give a start about that long.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _atOnce = new();
    private int _stopSignals;
    private MailServer? _server;

    private GatewayHost(WebApplication app) => _app = app;

    /// <summary>Services of the gateway, for the demo and for tests.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Addresses of the mail listeners as bound.</summary>
    public IReadOnlyDictionary<string, EndPoint> MailAddresses => Services.GetRequiredService<MailListeners>().Bound;

    /// <summary>Composes a gateway.</summary>
    /// <param name="settings">The settings to start with.</param>
    /// <param name="loader">Where they came from and are read from anew; null where they do not change.</param>
    /// <param name="configure">May replace services.</param>
    /// <exception cref="GatewayStartException"><c>native.openssl</c> or <c>inventory</c> cannot be used.</exception>
    public static GatewayHost Build(SettingsStore settings, SettingsLoader? loader = null, Action<IServiceCollection>? configure = null)
    {
        var now = settings.Current;
        if (!now.Engine.IsManaged() && now.Native.OpenSsl is { } folder && !OpenSslLibrary.TryLoad(folder, out var obstacle))
        {
            throw new GatewayStartException($"native.openssl: {obstacle}");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddTlsFrontConsole(now.Log);

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAsConfigured(now));
        var services = builder.Services;
        services.Configure<HostOptions>(static options => options.ShutdownTimeout = StopTimeout);
        services.AddSingleton(TimeProvider.System);
        services.AddSettings(settings, loader);
        services.AddTlsFrontTelemetry(now.Telemetry);
        services.AddSystemd();
        services.AddHandover();
        services.AddTransport(now);
        services.AddTls();
        services.AddBackends();
        services.AddAdmission();
        services.AddUserRouting();
        services.AddPolicies();
        if (services.AddInventory(now.Inventory) is { } lack)
        {
            throw new GatewayStartException(lack);
        }

        services.AddSessions();
        services.AddDiagnosis();
        services.AddAdmin();
        services.AddListeners();
        if (loader is not null)
        {
            services.AddSingleton<IReloadHandler, UpgradeOnReload>();
        }

        configure?.Invoke(services);

        var app = builder.Build();
        app.MapAdmin();
        app.MapMetrics();
        app.MapBackends();
        return new GatewayHost(app);
    }

    /// <summary>Binds and serves.</summary>
    /// <exception cref="GatewayStartException">An address cannot be bound.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        var settings = Services.GetRequiredService<SettingsStore>().Current;
        IReadOnlyList<string> problems =
        [
            .. Services.GetRequiredService<CertificateStore>().UpdateSources(settings.Certificates, settings.OwnCertificates),
            .. Services.GetRequiredService<TicketKeyStore>().UpdateFiles(settings.TicketKeys),
            .. Services.GetRequiredService<ClientCertificateStore>().Problems,
            .. Services.GetRequiredService<MasterAccounts>().Problems,
            .. Services.GetRequiredService<UserRouter>().Problems,
            .. Services.GetRequiredService<UserLookups>().Problems,
            .. Services.GetRequiredService<LoginPolicies>().Problems,
            .. Services.GetService<InventoryWriter>()?.Prepare() is { } lack ? new[] { lack } : [],
            .. Services.GetRequiredService<InheritedSockets>().Problems(
                settings.Listeners.Select(static listener => BoundAddress.Of(listener.Address)).Append(BoundAddress.Of(settings.Admin.Address))),
        ];
        if (problems.Count > 0)
        {
            throw new GatewayStartException(string.Join(Environment.NewLine, problems));
        }

        var predecessor = Services.GetRequiredService<Predecessor>();
        if (predecessor.IsPresent)
        {
            await MeetAsync(predecessor);
        }

        try
        {
            _server = Services.GetRequiredService<MailServer>();
            await _app.StartAsync(stop);
        }
        catch (Exception exception) when (exception is SocketException or IOException { InnerException: AddressInUseException })
        {
            // The others speak for themselves.
            throw new GatewayStartException(
                BindFailure.Describe("admin.address", settings.Admin.Address, exception.InnerException ?? exception), exception);
        }
        catch (AdminSocketException exception)
        {
            throw new GatewayStartException($"admin.socket: {exception.Message}", exception);
        }

        Services.GetRequiredService<ObservedFigures>().Observe();
        var isProbed = AwaitProbesAsync(settings, _app.Lifetime.ApplicationStopping);
        if (predecessor.IsPresent)
        {
            await isProbed;
            await TakeOverAsync(predecessor);
        }

        _ = BecomeReadyAsync(isProbed);
        var logger = Services.GetRequiredService<ILogger<GatewayHost>>();
        foreach (var listener in settings.Listeners)
        {
            Log.Listening(logger, listener.Name, listener.ProtocolName, listener.SecurityName, MailAddresses[listener.Name], listener.Backend);
        }

        var engine = Services.GetRequiredService<TransportEngine>();
        if (settings.TicketKeys.Count > 0 && settings.Engine != EngineChoice.Managed && engine.Name != NativeEngine.Name)
        {
            Log.TicketKeysUnused(logger, engine.Name);
        }

        Log.Started(logger, settings.HostName, engine.Name, engine.TlsLibrary, BoundAddress.Of(settings.Admin.Address));
        Services.GetRequiredService<ServiceNotifier>().Ready();
    }

    /// <summary>Starts and serves.</summary>
    public async Task RunAsync(CancellationToken stop = default)
    {
        await StartAsync(stop);
        await ServeAsync(stop);
    }

    /// <summary>Serves, once started, until a signal or <paramref name="stop"/> asks for the end, drains, and stops.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        var control = Services.GetRequiredService<GatewayControl>();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStopSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStopSignal);
        await using var registration = stop.Register(control.Drain);

        // A background service that fails stops the host; half of a gateway would go on.
        await using var stopping = _app.Lifetime.ApplicationStopping.Register(control.Drain);
        await Task.Delay(Timeout.Infinite, control.DrainRequested).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await StopAsync(_atOnce.Token);
    }

    /// <summary>Drains and stops; <paramref name="atOnce"/> ends whatever is left without waiting.</summary>
    public async Task StopAsync(CancellationToken atOnce = default)
    {
        var drain = Services.GetRequiredService<DrainCoordinator>().DrainAsync(atOnce);
        Services.GetRequiredService<ServiceNotifier>().Stopping();
        await drain;
        await _app.StopAsync(atOnce);
    }

    public async ValueTask DisposeAsync()
    {
        // Also after a start that failed; disposed without it, each exporter waits for its collector in turn.
        await Services.GetRequiredService<ExportShutdown>().RunAsync(_atOnce.Token);

        // After a failed start nobody has signalled the stop, and the host would log services that end here as failed.
        _app.Lifetime.StopApplication();

        // Before what its connections use.
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _app.DisposeAsync();
        _atOnce.Dispose();
    }

    /// <summary>Introduces this process to the one that it is to replace, and takes over what operators decided there.</summary>
    private async Task MeetAsync(Predecessor predecessor)
    {
        try
        {
            await Task.Run(predecessor.Meet);
        }
        catch (HandoverException exception)
        {
            throw new GatewayStartException($"the running gateway cannot be replaced: {exception.Message}", exception);
        }

        Services.GetRequiredService<DecisionsIntake>().Apply(predecessor.Decisions);
    }

    /// <summary>Takes the place of the process before this one. It serves until this one does.</summary>
    private async Task TakeOverAsync(Predecessor predecessor)
    {
        Services.GetRequiredService<ListeningSockets>().CloseRest();

        // It serves from here on: who ends it now means an end with goodbyes.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStopSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStopSignal);
        try
        {
            predecessor.Channel.Send(MessageKind.Ready);
            var intake = Services.GetRequiredService<SessionIntake>();
            intake.Start();
            await intake.BecomeGatewayAsync(Services.GetRequiredService<GatewayControl>().DrainRequested);
        }
        catch (HandoverException exception)
        {
            throw new GatewayStartException($"the running gateway was not replaced: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Clients come once it is known which destinations serve; a destination that does not answer must not keep them waiting for ever. Listeners
    /// accept meanwhile: whoever connects all the same is served as well as can be. False if the gateway stops before.
    /// </summary>
    private async Task<bool> AwaitProbesAsync(GatewaySettings settings, CancellationToken stop)
    {
        var limit = settings.Backends.Max(backend => backend.Health.Timeout);
        try
        {
            if (!await Services.GetRequiredService<DestinationStates>().FirstProbesAsync(limit < LongestStart ? limit : LongestStart, stop))
            {
                Log.ReadyUnprobed(Services.GetRequiredService<ILogger<GatewayHost>>());
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task BecomeReadyAsync(Task<bool> isProbed)
    {
        if (await isProbed)
        {
            Services.GetRequiredService<Readiness>().Ready();
        }
    }

    private void OnStopSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _stopSignals) > 1)
        {
            _atOnce.Cancel();
        }
        else
        {
            // Asked to drain already, by a command say, this signal is the first all the same: the one of a service manager.
            Services.GetRequiredService<GatewayControl>().Drain();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            100, LogLevel.Information, "Listener {Listener}: {Protocol}, {Security}, on {Address} to backend {Backend}", EventName = "Listening")]
        public static partial void Listening(ILogger logger, string listener, string protocol, string security, EndPoint address, string backend);

        [LoggerMessage(
            101, LogLevel.Information, "TlsFront {HostName} started with the {Engine} engine ({TlsLibrary}); admin on http://{Admin}",
            EventName = "Started")]
        public static partial void Started(ILogger logger, string hostName, string engine, string tlsLibrary, IPEndPoint admin);

        [LoggerMessage(
            102, LogLevel.Warning, "tls.ticketKeys has no effect: the {Engine} engine makes no session tickets", EventName = "TicketKeysUnused")]
        public static partial void TicketKeysUnused(ILogger logger, string engine);

        [LoggerMessage(103, LogLevel.Warning, "Ready, though some destinations have not answered their first probe yet", EventName = "ReadyUnprobed")]
        public static partial void ReadyUnprobed(ILogger logger);
    }
}
