using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>A certificate and the terms of a policy as OpenSSL wants them.</summary>
internal sealed unsafe class SslContext : IDisposable
{
    // SSL_TLSEXT_ERR_OK, SSL_TLSEXT_ERR_ALERT_FATAL and SSL_TLSEXT_ERR_NOACK.
    private const int ProtocolChosen = 0;
    private const int NameAcknowledged = 0;
    private const int ProtocolFailure = 2;
    private const int NoProtocol = 3;

    /// <summary>ALPN ids with their length in front, at addresses that stay: a handshake may outlive its context's owner.</summary>
    private static readonly ConcurrentDictionary<string, nint> Protocols = new();

    private readonly byte[] _scope;

    /// <param name="parameters">Terms of the policy.</param>
    /// <param name="certificate">The certificate to present.</param>
    /// <param name="acknowledgesName">Whether a client that names the server is told that the name was heeded (RFC 6066 section 3).</param>
    /// <param name="tickets">Keys for session tickets.</param>
    /// <param name="objects">Where it is counted.</param>
    /// <param name="authorities">Those that clients are told where they are asked for certificates; null to name none.</param>
    public SslContext(
        TlsParameters parameters, LoadedCertificate certificate, bool acknowledgesName, TicketKeys tickets, NativeObjects objects,
        X509Certificate2Collection? authorities = null)
    {
        OpenSsl.ERR_clear_error();
        Handle = new SslContextHandle(KeyScheduleProvider.NewSslContext(OpenSsl.TLS_server_method()), objects);
        Check(!Handle.IsInvalid, "make a context");
        _scope = ScopeOf(parameters, certificate);
        SetTerms(parameters);
        if (parameters.ClientCertificates is { } clients)
        {
            // Each client is judged in each handshake: a session that is resumed keeps a certificate, and nothing of its chain.
            ClientVerification.Attach(Handle, clients, authorities);
            ForbidTickets();
        }
        else
        {
            SetTickets(tickets);
        }

        SetCertificate(certificate);
        if (acknowledgesName)
        {
            _ = OpenSsl.SSL_CTX_callback_ctrl(Handle, OpenSsl.ControlServerNameCallback, &AcknowledgeName);
        }
    }

    public SslContextHandle Handle { get; }

    public void Dispose() => Handle.Dispose();

    /// <summary>
    /// Where the sessions of clients that ask for <paramref name="serverName"/> are resumed, as OpenSSL's session id context: under the same terms,
    /// route, certificate and name alone. RFC 6066 section 3 forbids another name, because what a client verified holds for the one it asked for.
    /// </summary>
    public byte[] ScopeOf(string? serverName) => serverName is null ? _scope : SHA256.HashData([.. _scope, .. Encoding.ASCII.GetBytes(serverName)]);

    /// <summary>Throws with OpenSSL's reason unless something was done.</summary>
    public static void Check(bool done, string what)
    {
        if (!done)
        {
            // Safe: OpenSSL's reason strings are constant.
            var reason = Marshal.PtrToStringUTF8((nint)OpenSsl.ERR_reason_error_string(OpenSsl.ERR_get_error()));
            OpenSsl.ERR_clear_error();
            throw new CryptographicException($"OpenSSL cannot {what}: {reason ?? "no reason given"}.");
        }
    }

    private void SetTerms(TlsParameters parameters)
    {
        if (parameters.SecurityLevel is { } level)
        {
            OpenSsl.SSL_CTX_set_security_level(Handle, level);
        }

        Check(Control(OpenSsl.ControlMinimumVersion, (nint)parameters.MinimumVersion), "set the minimum version");
        _ = OpenSsl.SSL_CTX_set_options(
            Handle, OpenSsl.OptionNoCompression | OpenSsl.OptionNoRenegotiation | OpenSsl.OptionCleansePlaintext
                | (parameters.IsLegacy ? OpenSsl.OptionServerPreference : 0));

        // The chain is the one of the file. Without a chain there OpenSSL would look for one in each handshake, by verifying our own certificate.
        _ = Control(
            OpenSsl.ControlMode,
            OpenSsl.ModePartialWrite | OpenSsl.ModeMovingWriteBuffer | OpenSsl.ModeReleaseBuffers | OpenSsl.ModeNoAutomaticChain);
        var older = parameters.CipherSuites.Where(static suite => !CipherNames.IsTls13(suite)).Select(CipherNames.Of).ToArray();
        Check(older.Length == 0 || OpenSsl.SSL_CTX_set_cipher_list(Handle, string.Join(':', older)) == 1, "set cipher suites");
        var newer = parameters.CipherSuites.Where(CipherNames.IsTls13).Select(static suite => suite.ToString());
        Check(OpenSsl.SSL_CTX_set_ciphersuites(Handle, string.Join(':', newer)) == 1, "set the cipher suites of TLS 1.3");
        Check(GroupNames.Lists.Any(SetGroups), "set key exchange groups");
        OpenSsl.ERR_clear_error();
        if (parameters.ApplicationProtocol is { } protocol)
        {
            OpenSsl.SSL_CTX_set_alpn_select_cb(Handle, &SelectProtocol, (void*)Protocols.GetOrAdd(protocol, Encode));
        }
    }

