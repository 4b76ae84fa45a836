namespace TlsFront.Connections;

/// <summary>What happens to destinations apart from any client's connection. Must be cheap and never throw.</summary>
internal interface IBackendEvents
{
    /// <summary>A probe of a destination failed; <paramref name="failure"/> is a word for the metric.</summary>
    void ProbeFailed(string backend, string destination, string failure);
}
