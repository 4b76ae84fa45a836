using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Admin.Live;

/// <summary>
/// Replays the recorded hellos to the configuration in force, once for it and its certificates, when somebody looks. Who looks never waits.
/// </summary>
internal sealed partial class ClientWatch(
    SettingsStore settings, CertificateStore certificates, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ClientWatch> logger)
{
    /// <summary>Places that are shown: more listeners and routes on different terms nobody reads.</summary>
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
                (_isChecking, _checked) = (true, now);
                _ = Task.Run(() => CheckAsync(now.Item1));
            }

            return _last;
        }
    }

    private async Task CheckAsync(GatewaySettings now)
    {
        var result = LiveClients.Checking with { State = "failed" };
        using var deadline = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, lifetime.ApplicationStopping);
        try
        {
            var reports = await CompatibilityCheck.RunAsync(now, HelloSet.ReadShipped(), time, stop.Token);
            result = new("checked", [.. ClientPlace.Of(reports).Take(MostPlaces).Select(Place)]);
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
        [LoggerMessage(225, LogLevel.Error, "What recorded clients get could not be found out", EventName = "ClientCheckFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
