namespace TlsFront.Benchmarks.Load.Tls;

/// <summary>What a client resumes with.</summary>
internal sealed class TlsSession(nint handle) : IDisposable
{
    /// <summary>The <c>SSL_SESSION*</c>.</summary>
    public nint Handle { get; } = handle;

    public void Dispose() => OpenSsl.FreeSession(Handle);
}
