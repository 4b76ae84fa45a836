using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TlsFront.Benchmarks.Load.Tls;

/// <summary>A connection over TLS 1.3.</summary>
internal sealed class TlsWire : Wire
{
    private nint _ssl;

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="context">Of the client.</param>
    /// <param name="port">Of the proxy, on 127.0.0.1.</param>
    /// <param name="serverName">Sent as SNI.</param>
    /// <param name="session">To resume, if the proxy agrees.</param>
    /// <param name="opening">What is said in cleartext before; null for nothing.</param>
    public TlsWire(TlsContext context, int port, string serverName, TlsSession? session = null, Action<Wire>? opening = null)
        : base(Connect(port))
    {
        try
        {
            opening?.Invoke(new PlainWire(Socket));
        }
        catch (LoadException)
        {
            Socket.Dispose();
            throw;
        }

        _ssl = OpenSsl.NewSsl(context.Handle);
        _ = OpenSsl.SetDescriptor(_ssl, (int)Socket.Handle);
        OpenSsl.Control(_ssl, OpenSsl.ServerName, 0, serverName);
        if (session is not null)
        {
            _ = OpenSsl.SetSession(_ssl, session.Handle);
        }

        if (OpenSsl.Connect(_ssl) != 1)
        {
            Dispose();
            throw new LoadException("handshake");
        }
    }

    /// <summary>Whether the handshake was an abbreviated one.</summary>
    public bool IsResumed => OpenSsl.IsReused(_ssl) == 1;

    /// <summary>Version, cipher suite, group and key of the certificate, for people.</summary>
    public string Describe()
    {
        var certificate = OpenSsl.TakeCertificate(_ssl);
        var bits = certificate == 0 ? 0 : OpenSsl.GetKeyBits(OpenSsl.GetKey(certificate));
        OpenSsl.FreeCertificate(certificate);
        var group = (int)OpenSsl.Control(_ssl, OpenSsl.NegotiatedGroup, 0, 0);
        return $"{Text(OpenSsl.GetVersion(_ssl))} {Text(OpenSsl.GetCipherName(OpenSsl.GetCipher(_ssl)))} {GroupName(group)} {bits}-bit key";
    }

    /// <summary>
    /// The session to resume later. In TLS 1.3 it arrives behind the handshake: read something first. Null if the proxy gave none but the
    /// <paramref name="used"/> one, which is not to be used again (RFC 8446 appendix C.4).
    /// </summary>
    public TlsSession? TakeSession(TlsSession? used)
    {
        var session = OpenSsl.TakeSession(_ssl);
        if (session != 0 && (OpenSsl.IsResumable(session) == 0 || session == used?.Handle))
        {
            OpenSsl.FreeSession(session);
            return null;
        }

        return session == 0 ? null : new TlsSession(session);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> into)
    {
        var from = Stopwatch.GetTimestamp();
        while (true)
        {
            var read = OpenSsl.Read(_ssl, into, into.Length);
            if (read > 0)
            {
                return read;
            }

            // A socket with a timeout is interrupted by any signal, such as that of a child process that ended; the timeout itself looks the same.
            switch (OpenSsl.GetError(_ssl, read))
            {
                case OpenSsl.ErrorZeroReturn:
                    return 0;
                case OpenSsl.ErrorWantRead when Stopwatch.GetElapsedTime(from) < Patience:
                    continue;
                default:
                    throw new LoadException("read");
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        // Blocking and without partial writes: all or an error.
        if (OpenSsl.Write(_ssl, bytes, bytes.Length) != bytes.Length)
        {
            throw new LoadException("write");
        }
    }

    /// <summary>Ends our half: close_notify and FIN. What the peer sends can still be read.</summary>
    public void EndOutput()
    {
        _ = OpenSsl.Shutdown(_ssl);
        Socket.Shutdown(SocketShutdown.Send);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Free();
        base.Reset();
    }

    /// <summary>close_notify, then the end.</summary>
    public override void Dispose()
    {
        if (_ssl != 0)
        {
            _ = OpenSsl.Shutdown(_ssl);
            Free();
        }

        base.Dispose();
    }

    private void Free()
    {
        OpenSsl.FreeSsl(_ssl);
        _ssl = 0;

        // Errors of this connection would be taken for errors of the thread's next.
        OpenSsl.ClearErrors();
    }

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    // OpenSSL answers with the NID of a curve it has a name for.
    private static string GroupName(int group) => group switch
    {
        1034 => "x25519",
        415 => "secp256r1",
        715 => "secp384r1",
        _ => $"group {group}",
    };
}
