using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// The protection of one direction (RFC 8446 section 5.2): its secret, key, IV and sequence number. They lie outside the garbage collector's reach,
/// so that nothing copies them, and are wiped when they are replaced and in the end. The AEAD context that holds the key as well is the loop's.
/// </summary>
internal sealed unsafe class RecordProtection : IDisposable
{
    private const int GetTag = 0x10;
    private const int SetTag = 0x11;

    /// <summary>From this size on, one more call into OpenSSL for the content type costs less than a copy.</summary>
    private const int Large = 2048;

    private readonly AeadContexts _contexts;
    private Keys* _keys;

    /// <param name="suite">The suite agreed upon.</param>
    /// <param name="isForSealing">Whether records are sealed with it; otherwise they are opened.</param>
    /// <param name="secret">The traffic secret.</param>
    /// <param name="sequence">How many records were protected with it already.</param>
    /// <param name="contexts">The loop's AEAD contexts.</param>
    public RecordProtection(AeadSuite suite, bool isForSealing, ReadOnlySpan<byte> secret, ulong sequence, AeadContexts contexts)
    {
        (Suite, IsForSealing, Sequence, _contexts) = (suite, isForSealing, sequence, contexts);
        _keys = (Keys*)NativeMemory.AllocZeroed((nuint)sizeof(Keys));
        try
        {
            secret.CopyTo(Secret);
            KeySchedule.Derive(suite, Secret, Key, Vector);
        }
        catch
        {
            Dispose();
            throw;
        }
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

    private Span<byte> Secret => new(_keys->Secret, Suite.SecretLength);

    private Span<byte> Vector => new(_keys->Vector, AeadSuite.NonceLength);

    /// <summary>The next key (RFC 8446 section 4.6.3).</summary>
    public void Update()
    {
        _contexts.Forget(this);
        KeySchedule.Advance(Suite, Secret);
        KeySchedule.Derive(Suite, Secret, Key, Vector);
        Sequence = 0;
    }

    /// <summary>
    /// Decrypts a record; false if it is not authentic, and then <paramref name="inner"/> is clear. It may lie where the record does.
    /// </summary>
    /// <param name="header">The record's header.</param>
    /// <param name="body">What stands behind it, at least a tag.</param>
    /// <param name="inner">Where the TLSInnerPlaintext goes, as long as the body without the tag.</param>
    public bool TryOpen(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, Span<byte> inner)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        MakeNonce(nonce);
        var length = body.Length - AeadSuite.TagLength;
        bool isAuthentic;

        // Safe: pinned for the calls, which write no more than the body's length without the tag.
        fixed (byte* vector = nonce, associated = header, input = body, output = inner[..length])
        {
            int count;
            var context = _contexts.Get(this);
            isAuthentic = context != 0
                && OpenSsl.EVP_CipherInit_ex2(context, 0, null, vector, 0, 0) == 1
                && OpenSsl.EVP_CipherUpdate(context, null, &count, associated, header.Length) == 1
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

    /// <summary>Encrypts a record, header included; false if OpenSSL fails.</summary>
    /// <param name="type">What it holds.</param>
    /// <param name="content">That, at most <see cref="TlsRecord.MaxPlaintext"/>.</param>
    /// <param name="record">Where it goes, as long as <see cref="RecordHeader.LengthOf"/> says.</param>
    public bool TrySeal(ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        MakeNonce(nonce);
        RecordHeader.Write(record, content.Length + 1 + AeadSuite.TagLength);
        var innerType = (byte)type;
        bool isSealed;

        // Safe: pinned for the calls, which write the body's length, which the record has room for.
        fixed (byte* vector = nonce, start = record[..RecordHeader.LengthOf(content.Length)], input = content)
        {
            int count;
            var body = start + RecordHeader.Length;
            var context = _contexts.Get(this);
            isSealed = context != 0
                && OpenSsl.EVP_CipherInit_ex2(context, 0, null, vector, 1, 0) == 1
                && OpenSsl.EVP_CipherUpdate(context, null, &count, start, RecordHeader.Length) == 1;
            if (content.Length >= Large)
            {
                isSealed = isSealed
                    && OpenSsl.EVP_CipherUpdate(context, body, &count, input, content.Length) == 1
                    && OpenSsl.EVP_CipherUpdate(context, body + content.Length, &count, &innerType, 1) == 1;
            }
            else
            {
                content.CopyTo(record[RecordHeader.Length..]);
                body[content.Length] = innerType;
                isSealed = isSealed && OpenSsl.EVP_CipherUpdate(context, body, &count, body, content.Length + 1) == 1;
            }

            isSealed = isSealed
                && OpenSsl.EVP_CipherFinal_ex(context, vector, &count) == 1
                && OpenSsl.EVP_CIPHER_CTX_ctrl(context, GetTag, AeadSuite.TagLength, body + content.Length + 1) == 1;
        }

        if (!isSealed)
        {
            record[..RecordHeader.LengthOf(content.Length)].Clear();
            OpenSsl.ERR_clear_error();
        }

        // Whatever happened: no nonce comes twice.
        Sequence++;
        return isSealed;
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

    /// <summary>The sequence number, to the left of which are zeros, and the IV (RFC 8446 section 5.3).</summary>
    private void MakeNonce(Span<byte> nonce)
    {
        Vector.CopyTo(nonce);
        var end = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(end, BinaryPrimitives.ReadUInt64BigEndian(end) ^ Sequence);
    }

    private struct Keys
    {
        public fixed byte Secret[AeadSuite.MaxSecretLength];
        public fixed byte Key[AeadSuite.MaxKeyLength];
        public fixed byte Vector[AeadSuite.NonceLength];
    }
}
