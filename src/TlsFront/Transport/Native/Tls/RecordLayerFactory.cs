using System.Security.Cryptography;
using TlsFront.Connections;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// Has records of our own go on where OpenSSL's handshake left off: it knows the keys, and how many records were protected with them. The traffic
/// secrets of TLS 1.3 are derived by <see cref="KeyScheduleProvider"/>, and OpenSSL tells the master secret of TLS 1.2; records are counted as they
/// pass.
/// </summary>
/// <param name="isServer">Whether we are the server; otherwise we are the client.</param>
internal sealed unsafe class RecordLayerFactory(bool isServer) : IDisposable
{
    private readonly TrafficSecrets _secrets = new();
    private RecordCount _read;
    private RecordCount _written;

    /// <summary>Goes on with the handshake, as OpenSSL does, and looks at what passes.</summary>
    public int Handshake(nint ssl, ScratchBio bio)
    {
        var input = bio.Input;
        var before = bio.OutputLength;
        var result = _secrets.Handshake(ssl);
        _read.Take(input[..(input.Length - bio.InputLeft)]);
        _written.Take(bio.Output[before..]);
        return result;
    }

    /// <summary>
    /// Records that go on, once the handshake is complete and, if we are the server, while what its last step wrote is still in the scratch; null if
    /// OpenSSL has to. OpenSSL reads a record at a time, and no further than it must, so nothing of what the peer sent behind is in it. A client that
    /// wants small records (RFC 6066 section 4) was granted them by OpenSSL, which goes on making them.
    /// </summary>
    public RecordLayer? Complete(nint ssl, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        if (OpenSsl.SSL_has_pending(ssl) != 0
            || OpenSsl.SSL_SESSION_get_max_fragment_length(OpenSsl.SSL_get_session(ssl)) is >= 1 and <= 4
            || AeadSuite.Find(OpenSsl.SSL_CIPHER_get_protocol_id(OpenSsl.SSL_get_current_cipher(ssl))) is not { } suite)
        {
            return null;
        }

        return (TlsVersion)OpenSsl.SSL_version(ssl) switch
        {
            TlsVersion.Tls13 => Complete13(suite, bio, contexts, objects),
            TlsVersion.Tls12 => Complete12(suite, ssl, bio, contexts, objects),
            _ => null,
        };
    }

    /// <summary>Wipes what OpenSSL would leave behind of the handshake's secrets: nothing but to free it may follow.</summary>
    public void WipeCopies(nint ssl) => _secrets.WipeCopies(ssl);

    public void Dispose() => _secrets.Dispose();

    private Tls13Records? Complete13(AeadSuite suite, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        // Behind its Finished a client wrote nothing yet, and of what a server did OpenSSL read nothing.
        var tickets = 0ul;
        if (_secrets.Client.Length != suite.SecretLength || _secrets.Server.Length != suite.SecretLength
            || (isServer && !TryCountTickets(bio.Output, out tickets)))
        {
            return null;
        }

        var reading = new Tls13Protection(suite, isForSealing: false, isServer ? _secrets.Client : _secrets.Server, sequence: 0, contexts);
        try
        {
            var writing = new Tls13Protection(suite, isForSealing: true, isServer ? _secrets.Server : _secrets.Client, tickets, contexts);
            return new Tls13Records(isServer, reading, writing, bio, objects);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
        finally
        {
            Hmac.Wipe();
        }
    }

    /// <summary>
    /// How many records the last step of a handshake of TLS 1.3 wrote. After the client's Finished a server writes nothing but tickets, and these
    /// with its application traffic secret; whatever else is there, nobody counts on from it.
    /// </summary>
    private static bool TryCountTickets(ReadOnlySpan<byte> written, out ulong count)
    {
        count = 0;
        while (RecordHeader.TryRead(written, out var header) && header.Type == ContentType.ApplicationData && header.RecordLength <= written.Length)
        {
            written = written[header.RecordLength..];
            count++;
        }

        return written.IsEmpty;
    }

    private Tls12Records? Complete12(AeadSuite suite, nint ssl, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        // Of a handshake that is complete, each side's Finished at least.
        if (_read is not { Count: > 0, IsWithinRecord: false } || _written is not { Count: > 0, IsWithinRecord: false })
        {
            return null;
        }

        Span<byte> space = stackalloc byte[KeyBlock.MaxLength];
        var block = space[..KeyBlock.LengthFor(suite)];
        try
        {
            return TryDerive(suite, ssl, block) ? Make12(suite, block, bio, contexts, objects) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(space);
        }
    }

    private Tls12Records Make12(AeadSuite suite, Span<byte> block, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        var reading = Protect(isClient: isServer, isForSealing: false, in _read, block);
        try
        {
            return new Tls12Records(isServer, reading, Protect(isClient: !isServer, isForSealing: true, in _written, block), bio, objects);
        }
        catch
        {
            reading.Dispose();
            throw;
        }

        // OpenSSL begins the explicit nonces of AES-GCM anywhere and counts: ours must count on, or one might come twice.
        Tls12Protection Protect(bool isClient, bool isForSealing, in RecordCount records, Span<byte> block) => new(
            suite, isForSealing, KeyBlock.KeyOf(suite, block, isClient), KeyBlock.FixedIvOf(suite, block, isClient),
            unchecked(records.LastNonce + 1), records.Count, contexts);
    }

    private static bool TryDerive(AeadSuite suite, nint ssl, Span<byte> block)
    {
        Span<byte> secret = stackalloc byte[KeyBlock.MasterSecretLength];
        Span<byte> randoms = stackalloc byte[2 * KeyBlock.RandomLength];
        try
        {
            // Safe: pinned for the calls, which write no more than they are told.
            fixed (byte* master = secret, server = randoms, client = randoms[KeyBlock.RandomLength..])
            {
                return OpenSsl.SSL_SESSION_get_master_key(OpenSsl.SSL_get_session(ssl), master, KeyBlock.MasterSecretLength)
                        == KeyBlock.MasterSecretLength
                    && OpenSsl.SSL_get_server_random(ssl, server, KeyBlock.RandomLength) == KeyBlock.RandomLength
                    && OpenSsl.SSL_get_client_random(ssl, client, KeyBlock.RandomLength) == KeyBlock.RandomLength
                    && KeyBlock.TryDerive(suite, secret, randoms[..KeyBlock.RandomLength], randoms[KeyBlock.RandomLength..], block);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
