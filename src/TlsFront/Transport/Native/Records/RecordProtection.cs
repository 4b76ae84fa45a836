using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Handover;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// The protection of one direction: its keys and its sequence number, and the AEAD that is run on a record. What a record looks like is the
/// version's. Keys lie outside the garbage collector's reach, so that nothing copies them, and are wiped when they are replaced and in the end. The
/// AEAD context that holds the key as well is the loop's.
/// </summary>
internal abstract unsafe class RecordProtection : IDisposable
{
    private const int GetTag = 0x10;
    private const int SetTag = 0x11;

    private readonly AeadContexts _contexts;
    private Keys* _keys;

    /// <param name="suite">The suite agreed upon.</param>
    /// <param name="isForSealing">Whether records are sealed with it; otherwise they are opened.</param>
    /// <param name="sequence">How many records were protected with its key already.</param>
    /// <param name="contexts">The loop's AEAD contexts.</param>
    protected RecordProtection(AeadSuite suite, bool isForSealing, ulong sequence, AeadContexts contexts)
    {
        (Suite, IsForSealing, Sequence, _contexts) = (suite, isForSealing, sequence, contexts);
        _keys = (Keys*)NativeMemory.AllocZeroed((nuint)sizeof(Keys));
    }

    /// <summary>The suite agreed upon.</summary>
    public AeadSuite Suite { get; }

    /// <summary>Whether records are sealed with it; otherwise they are opened.</summary>
    public bool IsForSealing { get; }

    /// <summary>Number of the next record.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Where its context is among <see cref="AeadContexts"/>; 0 if it has none.</summary>
    public int Place { get; set; }

    /// <summary>The key, for the context.</summary>
    public Span<byte> Key => new(_keys->Key, Suite.KeyLength);

    /// <summary>Octets of a record in front of what is encrypted.</summary>
    public abstract int PrefixLength { get; }

    /// <summary>Octets that are encrypted behind the content, if nothing is padded.</summary>
    protected abstract int TrailerLength { get; }

    /// <summary>The traffic secret, in TLS 1.3 alone.</summary>
    protected Span<byte> Secret => new(_keys->Secret, Suite.SecretLength);

    /// <summary>What nonces are made of.</summary>
    protected Span<byte> Iv => new(_keys->Iv, AeadSuite.NonceLength);

    /// <summary>Octets of a record with that much content.</summary>
    public int LengthOf(int content) => PrefixLength + content + TrailerLength + AeadSuite.TagLength;

    /// <summary>Octets of what is encrypted in a record of that length; negative if there is not even a tag.</summary>
    public int InnerLength(int record) => record - PrefixLength - AeadSuite.TagLength;

    /// <summary>
    /// Decrypts a record; false if it is not authentic, and then <paramref name="inner"/> is clear. It may lie where the encrypted octets do.
    /// </summary>
    /// <param name="record">The record, not shorter than its tag needs.</param>
    /// <param name="inner">Where what is encrypted goes, as long as <see cref="InnerLength"/> says.</param>
    /// <param name="type">What it holds; 0 if it does not say.</param>
    /// <param name="length">How much of <paramref name="inner"/> that is.</param>
    public abstract bool TryOpen(ReadOnlySpan<byte> record, Span<byte> inner, out ContentType type, out int length);

    /// <summary>Encrypts a record, header included; false if OpenSSL fails.</summary>
    /// <param name="type">What it holds.</param>
    /// <param name="content">That, at most <see cref="TlsRecord.MaxPlaintext"/>.</param>
    /// <param name="record">Where it goes, as long as <see cref="LengthOf"/> says.</param>
    public abstract bool TrySeal(ContentType type, ReadOnlySpan<byte> content, Span<byte> record);

    /// <summary>Writes what another process needs to go on with it.</summary>
    public void Export(StateWriter state)
    {
        ExportKeys(state);
        state.Write(Sequence);
    }

