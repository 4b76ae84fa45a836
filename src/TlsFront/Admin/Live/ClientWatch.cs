using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Admin.Live;

/// <summary>
/// Replays the recorded hellos to the configuration in force, once for it and its certificates, when somebody looks. Who looks never waits.
/// </summary>
internal sealed partial class ClientWatch(
    SettingsStore settings, CertificateStore certificates, ClientCertificateStore clients, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<ClientWatch> logger)
{
    /// <summary>Listeners and routed names to which hellos are replayed, listeners first: more nobody reads.</summary>
    private const int MostPlaces = 50;

    /// <summary>After this the replay is given up, for this configuration.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private (GatewaySettings Settings, CertificateSnapshot Certificates)? _checked;
    private LiveClients _last = LiveClients.Checking;
    private bool _isChecking;

    /// <summary>What is known; of another configuration until this one is checked.</summary>
    public LiveClients Look()
    {
        lock (_gate)
        {
            var now = (settings.Current, certificates.Current);
            if (!_isChecking && _checked != now && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                Begin(now.Item1);
                _checked = now;
            }

            return _last;
        }
    }

    /// <summary>Begins to check, on a thread that handshakes of clients go before where the system knows priorities.</summary>
    private void Begin(GatewaySettings now)
    {
        _isChecking = true;
        try
        {
            new Thread(() => CheckAsync(now).GetAwaiter().GetResult())
            {
                Name = "client check",
                IsBackground = true,
                Priority = ThreadPriority.BelowNormal,
            }.Start();
        }
        catch
        {
            // There is no thread to be had; the next who looks tries again.
            _isChecking = false;
            throw;
        }
    }

    private async Task CheckAsync(GatewaySettings now)
    {
        var result = LiveClients.Checking with { State = "failed" };
        using var deadline = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, lifetime.ApplicationStopping);
        try
        {
            var targets = CompatibilityCheck.TargetsOf(now, certificates, clients);
            var shown = targets.OrderBy(static target => target.Route is not null).Take(MostPlaces).ToList();
            var reports = await CompatibilityCheck.RunAsync(now, shown, HelloSet.ReadShipped(), time, stop.Token);
            result = new("checked", [.. ClientPlace.Of(reports).Select(Place)], targets.Count - shown.Count);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // A page is not worth a gateway.
            Log.Failed(logger, exception);
        }

        lock (_gate)
        {
            (_isChecking, _last) = (false, result);
        }
    }

    private static LiveClients.Place Place(ClientPlace place) => new(
        place.Names, place.Served,
        [.. place.Outcomes.Where(static entry => entry.Outcome.NeedsPolicy).Select(static entry => entry.Client)],
        [
            .. place.Outcomes.Where(static entry => !entry.Outcome.Accepted)
                .Select(static entry => new LiveClients.Refusal(entry.Client, entry.Outcome.Reason!)),
        ]);

    private static partial class Log
    {
        [LoggerMessage(225, LogLevel.Error, "Recorded ClientHellos could not be replayed", EventName = "ClientCheckFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
