using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Connections;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// Has the certificates of clients judged by the gateway's policy in the middle of OpenSSL's handshake, which so sends the alert that belongs to the
/// verdict. The policy of the handshake under way is the thread's: a loop drives one at a time, and OpenSSL asks within that call.
/// </summary>
internal static unsafe class ClientVerification
{
    // X509_V_ERR_* of x509_vfy.h; the alert follows from them.
    private const int Expired = 10;
    private const int UnknownIssuer = 20;
    private const int Revoked = 23;
    private const int WrongPurpose = 26;
    private const int Rejected = 28;

    /// <summary>
    /// Bytes of a client's certificates, 32 KiB: ten of the usual size have room. What is longer is not kept, nor are its certificates parsed.
    /// </summary>
    private const int MaxCertificateList = 32 << 10;

    [ThreadStatic]
    private static ClientCertificatePolicy? _policy;

    [ThreadStatic]
    private static string? _refusal;

    /// <summary>
    /// Has <paramref name="context"/> ask clients for certificates, and tell them which authorities these may be of, so that they show no other.
    /// </summary>
    public static void Attach(SslContextHandle context, ClientCertificatePolicy policy, X509Certificate2Collection? authorities)
    {
        OpenSsl.SSL_CTX_set_verify(context, OpenSsl.VerifyPeer | (policy.IsRequired ? OpenSsl.VerifyFailWithoutPeerCertificate : 0), 0);
        OpenSsl.SSL_CTX_set_cert_verify_callback(context, &Verify, null);
        _ = OpenSsl.SSL_CTX_ctrl(context, OpenSsl.ControlMaximumCertificateList, MaxCertificateList, null);
        if (authorities is null || !AuthorityNames.CanBeTold(authorities))
        {
            return;
        }

        foreach (var authority in authorities)
        {
            Name(context, authority);
        }
    }

    /// <summary>
    /// Goes on with a handshake in which clients are judged by <paramref name="policy"/>; <paramref name="refusal"/> is why one was refused.
    /// </summary>
    public static bool TryHandshake(NativeTls tls, ClientCertificatePolicy policy, out ulong error, out string? refusal)
    {
        (_policy, _refusal) = (policy, null);
        try
        {
            var isComplete = tls.TryHandshake(out error);
            refusal = _refusal ?? (TlsFailure.IsMissingCertificate(error) ? ClientCertificatePolicy.Missing : null);
            return isComplete;
        }
        finally
        {
            (_policy, _refusal) = (null, null);
        }
    }

    /// <summary>What the client's certificate says, once the handshake is complete; null if it has none.</summary>
    public static ClientCertificateFacts? Identify(nint ssl, ClientCertificatePolicy policy)
    {
        var encoded = OpenSsl.SSL_get0_peer_certificate(ssl);
        if (encoded == 0)
        {
            return null;
        }

        using var certificate = Copy(encoded);
        return policy.Identify(certificate);
    }

    private static void Name(SslContextHandle context, X509Certificate2 authority)
    {
        var encoded = authority.RawDataMemory.Span;
        fixed (byte* start = encoded)
        {
            // Safe: read during the call, which moves its own copy of the pointer only. The context takes a copy of the name.
            var at = start;
            var parsed = OpenSsl.d2i_X509(0, &at, encoded.Length);
            SslContext.Check(parsed != 0, "read the certificate of an authority");
            var added = OpenSsl.SSL_CTX_add_client_CA(context, parsed);
            OpenSsl.X509_free(parsed);
            SslContext.Check(added == 1, "name an authority");
        }
    }

    /// <summary>Safe: OpenSSL owns what it hands over and reads nothing of ours; nothing is thrown into it.</summary>
    [UnmanagedCallersOnly]
    private static int Verify(nint context, void* argument)
    {
        try
        {
            var verdict = Judge(context);
            if (verdict.IsGood)
            {
                return 1;
            }

            OpenSsl.X509_STORE_CTX_set_error(context, ErrorOf(verdict.Fault));
            return 0;
        }
        catch
        {
            _refusal = ClientCertificatePolicy.Refusal(new(X509ChainStatusFlags.NotSignatureValid, "it is malformed"));
            OpenSsl.X509_STORE_CTX_set_error(context, Rejected);
            return 0;
        }
        finally
        {
            // What .NET's cryptography left there would be taken for the handshake's.
            OpenSsl.ERR_clear_error();
        }
    }

    private static ClientCertificateVerdict Judge(nint context)
    {
        if (_policy is not { } policy)
        {
            return new(X509ChainStatusFlags.PartialChain, "nobody asked for it");
        }

        using var leaf = Copy(OpenSsl.X509_STORE_CTX_get0_cert(context));
        var sent = new X509Certificate2Collection();
        try
        {
            var stack = OpenSsl.X509_STORE_CTX_get0_untrusted(context);
            var count = Math.Min(OpenSsl.OPENSSL_sk_num(stack), ClientCertificatePolicy.MaxChain + 2);

            // The first one is the client's own.
            for (var i = 1; i < count; i++)
            {
                sent.Add(Copy(OpenSsl.OPENSSL_sk_value(stack, i)));
            }

            var verdict = policy.Judge(leaf, sent);
            _refusal = verdict.IsGood ? null : ClientCertificatePolicy.Refusal(verdict, leaf);
            return verdict;
        }
        finally
        {
            foreach (var certificate in sent)
            {
                certificate.Dispose();
            }
        }
    }

    private static int ErrorOf(X509ChainStatusFlags fault) => fault switch
    {
        X509ChainStatusFlags.NotTimeValid => Expired,
        X509ChainStatusFlags.UntrustedRoot => UnknownIssuer,
        X509ChainStatusFlags.Revoked => Revoked,
        X509ChainStatusFlags.NotValidForUsage => WrongPurpose,
        _ => Rejected,
    };

    private static X509Certificate2 Copy(nint certificate)
    {
        var length = OpenSsl.i2d_X509(certificate, null);
        var encoded = new byte[Math.Max(length, 0)];
        fixed (byte* start = encoded)
        {
            // Safe: as long as OpenSSL said it would be; the call moves its own copy of the pointer only.
            var at = start;
            if (length <= 0 || OpenSsl.i2d_X509(certificate, &at) != length)
            {
                throw new CryptographicException("OpenSSL cannot write the certificate.");
            }
        }

        return X509CertificateLoader.LoadCertificate(encoded);
    }
}
