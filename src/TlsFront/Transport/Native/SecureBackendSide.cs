using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>The side of a backend that is spoken to in TLS.</summary>
internal sealed class SecureBackendSide : TlsSide
{
    /// <param name="socket">Its socket.</param>
    /// <param name="loop">The session's loop.</param>
    /// <param name="tls">TLS as the handshake left it, perhaps in another loop.</param>
    /// <param name="cipher">Ciphertext received behind the handshake.</param>
    public SecureBackendSide(NativeSocket socket, EventLoop loop, NativeTls tls, ReadOnlySpan<byte> cipher)
        : this(socket, loop)
    {
        tls.Attach(loop.Scratch.BackendBio);
        SetTls(tls.Complete(loop.Scratch.Aead));
        SaveCipher(cipher);
    }

    /// <summary>One whose state is to be restored.</summary>
    public SecureBackendSide(NativeSocket socket, EventLoop loop)
        : base(socket, loop, loop.Scratch.FromBackend, loop.Scratch.ToBackend, loop.Scratch.BackendBio)
    {
    }

    /// <summary>close_notify, then the end of our half.</summary>
    public override void EndOutput()
    {
        if (!OutputEnded)
        {
            WriteEnd();
            Flush();
        }

        base.EndOutput();
    }
}
