namespace TlsFront.Admin;

/// <summary>A connection on the admin socket: the kernel has checked who may connect. A connection without this feature is not trusted.</summary>
internal sealed class LocalPeer
{
    /// <summary>The only one: it says nothing more.</summary>
    public static readonly LocalPeer Instance = new();
}
