using TlsFront.Connections;
using TlsFront.Tests.Transport.Native;
using TlsFront.Tests.Transport.Native.Records;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Fuzzing.Models;

/// <summary>
/// A handshake after which both the engine's own records and OpenSSL's <c>SSL</c> go on at one end of it, each without knowledge of the other, and
/// the other end is played.
/// </summary>
/// <param name="version">The version.</param>
/// <param name="suite">The suite, as OpenSSL calls it.</param>
/// <param name="number">Its number.</param>
/// <param name="isServer">Whether the end is the server's.</param>
internal sealed class RecordGame(TlsVersion version, string suite, ushort number, bool isServer) : IDisposable
{
    private readonly TlsPair _pair = new(TimeProvider.System, version, suite);
    private readonly NativeObjects _objects = new();
    private readonly LoopScratch _scratch = new(64 * 1024, new NativeObjects());
    private bool _isRenewed = true;

    /// <summary>Has both read what the script says, and tells how each of them fared.</summary>
    /// <param name="script">See <see cref="RecordScript"/>.</param>
    /// <param name="capacity">Most octets that the engine's own is asked for at once.</param>
    public (RecordEnd Ours, RecordEnd Theirs) Play(ReadOnlySpan<byte> script, int capacity)
    {
        if (!_isRenewed)
        {
            _pair.Renew();
        }

        _isRenewed = false;
        var end = isServer ? _pair.Server : _pair.Client;
        RecordLayer? ours = null;
        _pair.WhenDone = done =>
        {
            if (done == end)
            {
                // What the last step wrote is counted from; it is sent once.
                end.Bio.Output.CopyTo(_scratch.Bio.OutputLeft);
                _scratch.Bio.Put(end.Bio.OutputLength);
                ours = NativeInsides.Fork(end.Tls, _scratch, _objects);
                _scratch.Bio.ClearOutput();
            }
        };
        Assert.Equal(0ul, _pair.Handshake());
        using var layer = Assert.IsAssignableFrom<RecordLayer>(ours);
        var peer = NativeInsides.ForgeOf(end.Tls, number, isClient: isServer);
        var (mine, other) = (new RecordEnd(Reader(end)), new RecordEnd(Reader(end)));

        // Tickets that the client has not read yet.
        var unread = end.Bio.Input.ToArray();
        for (ReadOnlySpan<byte> tickets = unread; !tickets.IsEmpty;)
        {
            peer.Open(ref tickets);
        }

        _scratch.Bio.SetInput(0);
        end.Bio.SetInput(0);
        foreach (var piece in new RecordScript(peer, isServer).Pieces(script.ToArray()).Prepend(unread))
        {
            mine.Read(layer, _scratch, piece, capacity);
            other.Read(end.Tls, end.Scratch, piece, int.MaxValue);
        }

        // OpenSSL puts the answer to a key update off until it has something to say.
        mine.Write(layer, _scratch);
        other.Write(end.Tls, end.Scratch);
        return (mine, other);
    }

    public void Dispose()
    {
        _pair.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Reads the end's records, behind what it protected in the handshake: its Finished in TLS 1.2, a server's ticket in TLS 1.3.</summary>
    private IRecordForge Reader(TlsEnd end)
    {
        var reader = NativeInsides.ForgeOf(end.Tls, number, isClient: !isServer);
        reader.Sequence = version == TlsVersion.Tls12 || isServer ? 1ul : 0;
        return reader;
    }
}
