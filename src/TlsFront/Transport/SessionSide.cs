using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>
/// One peer of a session as a <see cref="SessionDriver"/> sees it: bytes received and not consumed, bytes on their way out, and how it ended.
/// </summary>
internal abstract class SessionSide
{
    /// <summary>Bytes received and not consumed.</summary>
    public abstract int Available { get; }

    /// <summary>Whether the peer has not yet taken what was written to it.</summary>
    public abstract bool Blocked { get; }

    /// <summary>Whether the peer will send nothing more; what it sent before may still be unconsumed.</summary>
    public bool Ended { get; protected set; }

    /// <summary>Whether the peer went away without an orderly close.</summary>
    public bool Broken { get; protected set; }

    /// <summary>Whether nothing more can be written: we ended our half, or the peer is gone.</summary>
    public bool OutputEnded { get; protected set; }

    /// <summary>Set when the machine consumed nothing and waits for more bytes than there are.</summary>
    public bool WantsMore { get; set; }

    /// <summary>Set when the machine asked for <see cref="Next.Hold"/>; cleared when the other side or a signal moved.</summary>
    public bool Held { get; set; }

    /// <summary>Whether its end was told to the machine.</summary>
    public bool EndTold { get; set; }

    /// <summary>Whether there is something to offer to the machine.</summary>
    public bool Offers => Available > 0 && !Held && !WantsMore;

    /// <summary>Whether it ended and the machine has seen all it sent; what it holds back it will still see.</summary>
    public bool HasEnded => Ended && (Available == 0 || WantsMore);

    /// <summary>Whether it is to be read: never while held, so that its bytes stay where they are.</summary>
    public bool WantsRead => !Held && (Available == 0 || WantsMore);

    /// <summary>
    /// Whether what passes may be a password or a token, as it may until a login was accepted: then no working memory keeps it, as far as the engine
    /// can see to that.
    /// </summary>
    public virtual bool MayHoldCredentials { get; set; } = true;

    /// <summary>Unconsumed bytes as one span, <see cref="MailMachine.MaxCarry"/> at most, valid until <see cref="Consume"/>.</summary>
    public abstract ReadOnlySpan<byte> Peek();

    /// <summary>Drops consumed bytes; called once after each <see cref="Peek"/>.</summary>
    public abstract void Consume(int count);

    /// <summary>Writes, for the next <see cref="Flush"/> to send; bytes for a peer whose output ended are dropped.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes written and not yet sent; 0 if nothing more can be.</summary>
    public abstract int Unsent { get; }

    /// <summary>Sends what was written.</summary>
    public abstract void Flush();

    /// <summary>Reads, or starts to; true if bytes or an end are there at once.</summary>
    public abstract bool TryRead();

    /// <summary>Ends our half of the connection.</summary>
    public abstract void EndOutput();
}
