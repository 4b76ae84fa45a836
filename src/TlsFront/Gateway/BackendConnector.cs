using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Gateway;

/// <summary>Starts the tries of one session to reach its backend.</summary>
internal sealed class BackendConnector(
    DestinationPicker picker, IConnectionFactory factory, TimeProvider time, ILogger<BackendConnector> logger)
{
    /// <summary>A new series of tries for the session of <paramref name="record"/>.</summary>
    public BackendAttempt Begin(BackendSettings backend, ConnectionRecord record, TimeSpan budget) =>
        new(backend.Name, ProxyHeaderProfile.For(backend.Kind, backend.ProxyProtocol), record, budget, picker, factory, time, logger);
}
