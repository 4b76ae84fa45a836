namespace TlsFront.Transport.Native;

/// <summary>The client's side: TLS once secured, plain bytes before.</summary>
internal sealed class ClientSide(NativeSocket socket, EventLoop loop) : TlsSide(
    socket, loop, loop.Scratch.FromClient, loop.Scratch.ToClient, loop.Scratch.Bio)
{
    private bool _saidGoodbye;

    /// <summary>TLS begins: unconsumed plain bytes are its first.</summary>
    public void BeginTls()
    {
        SaveCipher(Peek());
        Release();
        WantsMore = Held = false;
    }

    /// <summary>
    /// Puts close_notify behind what was written, once, and ends our half as soon as all of it is sent: in one segment if there is room.
    /// </summary>
    public void SayGoodbye()
    {
        if (!_saidGoodbye && !OutputEnded)
        {
            _saidGoodbye = true;
            WriteEnd();
            Flush(moreFollows: true);
        }

        if (!Blocked && !OutputEnded)
        {
            EndOutput();
        }
    }
}
