using TlsFront.Handover;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// TLS once its handshake is over: ciphertext of the loop's scratch becomes plaintext, and plaintext becomes ciphertext there. The session does not
/// know what implements it: OpenSSL's <c>SSL</c>, <see cref="Tls13Records"/> or <see cref="Tls12Records"/>.
/// </summary>
internal interface IRecordLayer : IDisposable
{
    /// <summary>Whether the peer said close_notify: it will send nothing more.</summary>
    bool PeerClosed { get; }

    /// <summary>Whether the peer broke the protocol or sent a fatal alert.</summary>
    bool Failed { get; }

    /// <summary>Whether there is more to read without new ciphertext.</summary>
    bool HoldsPlaintext { get; }

    /// <summary>Whether keys protected as many records as they should, and cannot be changed: the session is to end soon.</summary>
    bool IsSpent { get; }

    /// <summary>Decrypts what the scratch holds into a pinned array, until that is full or no record is complete.</summary>
    int Read(byte[] pinned, int offset, int capacity);

    /// <summary>Encrypts into the scratch, which must have room for it; false if the peer gets nothing any more.</summary>
    bool Write(ReadOnlySpan<byte> bytes);

    /// <summary>Puts close_notify into the scratch, once.</summary>
    void Shutdown();

    /// <summary>From here on nothing secret is read: plaintext need not be cleared any more.</summary>
    void KeepPlaintext();

    /// <summary>Writes what another process needs to go on with it; false if it can go on in this one only.</summary>
    bool TryExport(StateWriter state);
}
