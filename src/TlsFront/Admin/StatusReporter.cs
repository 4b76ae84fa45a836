using TlsFront.Admission;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Tls.Certificates;
using TlsFront.Transport;

namespace TlsFront.Admin;

/// <summary>Gathers what <c>/api/v1/</c> shows.</summary>
internal sealed class StatusReporter(
    SettingsStore settings, IGatewayControl control, TransportEngine engine, Readiness readiness, DestinationStates destinations,
    TlsFrontMetrics metrics,
    CertificateStore certificates, ConnectionBudget budget, IServiceProvider services, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>Everything.</summary>
    /// <param name="isTrusted">Whether the one who asks may give commands, and so see values of the configuration.</param>
    public GatewayStatus Status(bool isTrusted) => new(
        ProgramVersion.Text,
        settings.Current.HostName,
        engine.Name,
        time.GetUtcNow(),
        _started,
        readiness.State,
        control.Connections,
        control.Sessions,
        Listeners(),
        Backends(),
        Certificates(),
        new LimitStatus(budget.Limit),
        Configuration(isTrusted));

    /// <summary>The backends alone.</summary>
    public IReadOnlyList<BackendStatus> Backends()
    {
        var queues = destinations.Queues().ToDictionary();
        return [.. settings.Current.Backends.Select(backend => new BackendStatus(
            backend.Name,
            backend.Kind.ToString().ToLowerInvariant(),
            queues.GetValueOrDefault(backend.Name),
            [.. destinations.Of(backend).Select(Destination)]))];
    }

    private DestinationStatus Destination(Destination destination) => new(
        destination.Address,
        !destination.IsAvailable ? "unhealthy" : destination.GoodProbes > 0 ? "healthy" : "unknown",
        destination.IsAvailable ? null : destination.Trouble,
        destination.Sessions,
        destination.IsDrained,
        !destination.IsAvailable && destination.EjectedUntil is { } until && until > time.GetUtcNow() ? until : null,
        destination.LastProbe is { } probe
            ? new ProbeStatus(
                probe.At, probe.Result.Failure ?? "good", probe.Result.IsGood ? null : probe.Result.Words,
                Math.Round(probe.Elapsed.TotalMilliseconds, 1))
            : null);

    private IReadOnlyList<ListenerStatus> Listeners()
    {
        var addresses = control.Addresses;
        var traffic = metrics.Listeners.ToDictionary(static listener => listener.Listener);
        return [.. settings.Current.Listeners.Select(listener => new ListenerStatus(
            listener.Name,
            addresses.GetValueOrDefault(listener.Name)?.ToString(),
            listener.ProtocolName,
            listener.SecurityName,
            listener.Backend,
            traffic.GetValueOrDefault(listener.Name)?.OpenConnections ?? 0,
            traffic.GetValueOrDefault(listener.Name)?.Accepted ?? 0,
            listener.Limits.Connections))];
    }

    private IReadOnlyList<CertificateStatus> Certificates()
    {
        var now = certificates.Now;
        return [.. certificates.Current.All.Select(certificate => new CertificateStatus(
            certificate.Source, certificate.Names, certificate.NotAfter, (int)Math.Floor((certificate.NotAfter - now).TotalDays)))];
    }

    /// <summary>The demo and tests have no file.</summary>
    private ConfigurationStatus? Configuration(bool isTrusted) => services.GetService<SettingsReloader>() is not { } reloader ? null
        : reloader.Last is not { } last ? new(reloader.Path, null, null, [], [], null)
        : new(
            reloader.Path, last.At, last.Succeeded, last.Changes, last.NeedsRestart,
            isTrusted ? [.. last.Problems.Select(static problem => problem.ToString())] : null);
}
