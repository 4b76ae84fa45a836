using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;

namespace TlsFront.Transport;

/// <summary>A listener of an engine that serves sessions which another process accepted, beside those that it accepts.</summary>
internal interface IAdoptingListener
{
    /// <summary>Sockets that accept for it, for the process that follows.</summary>
    IReadOnlyList<int> Descriptors { get; }

    /// <summary>Whether a session waits to be served.</summary>
    bool HasAdopted { get; }

    /// <summary>Makes the session of a state. Nothing is read and nothing is written before <see cref="Serve"/>.</summary>
    /// <param name="state">Written by <see cref="IFrozenSession"/>; left at the machine's part.</param>
    /// <param name="client">The client's socket, owned from here on, whatever happens.</param>
    /// <param name="backend">The backend's, likewise.</param>
    /// <exception cref="HandoverException">The state makes no sense here.</exception>
    (ConnectionContext Client, ConnectionContext Backend) Adopt(ref StateReader state, int client, int backend);

    /// <summary>Has it served; false if the listener accepts no more.</summary>
    bool Serve(ConnectionContext client);
}
