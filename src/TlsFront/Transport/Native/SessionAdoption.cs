using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>Makes the sessions that another process gave away, and spreads them over the loops.</summary>
internal sealed class SessionAdoption(EventLoop[] loops, TlsContextCache contexts, ClientContextCache backendContexts, TimeProvider time)
{
    /// <summary>It is connected, and nobody asks where: its destination is known by name.</summary>
    private static readonly EndPoint NoEndPoint = new IPEndPoint(IPAddress.None, 0);

    private int _next;

    /// <inheritdoc cref="IAdoptingListener.Adopt"/>
    public (ConnectionContext Client, ConnectionContext Backend) Adopt(ref StateReader state, int client, int backend)
    {
        var loop = loops[(uint)Interlocked.Increment(ref _next) % (uint)loops.Length];
        var (clientSocket, backendSocket) = (new NativeSocket(client, loop.Objects), new NativeSocket(backend, loop.Objects));
        var connection = new NativeConnection(clientSocket, loop, contexts, time, local: null, remote: null);
        var behind = new NativeBackend(backendSocket, NoEndPoint, loop, backendContexts);
        try
        {
            connection.Import(ref state);
            behind.Import(ref state);
            return (connection, behind);
        }
        catch
        {
            connection.Leave();
            _ = behind.DisposeAsync().AsTask();
            throw;
        }
    }
}
