using System.Net;

namespace TlsFront.Demo;

/// <summary>Where the demo listens: the well-known ports of implicit TLS, moved up by a base.</summary>
/// <param name="Base">0 to <see cref="MaximumBase"/>; defaults to 4000.</param>
internal readonly record struct DemoPorts(int Base)
{
    public const int DefaultBase = 4000;

    public const int MaximumBase = IPEndPoint.MaxPort - 995;

    private const int DefaultAdmin = 9090;

    public int Smtp => Base + 465;

    public int Imap => Base + 993;

    public int Pop3 => Base + 995;

    /// <summary>The usual 9090, or the base + 90 when a base was chosen, so that several demos can run.</summary>
    public int Admin => Base == DefaultBase ? DefaultAdmin : Base + 90;
}
