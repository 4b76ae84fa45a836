namespace TlsFront.Benchmarks.Load.Tls;

/// <summary>What the TLS connections of a client share: TLS 1.3 and OpenSSL's defaults, no verification (it is not the proxy's work).</summary>
internal sealed class TlsContext : IDisposable
{
    public TlsContext()
    {
        Handle = OpenSsl.NewContext(OpenSsl.ClientMethod());
        OpenSsl.ControlContext(Handle, OpenSsl.MinimumVersion, OpenSsl.Tls13, 0);
        OpenSsl.ControlContext(Handle, OpenSsl.Mode, OpenSsl.ReleaseBuffers, 0);
        OpenSsl.SetOptions(Handle, OpenSsl.IgnoreUnexpectedEnd);
    }

    /// <summary>The <c>SSL_CTX*</c>.</summary>
    public nint Handle { get; }

    public void Dispose() => OpenSsl.FreeContext(Handle);
}
