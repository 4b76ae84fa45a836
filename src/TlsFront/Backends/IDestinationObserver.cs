using TlsFront.Backends.Probes;
using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>Told of what probes and sessions saw of destinations, to make sense of it. Must be cheap and never throw.</summary>
internal interface IDestinationObserver
{
    /// <summary>A probe ended.</summary>
    void Probed(BackendSettings backend, string destination, ProbeResult result);

    /// <summary>
    /// Sessions fail in a row where the last probe was good; once until one is served again. <paramref name="words"/> is how the last one did.
    /// </summary>
    void SessionsFail(BackendSettings backend, string destination, string words);

    /// <summary>So many sessions in a row that have to log in were offered no way to; once until one is offered one again.</summary>
    void LoginNotOffered(BackendSettings backend, string destination, int sessions);
}