    public void Dispose()
    {
        if (_keys is not null)
        {
            _contexts.Forget(this);
            CryptographicOperations.ZeroMemory(new Span<byte>(_keys, sizeof(Keys)));
            NativeMemory.Free(_keys);
            _keys = null;
        }
    }

    /// <summary>Writes what keys and nonces follow from.</summary>
    protected abstract void ExportKeys(StateWriter state);

    /// <summary>The AEAD's decryption of a record's end, tag included.</summary>
    protected bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> encrypted, Span<byte> inner)
    {
        var length = encrypted.Length - AeadSuite.TagLength;
        bool isAuthentic;

        // Safe: pinned for the calls, which write no more than what is encrypted, without its tag.
        fixed (byte* vector = nonce, extra = associated, input = encrypted, output = inner[..length])
        {
            int count;
            var context = _contexts.Get(this);
            isAuthentic = context != 0
                && OpenSsl.EVP_CipherInit_ex2(context, 0, null, vector, 0, 0) == 1
                && OpenSsl.EVP_CipherUpdate(context, null, &count, extra, associated.Length) == 1
                && (length == 0 || OpenSsl.EVP_CipherUpdate(context, output, &count, input, length) == 1)
                && OpenSsl.EVP_CIPHER_CTX_ctrl(context, SetTag, AeadSuite.TagLength, input + length) == 1
                && OpenSsl.EVP_CipherFinal_ex(context, vector, &count) == 1;
        }

        if (!isAuthentic)
        {
            inner[..length].Clear();
            OpenSsl.ERR_clear_error();
            return false;
        }

        Sequence++;
        return true;
    }

    /// <summary>The AEAD's encryption of content and what stands behind it; the tag follows.</summary>
    protected bool TryEncrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> content, ReadOnlySpan<byte> trailer, Span<byte> encrypted)
    {
        var length = content.Length + trailer.Length;
        bool isSealed;

        // Safe: pinned for the calls, which write the length of both and a tag.
        fixed (byte* vector = nonce, extra = associated, input = content, end = trailer, output = encrypted[..(length + AeadSuite.TagLength)])
        {
            int count;
            var context = _contexts.Get(this);
            isSealed = context != 0
                && OpenSsl.EVP_CipherInit_ex2(context, 0, null, vector, 1, 0) == 1
                && OpenSsl.EVP_CipherUpdate(context, null, &count, extra, associated.Length) == 1
                && (content.IsEmpty || OpenSsl.EVP_CipherUpdate(context, output, &count, input, content.Length) == 1)
                && (trailer.IsEmpty || OpenSsl.EVP_CipherUpdate(context, output + content.Length, &count, end, trailer.Length) == 1)
                && OpenSsl.EVP_CipherFinal_ex(context, vector, &count) == 1
                && OpenSsl.EVP_CIPHER_CTX_ctrl(context, GetTag, AeadSuite.TagLength, output + length) == 1;
        }

        if (!isSealed)
        {
            encrypted.Clear();
            OpenSsl.ERR_clear_error();
        }

        // Whatever happened: no nonce comes twice.
        Sequence++;
        return isSealed;
    }

    /// <summary>The sequence number, to the left of which are zeros, and the IV (RFC 8446 section 5.3, RFC 7905 section 2).</summary>
    protected void MaskSequence(Span<byte> nonce)
    {
        Iv.CopyTo(nonce);
        var end = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(end, BinaryPrimitives.ReadUInt64BigEndian(end) ^ Sequence);
    }

    /// <summary>Has the next key begin with record 0; the context of the last one is given back.</summary>
    protected void ForgetKey()
    {
        _contexts.Forget(this);
        Sequence = 0;
    }

    private struct Keys
    {
        public fixed byte Secret[AeadSuite.MaxSecretLength];
        public fixed byte Key[AeadSuite.MaxKeyLength];
        public fixed byte Iv[AeadSuite.NonceLength];
    }
}
