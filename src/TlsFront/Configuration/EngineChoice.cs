namespace TlsFront.Configuration;

/// <summary>Which engine runs the gateway.</summary>
internal enum EngineChoice : byte
{
    /// <summary>The native engine where it can run, otherwise the managed one with a warning.</summary>
    Auto,

    /// <summary>Kestrel's sockets and <c>SslStream</c>: every system .NET runs on.</summary>
    Managed,

    /// <summary>Event loops on epoll, with OpenSSL 3: Linux only.</summary>
    Native,
}
