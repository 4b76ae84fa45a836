using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The secrets of one TLS 1.3 handshake (RFC 8446 section 7.1), which <see cref="KeyScheduleProvider"/> derives: records go on with the two for
/// application data, and all are wiped when the handshake is over. The thread knows whose handshake is at work: a loop drives one at a time.
/// </summary>
internal sealed unsafe class TrafficSecrets : IDisposable
{
    private const int ClientSlot = 0;
    private const int ServerSlot = 1;
    private const int FirstOther = 2;

    /// <summary>More than any handshake derives: with a pre-shared key, and tickets, 20 or so.</summary>
    private const int Slots = 32;

    /// <summary>A length and as many octets.</summary>
    private const int SlotLength = 1 + AeadSuite.MaxSecretLength;

    [ThreadStatic]
    private static TrafficSecrets? _atWork;

    private byte* _octets = (byte*)NativeMemory.AllocZeroed(Slots * SlotLength);
    private int _used = FirstOther;

    /// <summary>The client's; empty if it was not derived here.</summary>
    public ReadOnlySpan<byte> Client => Secret(ClientSlot);

    /// <summary>The server's; empty if it was not derived here.</summary>
    public ReadOnlySpan<byte> Server => Secret(ServerSlot);

    /// <summary>Shows what was derived under a label, as long as the hash, to the handshake at work on this thread.</summary>
    public static void Show(ReadOnlySpan<byte> label, ReadOnlySpan<byte> secret)
    {
        if (_atWork is not { } secrets)
        {
            return;
        }

        var slot = label.SequenceEqual("c ap traffic"u8) ? ClientSlot
            : label.SequenceEqual("s ap traffic"u8) ? ServerSlot
            : secrets._used < Slots ? secrets._used++
            : Slots - 1;
        // The last slot is used again if a handshake derives more than any does: then the secret before it is not wiped from the SSL.
        secrets._octets[slot * SlotLength] = (byte)secret.Length;
        secret.CopyTo(new Span<byte>(secrets._octets + (slot * SlotLength) + 1, AeadSuite.MaxSecretLength));
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

    /// <summary>Wipes the copies of them in an <c>SSL</c> that is about to be freed: OpenSSL leaves them behind.</summary>
    public void WipeCopies(nint ssl)
    {
        // Safe: SSL_new returns the start of one block of malloc, also since 3.2, where the SSL is the first member of a larger structure. Only
        // octets that equal a secret are changed.
        var memory = new Span<byte>((void*)ssl, MallocBlock.SizeOf(ssl));
        for (var slot = 0; slot < _used; slot++)
        {
            var secret = Secret(slot);
            for (var rest = memory; !secret.IsEmpty && rest.IndexOf(secret) is >= 0 and var at; rest = rest[(at + secret.Length)..])
            {
                CryptographicOperations.ZeroMemory(rest.Slice(at, secret.Length));
            }
        }
    }

    public void Dispose()
    {
        if (_octets is not null)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_octets, Slots * SlotLength));
            NativeMemory.Free(_octets);
            _octets = null;
        }
    }

    private ReadOnlySpan<byte> Secret(int slot) =>
        _octets is null ? default : new(_octets + (slot * SlotLength) + 1, _octets[slot * SlotLength]);
}
