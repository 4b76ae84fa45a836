namespace TlsFront.Connections;

/// <summary>Tells those who wait for something else that the client left meanwhile.</summary>
internal interface IClientWatch
{
    /// <summary>
    /// Set once the client is lost, or ended its half without having asked for anything: one that did may be waiting for the answer. Between runs of
    /// a session only. Engines begin to watch when it is first asked for.
    /// </summary>
    CancellationToken ClientLeft { get; }
}
