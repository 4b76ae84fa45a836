using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>One end of a <see cref="TlsPair"/>.</summary>
internal sealed class TlsEnd : IDisposable
{
    private readonly LoopScratch _scratch;

    public TlsEnd(SslContextHandle context, NativeObjects objects)
    {
        _scratch = new LoopScratch(64 * 1024, objects);
        Tls = new NativeTls(context, _scratch.Bio, objects);
    }

    public NativeTls Tls { get; }

    /// <summary>Hands what waits to be sent to the <paramref name="other"/> end, behind what is unread there.</summary>
    public void SendTo(TlsEnd other)
    {
        var input = other._scratch.CipherIn;
        var unread = other._scratch.Bio.InputLeft;
        Array.Copy(input, other._scratch.Bio.InputOffset, input, 0, unread);
        _scratch.Bio.Output.CopyTo(input.AsSpan(unread));
        other._scratch.Bio.SetInput(unread + _scratch.Bio.OutputLength);
        _scratch.Bio.ClearOutput();
    }

    /// <summary>Decrypts what was received; the number of octets.</summary>
    public int Read() => Tls.Read(_scratch.FromClient, 0, _scratch.FromClient.Length);

    public void Dispose()
    {
        Tls.Dispose();
        _scratch.Dispose();
    }
}
