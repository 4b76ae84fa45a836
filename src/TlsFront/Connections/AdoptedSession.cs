using Microsoft.AspNetCore.Connections;

namespace TlsFront.Connections;

/// <summary>
/// A session of the process before this one, as a feature of its client's connection: it was accepted, admitted, secured and connected there.
/// </summary>
/// <param name="Snapshot">Its record.</param>
/// <param name="Client">The client's connection.</param>
/// <param name="Backend">The backend's.</param>
internal sealed record AdoptedSession(ConnectionSnapshot Snapshot, ConnectionContext Client, ConnectionContext Backend) : IAsyncDisposable
{
    /// <summary>Closes both, without a word to anybody as long as it was not served.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
