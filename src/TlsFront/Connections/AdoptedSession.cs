using Microsoft.AspNetCore.Connections;

namespace TlsFront.Connections;

/// <summary>
/// A session of the process before this one, as a feature of its client's connection: it was accepted, admitted, secured and connected there.
/// </summary>
/// <param name="snapshot">Its record.</param>
/// <param name="client">The client's connection.</param>
/// <param name="backend">The backend's.</param>
internal sealed class AdoptedSession(ConnectionSnapshot snapshot, ConnectionContext client, ConnectionContext backend) : IAsyncDisposable
{
    private ConnectionSnapshot? _snapshot = snapshot;

    /// <summary>The client's connection.</summary>
    public ConnectionContext Client => client;

    /// <summary>The backend's.</summary>
    public ConnectionContext Backend => backend;

    /// <summary>Its record, once: a session may last for days, and has no use for it any more.</summary>
    public ConnectionSnapshot TakeSnapshot()
    {
        var taken = _snapshot ?? throw new InvalidOperationException("The snapshot was taken.");
        _snapshot = null;
        return taken;
    }

    /// <summary>Closes both, without a word to anybody as long as it was not served.</summary>
    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await backend.DisposeAsync();
    }
}
