using System.Buffers;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>
/// The client's side: TLS once secured, plain bytes before. Ciphertext received and not yet decrypted when the session stops is its own
/// until it goes on, so that nothing behind the client's Finished is lost while a backend is looked for.
/// </summary>
internal sealed class ClientSide(NativeSocket socket, EventLoop loop) : NativeSide(socket, loop, loop.Scratch.FromClient)
{
    /// <summary>
    /// Ciphertext without plaintext that a client may send in a row: a record that arrives in parts, and key updates (RFC 8446 section 4.6.3) by the
    /// hundred. OpenSSL has no such bound, and each update costs what a kilobyte of data does.
    /// </summary>
    private const int MaxBarrenBytes = 2 * LoopScratch.RecordBytes;

    private byte[] _cipher = [];
    private int _barrenBytes;
    private int _cipherLength;
    private bool _saidGoodbye;

    /// <summary>TLS with the client; null before.</summary>
    public NativeTls? Tls { get; private set; }

    /// <summary>Ciphertext received and not yet decrypted.</summary>
    public ReadOnlySpan<byte> Cipher => _cipher.AsSpan(0, _cipherLength);

    public override bool MayRead => Socket.Readable || _cipherLength > 0 || Tls is { HoldsPlaintext: true };

    /// <summary>TLS begins: unconsumed plain bytes are its first.</summary>
    public void BeginTls()
    {
        SaveCipher(Peek());
        Release();
        WantsMore = Held = false;
    }

    /// <summary>TLS is established, or at least agreed upon.</summary>
    public void SetTls(NativeTls tls) => Tls = tls;

    /// <summary>Puts ciphertext kept into the scratch again; its length.</summary>
    public int RestoreCipher()
    {
        var length = _cipherLength;
        Cipher.CopyTo(Loop.Scratch.CipherIn);
        DropCipher();
        return length;
    }

    /// <summary>Keeps ciphertext until the session goes on.</summary>
    public void SaveCipher(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            _cipher = ArrayPool<byte>.Shared.Rent(rest.Length);
            _cipherLength = rest.Length;
            rest.CopyTo(_cipher);
        }
    }

    public void DropCipher()
    {
        if (_cipher.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_cipher);
            _cipher = [];
            _cipherLength = 0;
        }
    }

    public override int Fill(byte[] pinned, int offset, int capacity)
    {
        if (Tls is not { } tls)
        {
            var plain = Socket.Receive(pinned, offset, capacity);
            TakeEnd();
            return plain;
        }

        var scratch = Loop.Scratch;
        var bio = scratch.Bio;
        bio.SetInput(RestoreCipher());
        var decrypted = bio.InputLeft > 0 || tls.HoldsPlaintext ? tls.Read(pinned, offset, capacity) : 0;
        _barrenBytes = decrypted > 0 ? 0 : _barrenBytes;
        while (decrypted == 0 && !tls.PeerClosed && !tls.Failed)
        {
            // No more than is sure to fit, once decrypted, so that hardly ever something has to be kept.
            var received = Socket.Receive(scratch.CipherIn, 0, Math.Min(scratch.BatchBytes, capacity));
            if (received == 0)
            {
                break;
            }

            bio.SetInput(received);
            decrypted = tls.Read(pinned, offset, capacity);
            _barrenBytes = decrypted > 0 ? 0 : _barrenBytes + received;
            if (_barrenBytes > MaxBarrenBytes)
            {
                Ended = Broken = OutputEnded = true;
                break;
            }
        }

        if (tls.PeerClosed || tls.Failed)
        {
            Ended = true;
            Broken |= tls.Failed;
            OutputEnded |= tls.Failed;
        }
        else if (bio.InputLeft > 0)
        {
            SaveCipher(scratch.CipherIn.AsSpan(bio.InputOffset, bio.InputLeft));
        }

        // An end of the socket is the session's end only once everything before it was decrypted.
        if (!MayRead)
        {
            TakeEnd();
        }

        if (bio.OutputLength > 0)
        {
            // Reading can write: the answer to a key update, an alert. A client that asks for such and takes none is not served.
            Flush();
            Broken |= Socket.Pending > 4 * scratch.BatchBytes;
        }

        return decrypted;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (OutputEnded)
        {
            return;
        }

        if (Tls is not { } tls)
        {
            Socket.Send(bytes);
            TakeLoss();
            return;
        }

        var batch = Loop.Scratch.BatchBytes;
        while (!bytes.IsEmpty && !OutputEnded)
        {
            var part = bytes[..Math.Min(bytes.Length, batch)];
            if (Loop.Scratch.Bio.OutputLength > 0 && Loop.Scratch.Bio.OutputLength + part.Length > batch)
            {
                Flush();
            }

            if (!tls.Write(part))
            {
                Broken = OutputEnded = true;
            }

            bytes = bytes[part.Length..];
        }
    }

    public override void Settle()
    {
        if (Loop.Scratch.Bio.OutputLength >= LoopScratch.RecordBytes)
        {
            Flush();
        }
    }

    public override void Flush() => Flush(moreFollows: false);

    /// <summary>Sends what was written; <paramref name="moreFollows"/> has the kernel wait a moment for what does.</summary>
    public void Flush(bool moreFollows)
    {
        if (Loop.Scratch.Bio.OutputLength == 0)
        {
            return;
        }

        Socket.Send(Loop.Scratch.CipherOut, moreFollows);
        Loop.Scratch.Bio.ClearOutput();
        TakeLoss();
    }

    /// <summary>Puts close_notify behind what was written, once, and ends our half as soon as all of it is sent: in one segment if there is room.</summary>
    public void SayGoodbye()
    {
        if (!_saidGoodbye && !OutputEnded)
        {
            _saidGoodbye = true;
            Tls?.Shutdown();
            Flush(moreFollows: true);
        }

        if (!Blocked && !OutputEnded)
        {
            EndOutput();
        }
    }

    /// <summary>Frees what it holds, after the socket is closed or when it never will be used again.</summary>
    public void Free()
    {
        Tls?.Dispose();
        Tls = null;
        DropCipher();
        Release();
    }
}
