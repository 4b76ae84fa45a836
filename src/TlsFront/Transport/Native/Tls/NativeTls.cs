using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Text;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Hello;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// One TLS connection: owns an <c>SSL</c>, for its handshake at least. It holds no socket and no buffer: ciphertext comes from and goes to the loop's
/// scratch through <see cref="ScratchBio"/>. OpenSSL's error queue belongs to the thread and takes part in the verdict of <c>SSL_get_error</c>: it is
/// emptied before each call that is judged so, because others leave errors there too (.NET's own cryptography, in whatever runs inside the loop), and
/// after each that failed.
/// </summary>
internal sealed unsafe class NativeTls : IRecordLayer
{
    /// <summary>Names of suites and groups, by where OpenSSL keeps them: sessions share them.</summary>
    private static readonly ConcurrentDictionary<nint, string> Names = new();

    private ScratchBio _bio;
    private readonly NativeObjects _objects;
    private nint _ssl;
    private RecordLayerFactory? _records;

    /// <param name="context">Certificate and terms.</param>
    /// <param name="bio">Where ciphertext comes from and goes to.</param>
    /// <param name="objects">Where it is counted.</param>
    public NativeTls(SslContextHandle context, ScratchBio bio, NativeObjects objects)
    {
        _bio = bio;
        _objects = objects;
        _ssl = OpenSsl.SSL_new(context);
        if (_ssl == 0)
        {
            OpenSsl.ERR_clear_error();
            throw new InvalidOperationException("OpenSSL cannot make a connection.");
        }

        objects.Ssl(1);
        bio.Attach(_ssl);
    }

    /// <inheritdoc/>
    /// <remarks>OpenSSL clears its buffers until then.</remarks>
    public void KeepPlaintext() => OpenSsl.SSL_clear_options(_ssl, OpenSsl.OptionCleansePlaintext);

    /// <inheritdoc/>
    /// <remarks>OpenSSL has no way to give an <c>SSL</c> to another process.</remarks>
    public bool TryExport(StateWriter state) => false;

    /// <summary>Takes the server's part.</summary>
    /// <param name="scope">Only a session of the same one is resumed; at most 32 octets.</param>
    public void Accept(ReadOnlySpan<byte> scope)
    {
        OpenSsl.SSL_set_accept_state(_ssl);
        _records = new RecordLayerFactory(isServer: true);
        fixed (byte* id = scope)
        {
            // Safe: copied during the call.
            Check(OpenSsl.SSL_set_session_id_context(_ssl, id, (uint)scope.Length), "set the session id context");
        }
    }

    /// <summary>Takes the client's part with a server whose certificate is for <paramref name="name"/>.</summary>
    public void Connect(string name, bool isAddress)
    {
        OpenSsl.SSL_set_connect_state(_ssl);
        _records = new RecordLayerFactory(isServer: false);
        if (isAddress)
        {
            Check(OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(_ssl), name), "take the server's address");
            return;
        }

