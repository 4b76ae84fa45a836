namespace TlsFront.Protocols.HeldLogin;

/// <summary>Where a <see cref="LoginDialogue"/> writes its reply.</summary>
/// <param name="room">Room for it: <see cref="MaxLength"/> octets.</param>
internal ref struct ReplyText(Span<byte> room)
{
    /// <summary>
    /// Most octets of one reply: a session relays it within one call, as inserted bytes (<see cref="EmitBuffer.InsertCapacity"/>), and has something
    /// of its own to say beside it.
    /// </summary>
    public const int MaxLength = 1536;

    private readonly Span<byte> _room = room;
    private int _length;

    /// <summary>The reply so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[.._length];

    /// <summary>Adds to it.</summary>
    public void Write(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_room[_length..]);
        _length += octets.Length;
    }

    /// <summary>Adds text of ASCII.</summary>
    public void Write(string text) => _length += System.Text.Encoding.ASCII.GetBytes(text, _room[_length..]);
}
