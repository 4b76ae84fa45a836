using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The two application traffic secrets of one TLS 1.3 handshake (RFC 8446 section 7.1), which <see cref="KeyScheduleProvider"/> derives. They are
/// wiped when the handshake is over. The thread knows whose handshake is at work: a loop drives one at a time.
/// </summary>
internal sealed unsafe class TrafficSecrets : IDisposable
{
    [ThreadStatic]
    private static TrafficSecrets? _atWork;

    private byte* _octets = (byte*)NativeMemory.AllocZeroed(2 * AeadSuite.MaxSecretLength);
    private int _clientLength;
    private int _serverLength;

    /// <summary>The client's; empty if it was not derived here.</summary>
    public ReadOnlySpan<byte> Client => new(_octets, _clientLength);

    /// <summary>The server's; empty if it was not derived here.</summary>
    public ReadOnlySpan<byte> Server => new(_octets + AeadSuite.MaxSecretLength, _serverLength);

    /// <summary>Shows what was derived under a label to the handshake at work on this thread.</summary>
    public static void Show(ReadOnlySpan<byte> label, ReadOnlySpan<byte> secret)
    {
        if (_atWork is not { } secrets)
        {
            return;
        }

        if (label.SequenceEqual("c ap traffic"u8))
        {
            secret.CopyTo(new Span<byte>(secrets._octets, AeadSuite.MaxSecretLength));
            secrets._clientLength = secret.Length;
        }
        else if (label.SequenceEqual("s ap traffic"u8))
        {
            secret.CopyTo(new Span<byte>(secrets._octets + AeadSuite.MaxSecretLength, AeadSuite.MaxSecretLength));
            secrets._serverLength = secret.Length;
        }
    }

    /// <summary>Goes on with a handshake whose secrets these are.</summary>
    public int Handshake(nint ssl)
    {
        _atWork = this;
        try
        {
            return OpenSsl.SSL_do_handshake(ssl);
        }
        finally
        {
            _atWork = null;
            Hmac.Wipe();
        }
    }

    public void Dispose()
    {
        if (_octets is not null)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_octets, 2 * AeadSuite.MaxSecretLength));
            NativeMemory.Free(_octets);
            _octets = null;
            (_clientLength, _serverLength) = (0, 0);
        }
    }
}
