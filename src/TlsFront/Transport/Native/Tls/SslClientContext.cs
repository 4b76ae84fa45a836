using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>The parameters of TLS with a destination as OpenSSL wants them.</summary>
internal sealed unsafe class SslClientContext : IDisposable
{
    private readonly SslContextHandle _handle;

    public SslClientContext(BackendTlsParameters parameters, NativeObjects objects)
    {
        _handle = new SslContextHandle(KeyScheduleProvider.NewSslContext(OpenSsl.TLS_client_method()), objects);
        SslContext.Check(!_handle.IsInvalid, "make a context");
        SslContext.Check(Control(OpenSsl.ControlMinimumVersion, (nint)Connections.TlsVersion.Tls12), "set the minimum version");
        _ = OpenSsl.SSL_CTX_set_options(_handle, OpenSsl.OptionNoCompression | OpenSsl.OptionNoRenegotiation);
        _ = Control(OpenSsl.ControlMode, OpenSsl.ModePartialWrite | OpenSsl.ModeMovingWriteBuffer | OpenSsl.ModeReleaseBuffers);
        OpenSsl.SSL_CTX_set_verify(_handle, parameters.Verify ? OpenSsl.VerifyPeer : OpenSsl.VerifyNone, 0);
        if (parameters.Authorities is { } authorities)
        {
            foreach (var authority in authorities)
            {
                Trust(authority);
            }
        }
        else if (parameters.Verify)
        {
            SslContext.Check(OpenSsl.SSL_CTX_set_default_verify_paths(_handle) == 1, "find the authorities the system trusts");
        }

        if (parameters.ApplicationProtocol is { } protocol)
        {
            byte[] offer = [(byte)protocol.Length, .. Encoding.ASCII.GetBytes(protocol)];
            fixed (byte* start = offer)
            {
                // Safe: copied during the call, which unlike its sisters returns 0 for success.
                SslContext.Check(OpenSsl.SSL_CTX_set_alpn_protos(_handle, start, (uint)offer.Length) == 0, "offer a protocol");
            }
        }

        OpenSsl.ERR_clear_error();
    }

    public SslContextHandle Handle => _handle;

    public void Dispose() => _handle.Dispose();

    private bool Control(int command, nint number) => OpenSsl.SSL_CTX_ctrl(_handle, command, number, null) != 0;

    private void Trust(X509Certificate2 authority)
    {
        var encoded = authority.RawDataMemory.Span;
        fixed (byte* start = encoded)
        {
            // Safe: read during the call, which moves its own copy of the pointer only. The store takes a reference of its own.
            var at = start;
            var parsed = OpenSsl.d2i_X509(0, &at, encoded.Length);
            SslContext.Check(parsed != 0, "read an authority's certificate");
            var added = OpenSsl.X509_STORE_add_cert(OpenSsl.SSL_CTX_get_cert_store(_handle), parsed);
            OpenSsl.X509_free(parsed);
            SslContext.Check(added == 1, "trust an authority's certificate");
        }
    }
}
