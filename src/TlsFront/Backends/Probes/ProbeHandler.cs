using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Backends.Probes;

/// <summary>
/// Answers the requests of YARP's monitor with what a probe found. It never throws: a failed probe is an expected end. Every probe but the first
/// waits up to a tenth of the interval, so that gateways that were started together do not stay together.
/// </summary>
internal sealed class ProbeHandler(
    DestinationProbe probe, SettingsStore settings, BackendPools pools, IBackendEvents events, IDestinationObserver observer,
    TimeProvider time) : HttpMessageHandler
{
    /// <summary>Part of the interval by which probes are put off at most.</summary>
    public const double Jitter = 0.1;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = (ProbeRequest)request;
        if (settings.Current.Backends.FirstOrDefault(backend => backend.Name == asked.Backend) is { } backend)
        {
            var destination = pools.Of(asked.Backend).Get(asked.Destination);
            if (destination.IsProbed)
            {
                await Task.Delay(backend.Health.Interval * (Jitter * Random.Shared.NextDouble()), time, cancellationToken);
            }

            var began = time.GetTimestamp();
            var result = await probe.RunAsync(backend, asked.Destination, cancellationToken);
            destination.Probed(new ProbeNote(time.GetUtcNow(), time.GetElapsedTime(began), result));
            observer.Probed(backend, asked.Destination, result);
            if (!result.IsGood)
            {
                events.ProbeFailed(asked.Backend, asked.Destination, result.Failure!);
            }
        }

        // The verdict is the policy's, from what was noted; this is for YARP's own log.
        return new HttpResponseMessage(HttpStatusCode.OK);
    }
}
