using TlsFront.Protocols;

namespace TlsFront.Fuzzing.Sessions;

/// <summary>
/// A session as fuzz input, readable as text: a backtick and a letter begin a piece, everything up to the next backtick belongs to it.
/// <c>`c</c> the client sends, <c>`b</c> the backend sends, <c>`C</c> and <c>`B</c> they end, <c>`d</c> drain, <c>`e</c> the deadline expires,
/// <c>`n</c> there is a second backend, <c>`r</c> bare newlines are refused, <c>`*</c> the piece before comes twenty times more.
/// Without any the client sends all.
/// </summary>
internal sealed class SessionScript
{
    private const int Repetitions = 20;

    /// <summary>Most bytes of a session, beyond all a machine may keep: repetitions multiply.</summary>
    private const int MaximumBytes = 40 * 1024;

    private readonly List<Piece> _pieces = [];

    public SessionScript(byte[] input)
    {
        var bytes = 0;
        for (var rest = input.AsSpan(); !rest.IsEmpty;)
        {
            var kind = 'c';
            if (rest[0] == '`')
            {
                kind = rest.Length > 1 ? (char)rest[1] : 'c';
                rest = rest[Math.Min(2, rest.Length)..];
            }

            var end = rest.IndexOf((byte)'`');
            var piece = (end < 0 ? rest : rest[..end]).ToArray();
            rest = end < 0 ? default : rest[end..];
            switch (kind)
            {
                case 'C':
                    _pieces.Add(new(true, [], Signal.ClientEnded));
                    break;
                case 'B':
                    _pieces.Add(new(false, [], Signal.BackendEnded));
                    break;
                case 'd':
                    _pieces.Add(new(false, [], Signal.Drain));
                    break;
                case 'e':
                    _pieces.Add(new(false, [], Signal.Expired));
                    break;
                case 'n':
                    HasSecondBackend = true;
                    break;
                case 'r':
                    RejectsBareNewlines = true;
                    break;
                case '*' when _pieces.Count > 0 && _pieces[^1].Bytes.Length > 0:
                    piece = [.. Enumerable.Repeat(_pieces[^1].Bytes, Repetitions).SelectMany(again => again)];
                    goto default;
                default:
                    var fromClient = kind == '*' ? _pieces.Count > 0 && _pieces[^1].FromClient : kind != 'b';
                    bytes += piece.Length;
                    if (piece.Length > 0 && bytes <= MaximumBytes)
                    {
                        _pieces.Add(new(fromClient, piece, null));
                    }

                    break;
            }
        }
    }

    /// <summary>Bytes of one side, or an event.</summary>
    public readonly record struct Piece(bool FromClient, byte[] Bytes, Signal? Event);

    /// <summary>What happens, in order.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Whether a second backend is there for the case that the first refuses.</summary>
    public bool HasSecondBackend { get; }

    /// <summary>Whether bare newlines are refused instead of rewritten.</summary>
    public bool RejectsBareNewlines { get; }

    /// <summary>What becomes of bare newlines.</summary>
    public BareNewlines BareNewlines => RejectsBareNewlines ? BareNewlines.Reject : BareNewlines.Normalize;

    /// <summary>All the client sends.</summary>
    public byte[] ClientBytes => [.. _pieces.Where(piece => piece.FromClient).SelectMany(piece => piece.Bytes)];

    /// <summary>All the backend sends.</summary>
    public byte[] BackendBytes => [.. _pieces.Where(piece => !piece.FromClient).SelectMany(piece => piece.Bytes)];
}
