using TlsFront.Tests.Transport.Native.Records;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Fuzzing.Models;

/// <summary>How one of the two fared.</summary>
/// <param name="reader">Reads what it sends.</param>
internal sealed class RecordEnd(IRecordForge reader)
{
    private readonly List<byte> _plaintext = [];
    private readonly List<string> _sent = [];

    /// <summary>What it took for data.</summary>
    public byte[] Plaintext => [.. _plaintext];

    /// <summary>What it sent: how often in a row it said the same is of no interest, since one answer may be to several questions.</summary>
    public IReadOnlyList<string> Sent => _sent;

    /// <summary>Whether it gave up.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether it heard a close_notify.</summary>
    public bool Closed { get; private set; }

    /// <summary>The alert it gave up with, if it said one.</summary>
    public int? Alert { get; private set; }

    /// <summary>Has it read a piece, and whatever it kept of the last one.</summary>
    public void Read(IRecordLayer layer, LoopScratch scratch, byte[] piece, int capacity)
    {
        if (Failed || Closed)
        {
            return;
        }

        var kept = scratch.Bio.KeepInput();
        piece.CopyTo(scratch.CipherIn, kept);
        scratch.Bio.SetInput(kept + piece.Length);
        int count;
        do
        {
            count = layer.Read(scratch.FromClient, 0, Math.Min(capacity, scratch.FromClient.Length));
            _plaintext.AddRange(scratch.FromClient.AsSpan(0, count));
        }
        while (count > 0 && !layer.Failed);
        (Failed, Closed) = (layer.Failed, layer.PeerClosed);
        Take(scratch.Bio.Output);
        scratch.Bio.ClearOutput();
    }

    /// <summary>
    /// Whether it cannot write although it did not give up, as OpenSSL cannot while it waits for the rest of a message that it will refuse.
    /// </summary>
    public bool IsStuck { get; private set; }

    /// <summary>Has it say something.</summary>
    public void Write(IRecordLayer layer, LoopScratch scratch)
    {
        IsStuck = layer.Write("something"u8) == Failed;
        Take(scratch.Bio.Output);
        scratch.Bio.ClearOutput();
    }

    private void Take(ReadOnlySpan<byte> sent)
    {
        while (!sent.IsEmpty)
        {
            var (type, content) = reader.Open(ref sent);
            var shown = $"{type} {Convert.ToHexString(content)}";
            if (_sent.Count == 0 || _sent[^1] != shown)
            {
                _sent.Add(shown);
            }

            switch (type, content)
            {
                case (21, [2, var alert]):
                    Alert = alert;
                    break;
                case (22, [24, ..]):
                    reader.Update();
                    break;
            }
        }
    }
}
