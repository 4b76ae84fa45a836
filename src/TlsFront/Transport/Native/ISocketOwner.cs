namespace TlsFront.Transport.Native;

/// <summary>Who acts on what a <see cref="NativeSocket"/> can do.</summary>
internal interface ISocketOwner
{
    /// <summary>The socket may be read or written again, or ended. Loop's thread.</summary>
    void OnSocketReady();
}
