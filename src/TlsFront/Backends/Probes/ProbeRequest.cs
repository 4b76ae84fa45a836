namespace TlsFront.Backends.Probes;

/// <summary>A probe in the shape YARP's monitor sends one in: an HTTP request that never becomes one.</summary>
/// <param name="backend">Name of the backend.</param>
/// <param name="destination">Its destination.</param>
internal sealed class ProbeRequest(string backend, string destination) : HttpRequestMessage
{
    public string Backend => backend;

    public string Destination => destination;
}
