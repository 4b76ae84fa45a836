namespace TlsFront.Transport.Native;

/// <summary>Something an <see cref="EventLoop"/> watches. Only the loop's thread calls it.</summary>
internal abstract class LoopHandle
{
    /// <summary>File descriptor watched.</summary>
    public int Descriptor { get; protected set; } = -1;

    /// <summary>
    /// Token of the registration; 0 while there is none. A token is never used twice,
    /// so an event that was reported before its handle was closed finds nobody.
    /// </summary>
    public ulong Token { get; set; }

    /// <summary>Something happened; <paramref name="events"/> are epoll's.</summary>
    public abstract void OnEvents(uint events);
}
