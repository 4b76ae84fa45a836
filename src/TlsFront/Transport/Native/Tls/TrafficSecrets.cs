using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The two application traffic secrets of one TLS 1.3 handshake. OpenSSL tells them in one way only, its key log: a line for each secret, to a
/// callback of the context. They are wiped when the handshake is over. The thread knows whose handshake is at work: a loop drives one at a time.
/// </summary>
internal sealed unsafe class TrafficSecrets : IDisposable
{
    /// <summary>A line is its label, the client's random in hexadecimal, a space, and the secret in hexadecimal.</summary>
    private const int RandomDigits = 64;

    [ThreadStatic]
    private static TrafficSecrets? _atWork;

    private byte* _octets = (byte*)NativeMemory.AllocZeroed(2 * AeadSuite.MaxSecretLength);
    private int _clientLength;
    private int _serverLength;

    /// <summary>The client's; empty if it was not told.</summary>
    public ReadOnlySpan<byte> Client => new(_octets, _clientLength);

    /// <summary>The server's; empty if it was not told.</summary>
    public ReadOnlySpan<byte> Server => new(_octets + AeadSuite.MaxSecretLength, _serverLength);

    private static ReadOnlySpan<byte> ClientLabel => "CLIENT_TRAFFIC_SECRET_0 "u8;

    private static ReadOnlySpan<byte> ServerLabel => "SERVER_TRAFFIC_SECRET_0 "u8;

    /// <summary>Has the secrets of handshakes with <paramref name="context"/> told.</summary>
    public static void Attach(SslContextHandle context) => OpenSsl.SSL_CTX_set_keylog_callback(context, &TakeLine);

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

    /// <summary>Safe: OpenSSL's line ends with a zero, it wipes the line itself, and nothing is thrown into it.</summary>
    [UnmanagedCallersOnly]
    private static void TakeLine(nint ssl, byte* text)
    {
        try
        {
            _atWork?.Take(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
        catch
        {
            // Without a secret the session stays with OpenSSL.
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(ClientLabel))
        {
            _clientLength = Decode(line[ClientLabel.Length..], new(_octets, AeadSuite.MaxSecretLength));
        }
        else if (line.StartsWith(ServerLabel))
        {
            _serverLength = Decode(line[ServerLabel.Length..], new(_octets + AeadSuite.MaxSecretLength, AeadSuite.MaxSecretLength));
        }
    }

    private static int Decode(ReadOnlySpan<byte> line, Span<byte> secret) =>
        line.Length > RandomDigits + 1 && Convert.FromHexString(line[(RandomDigits + 1)..], secret, out _, out var written) == OperationStatus.Done
            ? written
            : 0;
}
