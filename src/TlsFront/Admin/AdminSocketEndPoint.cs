using System.Net;

namespace TlsFront.Admin;

/// <summary>The admin endpoint's Unix socket.</summary>
/// <param name="path">Full path.</param>
/// <param name="mode">Who may connect.</param>
internal sealed class AdminSocketEndPoint(string path, UnixFileMode mode) : EndPoint
{
    public string Path => path;

    public UnixFileMode Mode => mode;

    public override string ToString() => $"unix:{path}";
}
