using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>One end of a <see cref="TlsPair"/>.</summary>
internal sealed class TlsEnd : IDisposable
{
    private readonly LoopScratch _scratch;

    public TlsEnd(SslContextHandle context, NativeObjects objects)
    {
        _scratch = new LoopScratch(64 * 1024, objects);
        Layer = Tls = new NativeTls(context, _scratch.Bio, objects);
    }

    public NativeTls Tls { get; }

    /// <summary>What goes on once the handshake is over: the same, unless <see cref="Complete"/> was called.</summary>
    public IRecordLayer Layer { get; private set; }

    /// <summary>Goes on with whatever the engine would go on with.</summary>
    public void Complete() => Layer = Tls.Complete(_scratch.Aead);

    /// <summary>Hands what waits to be sent to the <paramref name="other"/> end, behind what is unread there.</summary>
    public void SendTo(TlsEnd other) => other.Give(TakeOutput());

    /// <summary>Takes what waits to be sent.</summary>
    public byte[] TakeOutput()
    {
        var output = _scratch.Bio.Output.ToArray();
        _scratch.Bio.ClearOutput();
        return output;
    }

    /// <summary>Hands ciphertext over, behind what is unread.</summary>
    public void Give(ReadOnlySpan<byte> cipher)
    {
        var unread = _scratch.Bio.KeepInput();
        cipher.CopyTo(_scratch.CipherIn.AsSpan(unread));
        _scratch.Bio.SetInput(unread + cipher.Length);
    }

    /// <summary>Decrypts what was received; the number of octets.</summary>
    public int Read() => Layer.Read(_scratch.FromClient, 0, _scratch.FromClient.Length);

    /// <summary>Decrypts what was received.</summary>
    public byte[] Receive()
    {
        var read = new List<byte>();
        do
        {
            read.AddRange(_scratch.FromClient.AsSpan(0, Read()));
        }
        while (Layer.HoldsPlaintext);
        return [.. read];
    }

    public void Dispose()
    {
        Layer.Dispose();
        Tls.Dispose();
        _scratch.Dispose();
    }
}
