using TlsFront.Handover;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>One end of a <see cref="TlsPair"/>.</summary>
internal sealed class TlsEnd : IDisposable
{
    private readonly SslContextHandle _context;
    private readonly NativeObjects _objects;

    public TlsEnd(SslContextHandle context, NativeObjects objects)
    {
        (_context, _objects) = (context, objects);
        Scratch = new LoopScratch(64 * 1024, objects);
        Layer = Tls = new NativeTls(context, Scratch.Bio, objects);
    }

    public NativeTls Tls { get; private set; }

    /// <summary>Where ciphertext comes from and goes to.</summary>
    public ScratchBio Bio => Scratch.Bio;

    public LoopScratch Scratch { get; }

    /// <summary>Begins anew.</summary>
    public void Renew()
    {
        Layer.Dispose();
        Tls.Dispose();
        Bio.SetInput(0);
        Bio.ClearOutput();
        Layer = Tls = new NativeTls(_context, Bio, _objects);
    }

    /// <summary>What goes on once the handshake is over: the same, unless <see cref="Complete"/> was called.</summary>
    public IRecordLayer Layer { get; private set; }

    /// <summary>Goes on with whatever the engine would go on with.</summary>
    public void Complete() => Layer = Tls.Complete(Scratch.Aead);

    /// <summary>Goes on with what was exported, as another process would; false if it cannot be exported.</summary>
    /// <param name="length">So many octets of the state; all of them if null.</param>
    public bool TryMove(int? length = null)
    {
        using var state = new StateWriter();
        if (!Layer.TryExport(state))
        {
            return false;
        }

        var reader = new StateReader(state.Written[..(length ?? state.Written.Length)]);
        var moved = RecordImport.Import(ref reader, Bio, Scratch.Aead, _objects);
        Assert.True(reader.IsAtEnd);
        Layer.Dispose();
        Layer = moved;
        return true;
    }

    /// <summary>Octets of its state.</summary>
    public int StateLength()
    {
        using var state = new StateWriter();
        Assert.True(Layer.TryExport(state));
        return state.Written.Length;
    }

    /// <summary>Hands what waits to be sent to the <paramref name="other"/> end, behind what is unread there.</summary>
    public void SendTo(TlsEnd other) => other.Give(TakeOutput());

    /// <summary>Takes what waits to be sent.</summary>
    public byte[] TakeOutput()
    {
        var output = Scratch.Bio.Output.ToArray();
        Scratch.Bio.ClearOutput();
        return output;
    }

    /// <summary>Hands ciphertext over, behind what is unread.</summary>
    public void Give(ReadOnlySpan<byte> cipher)
    {
        var unread = Scratch.Bio.KeepInput();
        cipher.CopyTo(Scratch.CipherIn.AsSpan(unread));
        Scratch.Bio.SetInput(unread + cipher.Length);
    }

    /// <summary>Decrypts what was received; the number of octets.</summary>
    public int Read() => Layer.Read(Scratch.FromClient, 0, Scratch.FromClient.Length);

    /// <summary>Decrypts what was received, so many octets at a time.</summary>
    /// <param name="capacity">Most of them.</param>
    /// <param name="once">Whether to ask no more than once.</param>
    public byte[] Receive(int capacity = 64 * 1024, bool once = false)
    {
        var read = new List<byte>();
        do
        {
            read.AddRange(Scratch.FromClient.AsSpan(0, Layer.Read(Scratch.FromClient, 0, capacity)));
        }
        while (Layer.HoldsPlaintext && !once);
        return [.. read];
    }

    public void Dispose()
    {
        Layer.Dispose();
        Tls.Dispose();
        Scratch.Dispose();
    }
}
