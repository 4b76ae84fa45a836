using TlsFront.Backends;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Gateway;

/// <summary>Starts the tries of one session to reach its backend.</summary>
internal sealed class BackendConnector(
    DestinationPicker picker, BackendDialer dialer, SessionVerdicts verdicts, TimeProvider time, ILogger<BackendConnector> logger)
{
    /// <summary>
    /// A new series of tries to reach <paramref name="target"/> for the session of <paramref name="client"/>, which speaks
    /// <paramref name="protocol"/>.
    /// </summary>
    public BackendAttempt Begin(SessionTarget target, MailProtocol protocol, IClientWatch client, ConnectionRecord record, TimeSpan budget) =>
        new(target, protocol, client, record, budget, picker, dialer, verdicts, time, logger);
}