    /// <summary>A digest, so that it is the same in every replica and after every reload that changes none of it.</summary>
    private static byte[] ScopeOf(TlsParameters parameters, LoadedCertificate certificate)
    {
        var suites = string.Join(',', parameters.CipherSuites);
        var terms = string.Create(
            CultureInfo.InvariantCulture,
            $"{parameters.MinimumVersion}|{suites}|{parameters.ApplicationProtocol}|{parameters.SecurityLevel}|{parameters.Route}");
        return SHA256.HashData([.. SHA256.HashData(certificate.Leaf.RawDataMemory.Span), .. Encoding.ASCII.GetBytes(terms)]);
    }

    /// <summary>Sessions are kept by clients, as tickets.</summary>
    private void SetTickets(TicketKeys tickets)
    {
        _ = Control(OpenSsl.ControlSessionCacheMode, 0);
        _ = OpenSsl.SSL_CTX_set_num_tickets(Handle, 1);
        tickets.Attach(Handle);
    }

    private void ForbidTickets()
    {
        _ = Control(OpenSsl.ControlSessionCacheMode, 0);
        _ = OpenSsl.SSL_CTX_set_options(Handle, OpenSsl.OptionNoTicket);
        _ = OpenSsl.SSL_CTX_set_num_tickets(Handle, 0);
    }

    private void SetCertificate(LoadedCertificate certificate)
    {
        UseCertificate(certificate.Leaf, leaf: true);
        foreach (var intermediate in certificate.Intermediates)
        {
            UseCertificate(intermediate, leaf: false);
        }

        var pkcs8 = ExportKey(certificate.Leaf);
        try
        {
            fixed (byte* start = pkcs8)
            {
                // Safe: read during the call, which moves its own copy of the pointer only.
                var at = start;
                var key = OpenSsl.d2i_AutoPrivateKey(0, &at, pkcs8.Length);
                Check(key != 0, "read the private key");
                var used = OpenSsl.SSL_CTX_use_PrivateKey(Handle, key);
                OpenSsl.EVP_PKEY_free(key);
                Check(used == 1, "use the private key");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private void UseCertificate(X509Certificate2 certificate, bool leaf)
    {
        var encoded = certificate.RawDataMemory.Span;
        fixed (byte* start = encoded)
        {
            // Safe: as for the key. The context takes a reference of its own.
            var at = start;
            var parsed = OpenSsl.d2i_X509(0, &at, encoded.Length);
            Check(parsed != 0, "read the certificate");
            var used = leaf
                ? OpenSsl.SSL_CTX_use_certificate(Handle, parsed)
                : (int)OpenSsl.SSL_CTX_ctrl(Handle, OpenSsl.ControlChainCertificate, 1, (void*)parsed);
            OpenSsl.X509_free(parsed);
            Check(used == 1, "use the certificate");
        }
    }

    private static byte[] ExportKey(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey();
        return key?.ExportPkcs8PrivateKey() ?? throw new CryptographicException("The certificate has no private key.");
    }

    private bool Control(int command, nint number) => OpenSsl.SSL_CTX_ctrl(Handle, command, number, null) != 0;

    private bool SetGroups(string groups)
    {
        fixed (byte* names = Encoding.ASCII.GetBytes(groups + '\0'))
        {
            // Safe: parsed during the call.
            return OpenSsl.SSL_CTX_ctrl(Handle, OpenSsl.ControlGroupList, 0, names) == 1;
        }
    }

    private static nint Encode(string protocol)
    {
        var encoded = (byte*)NativeMemory.Alloc((nuint)protocol.Length + 1);
        encoded[0] = (byte)Encoding.ASCII.GetBytes(protocol, new Span<byte>(encoded + 1, protocol.Length));
        return (nint)encoded;
    }

    /// <summary>Without it OpenSSL keeps silent about the name. The certificate was chosen before.</summary>
    [UnmanagedCallersOnly]
    private static int AcknowledgeName(nint ssl, int* alert, void* argument) => NameAcknowledged;

    /// <summary>
    /// Answers with the one protocol of the listener if the client offers it. A client that offers others only was refused before. Safe:
    /// reads the two buffers within their lengths, and the answer points into memory that is never freed.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int SelectProtocol(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, void* argument)
    {
        try
        {
            var protocol = new ReadOnlySpan<byte>((byte*)argument + 1, *(byte*)argument);
            var rest = new ReadOnlySpan<byte>(offered, (int)offeredLength);
            while (rest.Length > 1 && rest.Length > rest[0])
            {
                if (rest.Slice(1, rest[0]).SequenceEqual(protocol))
                {
                    *chosen = (byte*)argument + 1;
                    *chosenLength = (byte)protocol.Length;
                    return ProtocolChosen;
                }

                rest = rest[(1 + rest[0])..];
            }

            return NoProtocol;
        }
        catch
        {
            return ProtocolFailure;
        }
    }
}
