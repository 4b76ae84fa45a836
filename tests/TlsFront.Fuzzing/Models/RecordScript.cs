using TlsFront.Tests.Transport.Native.Records;

namespace TlsFront.Fuzzing.Models;

/// <summary>
/// Records as an input describes them, well-formed or not: an octet that says what, and what it needs. Random octets alone would be no record that is
/// authentic, and end everything at once.
/// </summary>
/// <param name="peer">Makes records.</param>
/// <param name="isFromClient">Whether as a client.</param>
internal sealed class RecordScript(IRecordForge peer, bool isFromClient)
{
    private const int MaximumTotal = 128 * 1024;

    private readonly List<byte> _piece = [];
    private readonly List<byte> _sent = [];
    private byte[] _last = [];

    /// <summary>What is sent, in the pieces in which it arrives. The last record is complete, for who looks at none that is not.</summary>
    public IEnumerable<byte[]> Pieces(byte[] script)
    {
        for (var at = 0; at < script.Length && _sent.Count + _piece.Count < MaximumTotal;)
        {
            if (script[at] == (byte)'!')
            {
                at++;
                yield return Flush();
                continue;
            }

            Take(script, ref at);
        }

        yield return Flush();
        yield return new byte[Missing()];
    }

    /// <summary>Octets that the last record lacks.</summary>
    private int Missing()
    {
        var end = 0;
        while (end + 5 <= _sent.Count)
        {
            end += 5 + (_sent[end + 3] << 8) + _sent[end + 4];
        }

        // Of a header that is not complete: its length may be there in half.
        return end > _sent.Count ? end - _sent.Count
            : end == _sent.Count ? 0
            : 5 - (_sent.Count - end) + (_sent.Count - end == 4 ? _sent[^1] << 8 : 0);
    }

    private byte[] Flush()
    {
        byte[] piece = [.. _piece];
        _sent.AddRange(piece);
        _piece.Clear();
        return piece;
    }

    private void Take(byte[] script, ref int at)
    {
        switch ((char)Octet(script, ref at))
        {
            case 'D':
                Send(peer.Seal(23, Octets(script, ref at)));
                break;
            case 'A':
                Send(peer.Seal(21, [Octet(script, ref at), Octet(script, ref at)]));
                break;
            case 'H':
                Send(peer.Seal(22, Octets(script, ref at)));
                break;
            case 'T':
                Send(peer.Seal(Octet(script, ref at), Octets(script, ref at)));
                break;
            case 'U':
                Send(peer.IsTls13 ? peer.Seal(22, [24, 0, 0, 1, Octet(script, ref at)]) : peer.Seal(22, [isFromClient ? (byte)1 : (byte)0, 0, 0, 0]));
                peer.Update();
                break;
            case 'B':
                Send(peer.Seal(23, new byte[Length(script, ref at)]));
                break;
            case 'P':
                Send(peer.Seal(23, "p"u8, Length(script, ref at)));
                break;
            case 'N':
                var count = Octet(script, ref at) % 64;
                for (var type = Octet(script, ref at); count > 0; count--)
                {
                    Send(peer.Seal(type, default));
                }

                break;
            case 'C':
                Send(Octets(script, ref at));
                break;
            case 'R':
                Send(_last);
                break;
            case 'S':
                peer.Seal(23, "lost"u8);
                break;
            case 'X':
                Change(Octet(script, ref at), Octet(script, ref at));
                break;
            case 'V' when _last.Length > 2:
                Change(2, (byte)(Octet(script, ref at) ^ _last[2]));
                break;
        }
    }

    private void Send(byte[] record)
    {
        _last = record;
        _piece.AddRange(record);
    }

    /// <summary>Changes the last record, unless it is on its way.</summary>
    private void Change(int octet, byte mask)
    {
        if (_last.Length > 0 && _piece.Count >= _last.Length)
        {
            _piece[_piece.Count - _last.Length + (octet % _last.Length)] ^= mask;
        }
    }

    private static byte Octet(byte[] script, ref int at) => at < script.Length ? script[at++] : (byte)0;

    private static int Length(byte[] script, ref int at) => ((Octet(script, ref at) << 8) | Octet(script, ref at)) % 17_000;

    private static byte[] Octets(byte[] script, ref int at)
    {
        var count = Octet(script, ref at);
        var start = Math.Min(at, script.Length);
        at = Math.Min(start + count, script.Length);
        return script[start..at];
    }
}
