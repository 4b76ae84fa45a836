using System.Buffers;
using TlsFront.Handover;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native;

/// <summary>
/// A peer that is spoken to in TLS, or may be. Ciphertext received and not yet decrypted when the session stops is its own until it goes on, so
/// that nothing behind a Finished is lost while the other side is looked for.
/// </summary>
/// <param name="socket">The peer's socket.</param>
/// <param name="loop">The session's loop.</param>
/// <param name="scratch">Where what is received is decrypted to.</param>
/// <param name="outgoing">Where plaintext collects until it is encrypted: each call of OpenSSL makes a record.</param>
/// <param name="bio">Where ciphertext collects until it is sent.</param>
internal abstract class TlsSide(
    NativeSocket socket, EventLoop loop, byte[] scratch, byte[] outgoing, ScratchBio bio) : NativeSide(socket, loop, scratch)
{
    /// <summary>
    /// Ciphertext without plaintext that a peer may send in a row: a record that arrives in parts, and key updates (RFC 8446 section 4.6.3). OpenSSL
    /// has no such bound, and each update costs what a kilobyte of data does; <see cref="RecordLayer"/> has one of its own.
    /// </summary>
    private const int MaxBarrenBytes = 2 * LoopScratch.RecordBytes;

    private byte[] _cipher = [];
    private int _cipherLength;
    private bool _isPartial;
    private int _barrenBytes;
    private int _collected;

    /// <inheritdoc/>
    /// <remarks>OpenSSL clears what it decrypted as long as that may be credentials; of a message it would cost time.</remarks>
    public override bool MayHoldCredentials
    {
        get => base.MayHoldCredentials;
        set
        {
            if (base.MayHoldCredentials && !value)
            {
                Tls?.KeepPlaintext();
            }

            base.MayHoldCredentials = value;
        }
    }

    /// <summary>TLS with the peer; null before.</summary>
    public IRecordLayer? Tls { get; private set; }

    /// <summary>Whether the session must end because its keys are not to be used for much longer.</summary>
    public bool IsSpent => Tls is { IsSpent: true };

    /// <summary>Ciphertext received and not yet decrypted, perhaps because it is part of a record.</summary>
    public ReadOnlyMemory<byte> Cipher => _cipher.AsMemory(0, _cipherLength);

    public override bool MayRead => Socket.Readable || (_cipherLength > 0 && !_isPartial) || Tls is { HoldsPlaintext: true };

    public override int Unsent => OutputEnded ? 0 : _collected + bio.OutputLength;

    /// <summary>TLS is established, or at least agreed upon.</summary>
    public void SetTls(IRecordLayer tls) => Tls = tls;

    /// <summary>Puts ciphertext kept into the scratch again; its length.</summary>
    public int RestoreCipher()
    {
        var length = _cipherLength;
        Cipher.CopyTo(Loop.Scratch.CipherIn);
        DropCipher();
        return length;
    }

    /// <summary>Keeps ciphertext until the session goes on, behind what is kept already.</summary>
    public void SaveCipher(ReadOnlySpan<byte> more)
    {
        if (_cipherLength + more.Length > _cipher.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_cipherLength + more.Length, 2 * _cipherLength));
            var length = _cipherLength;
            Cipher.CopyTo(larger);
            DropCipher();
            (_cipher, _cipherLength) = (larger, length);
            Loop.Objects.Held(larger.Length);
        }

        _isPartial = false;
        more.CopyTo(_cipher.AsSpan(_cipherLength));
        _cipherLength += more.Length;
    }

    /// <inheritdoc/>
    public override bool TryExport(StateWriter state)
    {
        if (!base.TryExport(state))
        {
            return false;
        }

        state.Write(Cipher.Span);
        state.Write(Tls is not null);
        return Tls?.TryExport(state) != false;
    }

    /// <inheritdoc/>
    public override void Import(ref StateReader state)
    {
        base.Import(ref state);
        var cipher = state.ReadBytes();
        if (!cipher.IsEmpty)
        {
            SaveCipher(cipher);
        }

        if (state.ReadBoolean())
        {
            SetTls(RecordImport.Import(ref state, bio, Loop.Scratch.Aead, Loop.Objects));
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

        var working = Loop.Scratch;
        bio.SetInput(RestoreCipher());
        var decrypted = bio.InputLeft > 0 || tls.HoldsPlaintext ? tls.Read(pinned, offset, capacity) : 0;
        _barrenBytes = decrypted > 0 ? 0 : _barrenBytes;
        while (decrypted == 0 && !tls.PeerClosed && !tls.Failed)
        {
            // With what is kept no more than is sure to fit, once decrypted, so that hardly ever more has to be kept; but always a whole record.
            var kept = bio.KeepInput();
            var wanted = Math.Max(Math.Min(working.BatchBytes, capacity), LoopScratch.RecordBytes) - kept;
            var received = Socket.Receive(working.CipherIn, kept, Math.Clamp(wanted, 1, working.CipherIn.Length - kept));
            if (received == 0)
            {
                break;
            }

            bio.SetInput(kept + received);
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
            SaveCipher(bio.Input);
            _isPartial = !tls.HoldsPlaintext;
        }

        // An end of the socket is the session's end only once everything before it was decrypted.
        if (!MayRead)
        {
            TakeEnd();
        }

        if (bio.OutputLength > 0)
        {
            // Reading can write: the answer to a key update, an alert. A peer that asks for such and takes none is not served.
            SendEncrypted(moreFollows: false);
            Broken |= Socket.Pending > 4 * Loop.Settings.Buffer;
        }

        return decrypted;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (OutputEnded)
        {
            return;
        }

        if (bytes.Length >= TlsRecord.MaxPlaintext || bytes.Length > outgoing.Length - _collected)
        {
            EncryptCollected();
            EncryptLines(bytes);
            return;
        }

        bytes.CopyTo(outgoing.AsSpan(_collected));
        _collected += bytes.Length;
    }

    public override void Forward(ReadOnlySpan<byte> bytes)
    {
        EncryptCollected();
        Encrypt(bytes);
    }

    public override void Flush() => Flush(moreFollows: false);

    /// <summary>Sends what was written; <paramref name="moreFollows"/> has the kernel wait a moment for what does.</summary>
    public void Flush(bool moreFollows)
    {
        EncryptCollected();
        SendEncrypted(moreFollows);
    }

    public override void Abandon()
    {
        outgoing.AsSpan(0, MayHoldCredentials ? _collected : 0).Clear();
        _collected = 0;
        Release();
    }

    /// <summary>Frees what it holds, after the socket is closed or when it never will be used again.</summary>
    public void Free()
    {
        Tls?.Dispose();
        Tls = null;
        DropCipher();
        Abandon();
    }

    /// <summary>Puts close_notify behind what was written.</summary>
    protected void WriteEnd()
    {
        EncryptCollected();
        Tls?.Shutdown();
    }

    private void EncryptCollected()
    {
        if (_collected > 0)
        {
            var collected = outgoing.AsSpan(0, _collected);
            _collected = 0;
            EncryptLines(collected);
            if (MayHoldCredentials)
            {
                collected.Clear();
            }
        }
    }

    private void EncryptLines(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = TlsRecord.NextLength(bytes);
            Encrypt(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    private void Encrypt(ReadOnlySpan<byte> bytes)
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
            if (bio.OutputLength > 0 && bio.OutputLength + part.Length > batch)
            {
                SendEncrypted(moreFollows: false);
            }

            if (!tls.Write(part))
            {
                Broken = OutputEnded = true;
            }

            bytes = bytes[part.Length..];
        }
    }

    private void SendEncrypted(bool moreFollows)
    {
        if (bio.OutputLength > 0)
        {
            Socket.Send(bio.Output, moreFollows);
            bio.ClearOutput();
            TakeLoss();
        }
    }

    private void DropCipher()
    {
        if (_cipher.Length > 0)
        {
            Loop.Objects.Held(-_cipher.Length);
            ArrayPool<byte>.Shared.Return(_cipher);
            _cipher = [];
            _cipherLength = 0;
        }
    }
}