        Check(OpenSsl.SSL_set1_host(_ssl, name), "take the server's name");
        fixed (byte* start = Encoding.ASCII.GetBytes(name + '\0'))
        {
            // Safe: copied during the call.
            Check((int)OpenSsl.SSL_ctrl(_ssl, OpenSsl.ControlServerName, 0, start), "take the server's name");
        }
    }

    /// <summary>Moves it to another loop, between two calls.</summary>
    public void Attach(ScratchBio bio)
    {
        if (bio != _bio)
        {
            _bio = bio;
            bio.Attach(_ssl);
        }
    }

    /// <summary>Why the handshake with a server failed.</summary>
    public AuthenticationException DescribeFailure(ulong error)
    {
        var verdict = OpenSsl.SSL_get_verify_result(_ssl);
        return verdict == OpenSsl.VerifyOk
            ? new AuthenticationException($"TLS with it failed: {TlsFailure.Text(error)}")
            : new CertificateRefusedException(Text(OpenSsl.X509_verify_cert_error_string(verdict)) ?? "", DoubtOf(verdict));
    }

    /// <summary>By the numbers of <c>X509_V_ERR_*</c> in <c>x509_vfy.h</c>, which have not changed since they were given.</summary>
    private static CertificateDoubt DoubtOf(nint verdict) => verdict switch
    {
        // A signature fails where another authority has the same name.
        2 or 7 or 18 or 19 or 20 or 21 => CertificateDoubt.Authority,
        62 or 64 => CertificateDoubt.Name,
        _ => CertificateDoubt.Other,
    };

    /// <inheritdoc/>
    public bool PeerClosed { get; private set; }

    /// <inheritdoc/>
    public bool Failed { get; private set; }

    /// <inheritdoc/>
    public bool HoldsPlaintext { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Not known: OpenSSL counts for itself.</remarks>
    public bool IsSpent => false;

    /// <summary>Goes on with the handshake; false with no <paramref name="error"/> if it needs more from the client.</summary>
    public bool TryHandshake(out ulong error)
    {
        error = 0;
        ForgetErrors();
        var result = _records is null ? OpenSsl.SSL_do_handshake(_ssl) : _records.Handshake(_ssl, _bio);
        if (result == 1)
        {
            return true;
        }

        if (OpenSsl.SSL_get_error(_ssl, result) != OpenSsl.ErrorWantRead)
        {
            error = TakeError();
            Failed = true;
        }

        return false;
    }

    /// <inheritdoc/>
    public int Read(byte[] pinned, int offset, int capacity)
    {
        var total = 0;
        ForgetErrors();
        while (total < capacity && !PeerClosed && !Failed)
        {
            // Safe: the array is pinned, and offset and capacity lie within it.
            var read = OpenSsl.SSL_read(_ssl, LoopScratch.AddressOf(pinned, offset + total), capacity - total);
            if (read <= 0)
            {
                HoldsPlaintext = false;
                NoteReadError(read);
                break;
            }

            // A call reads from one record: less than asked for means that it is used up.
            HoldsPlaintext = read == capacity - total;
            total += read;
            if (!HoldsPlaintext && _bio.InputLeft == 0)
            {
                break;
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                // Safe: pinned for the call; OpenSSL keeps no pointer, as it never has to retry.
                var count = OpenSsl.SSL_write(_ssl, start + written, bytes.Length - written);
                if (count <= 0)
                {
                    OpenSsl.ERR_clear_error();
                    Failed = true;
                    return false;
                }

                written += count;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        if (!Failed && OpenSsl.SSL_shutdown(_ssl) < 0)
        {
            OpenSsl.ERR_clear_error();
        }
    }

    /// <summary>What was negotiated.</summary>
    /// <param name="hello">The client's hello.</param>
    /// <param name="applicationProtocol">The protocol agreed upon.</param>
    /// <param name="clients">By which the client's certificate was judged; null if it was asked for none.</param>
    public TlsFacts Facts(ClientHello hello, string? applicationProtocol, ClientCertificatePolicy? clients)
    {
        var group = (int)OpenSsl.SSL_ctrl(_ssl, OpenSsl.ControlNegotiatedGroup, 0, null);
        return new TlsFacts(
            (TlsVersion)OpenSsl.SSL_version(_ssl),
            Text(OpenSsl.SSL_CIPHER_standard_name(OpenSsl.SSL_get_current_cipher(_ssl)))
                ?? throw new UnreachableException("A handshake without a cipher suite."),
            hello.ServerName,
            applicationProtocol)
        {
            Ja4 = Ja4.Of(hello),
            Offer = HelloOffer.Of(hello),
            Group = group == 0 ? null : KeyExchangeGroups.FromOpenSsl(Text(OpenSsl.SSL_group_to_name(_ssl, group))),
            Resumed = OpenSsl.SSL_session_reused(_ssl) == 1,
            ClientCertificate = clients is null ? null : ClientVerification.Identify(_ssl, clients),
        };
    }

    /// <summary>
    /// What goes on with the connection once its handshake is complete and, if we are the server, while what that wrote is still in the scratch:
    /// records of our own if they can, and then this is gone; otherwise this.
    /// </summary>
    public IRecordLayer Complete(AeadContexts contexts)
    {
        if (_records?.Complete(_ssl, _bio, contexts, _objects) is { } records)
        {
            Dispose();
            return records;
        }

        _records?.Dispose();
        _records = null;
        return this;
    }

    public void Dispose()
    {
        if (_ssl != 0)
        {
            _records?.WipeCopies(_ssl);
            OpenSsl.SSL_free(_ssl);
            _ssl = 0;
            _objects.Ssl(-1);
        }

        _records?.Dispose();
        _records = null;
    }

    /// <summary>
    /// Empties the error queue and returns the TLS layer's own error, which says what happened; what led to it in other layers stands before it.
    /// </summary>
    private static ulong TakeError()
    {
        var first = OpenSsl.ERR_get_error();
        var error = first;
        while (error != 0 && !TlsFailure.IsOfTls(error))
        {
            error = OpenSsl.ERR_get_error();
        }

        OpenSsl.ERR_clear_error();
        return error != 0 ? error : first != 0 ? first : TlsFailure.Closed;
    }

    /// <summary>Looks first: the queue is nearly always empty, and to clear it costs ten times as much.</summary>
    private static void ForgetErrors()
    {
        if (OpenSsl.ERR_peek_error() != 0)
        {
            OpenSsl.ERR_clear_error();
        }
    }

    private static void Check(int result, string what)
    {
        if (result != 1)
        {
            OpenSsl.ERR_clear_error();
            throw new InvalidOperationException($"OpenSSL cannot {what}.");
        }
    }

    // Safe: OpenSSL's names are constant strings, which makes their addresses keys as well.
    private static string? Text(byte* name) => name is null ? null : Names.GetOrAdd((nint)name, static address => Marshal.PtrToStringUTF8(address)!);

    private void NoteReadError(int result)
    {
        switch (OpenSsl.SSL_get_error(_ssl, result))
        {
            case OpenSsl.ErrorWantRead:
                break;
            case OpenSsl.ErrorZeroReturn:
                PeerClosed = true;
                break;
            default:
                Failed = true;
                OpenSsl.ERR_clear_error();
                break;
        }
    }
}
