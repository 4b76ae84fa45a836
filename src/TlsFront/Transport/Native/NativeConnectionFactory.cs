using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>Connects backends: by address or by Unix socket.</summary>
internal sealed class NativeConnectionFactory(EventLoop[] loops, ClientContextCache contexts, NativeObjects objects) : IConnectionFactory
{
    private int _next;

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var loop = loops[(uint)Interlocked.Increment(ref _next) % (uint)loops.Length];
        var descriptor = await new BackendConnect(endpoint, loop).ConnectAsync(cancellationToken);
        return new NativeBackend(new NativeSocket(descriptor, objects), endpoint, loop, contexts);
    }
}
