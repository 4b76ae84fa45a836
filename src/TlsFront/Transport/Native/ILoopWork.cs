namespace TlsFront.Transport.Native;

/// <summary>Work other threads hand to an <see cref="EventLoop"/>, and work a loop puts off to a later turn.</summary>
internal interface ILoopWork
{
    /// <summary>Does it, on the loop's thread.</summary>
    void RunOnLoop();
}
