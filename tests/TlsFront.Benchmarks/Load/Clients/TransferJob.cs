using System.Security.Cryptography;
using TlsFront.Benchmarks.Load.Servers;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Content up, down and there and back, with its hash compared at both ends.</summary>
/// <param name="target">The proxy.</param>
/// <param name="length">Octets each way.</param>
/// <param name="pause">Between two reads: a client slower than its backend.</param>
internal sealed class TransferJob(Target target, int length, TimeSpan pause = default) : LoadJob
{
    /// <summary>There and back in pieces that fit the buffers on the way, because this client does not read while it writes.</summary>
    private const int Piece = 32 * 1024;

    private readonly byte[] _piece = new byte[Piece];
    private readonly Wire _wire = target.Connect();
    private WireReader? _reader;
    private int _turn;

    /// <inheritdoc/>
    /// <remarks>Work is octets.</remarks>
    public override long Once()
    {
        _reader ??= new WireReader(_wire);
        var what = pause > TimeSpan.Zero ? (byte)'d' : "ude"u8[_turn++ % 3];
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TransferSink.Request(_wire, what, length);
        for (var left = length; left > 0;)
        {
            var count = Math.Min(left, Piece);
            if (what != (byte)'d')
            {
                var piece = _piece.AsSpan(0, count);
                Random.Shared.NextBytes(piece);
                sent.AppendData(piece);
                _wire.Write(piece);
            }

            if (what != (byte)'u')
            {
                count = what == (byte)'e' ? Fill(count) : _reader.Read(_piece.AsSpan(0, count));
                received.AppendData(_piece.AsSpan(0, count));
                Thread.Sleep(pause);
            }

            left -= count;
        }

        Compare(what, sent.GetHashAndReset(), received.GetHashAndReset());
        return what == (byte)'e' ? 2L * length : length;
    }

    public override void Dispose()
    {
        _wire.Dispose();
        base.Dispose();
    }

    private int Fill(int count)
    {
        _reader!.ReadExactly(_piece.AsSpan(0, count));
        return count;
    }

    private void Compare(byte what, byte[] sent, byte[] received)
    {
        var theirs = new byte[SHA256.HashSizeInBytes];
        _reader!.ReadExactly(theirs);
        if ((what != (byte)'d' && !theirs.AsSpan().SequenceEqual(sent)) || (what != (byte)'u' && !theirs.AsSpan().SequenceEqual(received)))
        {
            throw new LoadException("the hashes of both ends differ");
        }
    }
}
