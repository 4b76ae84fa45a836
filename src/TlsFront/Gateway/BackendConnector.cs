using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Gateway;

/// <summary>Starts the tries of one session to reach its backend.</summary>
internal sealed class BackendConnector(
    DestinationPicker picker, BackendPools pools, BackendDialer dialer, SessionVerdicts verdicts, TimeProvider time, ILogger<BackendConnector> logger)
{
    /// <summary>
    /// A new series of tries to reach <paramref name="target"/> for the session of <paramref name="client"/>, which speaks
    /// <paramref name="protocol"/>.
    /// </summary>
    public BackendAttempt Begin(SessionTarget target, MailProtocol protocol, IClientWatch client, ConnectionRecord record, TimeSpan budget) =>
        new(target, protocol, client, record, budget, picker, dialer, verdicts, time, logger);

    /// <summary>
    /// What was such a series in another process, with the place that it led to; null for a backend that is none of
    /// <paramref name="backends"/> any more.
    /// </summary>
    public BackendAttempt? Resume(
        IReadOnlyDictionary<string, BackendSettings> backends, MailProtocol protocol, IClientWatch client, ConnectionRecord record)
    {
        if (record is not { Backend: { } name, Destination: { } destination } || !backends.TryGetValue(name, out var backend))
        {
            return null;
        }

        var attempt = Begin(new SessionTarget(backend), protocol, client, record, TimeSpan.Zero);
        attempt.Resume(pools.Of(name).Enter(destination));
        return attempt;
    }
}
