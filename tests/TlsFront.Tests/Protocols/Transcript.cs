using System.Collections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

/// <summary>
/// A scripted session: what the client and the backend send, in order, and what happens beside. Each piece is sent as a whole once
/// everything before it was handled, so a piece answers only what is visible by then.
/// </summary>
internal sealed class Transcript(string name, int backends = 1) : IEnumerable<Transcript.Piece>
{
    private readonly List<Piece> _pieces = [];

    /// <summary>One step: bytes of a side, or an event.</summary>
    public readonly record struct Piece(bool FromClient, string Bytes, Signal? Event);

    public string Name => name;
    public int Backends => backends;
    public int Count => _pieces.Count;
    public Piece this[int index] => _pieces[index];

    public Transcript Client(string bytes) => Add(new(true, bytes, null));

    public Transcript Backend(string bytes) => Add(new(false, bytes, null));

    public Transcript Event(Signal signal) => Add(new(false, "", signal));

    public IEnumerator<Piece> GetEnumerator() => _pieces.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => name;

    private Transcript Add(Piece piece)
    {
        _pieces.Add(piece);
        return this;
    }
}
