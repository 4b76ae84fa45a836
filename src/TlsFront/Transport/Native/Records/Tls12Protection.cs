using System.Buffers.Binary;
using TlsFront.Handover;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// The protection of one direction of TLS 1.2 by an AEAD (RFC 5246 section 6.2.3.3). Its key holds as long as the session does. A nonce of AES-GCM
/// has four octets of the key block, and eight that stand in the record and are the sender's choice (RFC 5288 section 3); one of ChaCha20-Poly1305 is
/// made as in TLS 1.3 (RFC 7905 section 2).
/// </summary>
internal sealed class Tls12Protection : RecordProtection
{
    /// <summary>Sequence number, type, version and length of the content.</summary>
    private const int AssociatedLength = 13;

    /// <param name="suite">The suite agreed upon.</param>
    /// <param name="isForSealing">Whether records are sealed with it; otherwise they are opened.</param>
    /// <param name="key">The key.</param>
    /// <param name="fixedNonce">The part of nonces that the key block gives.</param>
    /// <param name="explicitNonce">The other part of the next record's nonce, if there is one: no record before had it, or a later one.</param>
    /// <param name="sequence">How many records were protected with the key already.</param>
    /// <param name="contexts">The loop's AEAD contexts.</param>
    public Tls12Protection(
        AeadSuite suite, bool isForSealing, ReadOnlySpan<byte> key, ReadOnlySpan<byte> fixedNonce, ulong explicitNonce, ulong sequence,
        AeadContexts contexts)
        : base(suite, isForSealing, sequence, contexts)
    {
        key.CopyTo(Key);
        fixedNonce.CopyTo(Iv);
        if (HasExplicitNonce)
        {
            // What is counted on from, as long as the number of the record is added to it.
            BinaryPrimitives.WriteUInt64BigEndian(Iv[suite.FixedNonceLength..], unchecked(explicitNonce - sequence));
        }
    }

    /// <inheritdoc/>
    public override int PrefixLength => RecordHeader.Length + Suite.ExplicitNonceLength;

    /// <inheritdoc/>
    protected override int TrailerLength => 0;

    /// <summary>Goes on with what was exported.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public static Tls12Protection Import(ref StateReader state, AeadSuite suite, bool isForSealing, AeadContexts contexts)
    {
        var key = state.ReadBytes(suite.KeyLength);
        var fixedNonce = state.ReadBytes(suite.FixedNonceLength);
        var explicitNonce = state.ReadUInt64();
        return new(suite, isForSealing, key, fixedNonce, explicitNonce, state.ReadUInt64(), contexts);
    }

    private bool HasExplicitNonce => Suite.ExplicitNonceLength > 0;

    /// <inheritdoc/>
    public override bool TryOpen(ReadOnlySpan<byte> record, Span<byte> inner, out ContentType type, out int length)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        if (HasExplicitNonce)
        {
            Iv[..Suite.FixedNonceLength].CopyTo(nonce);
            record[RecordHeader.Length..PrefixLength].CopyTo(nonce[Suite.FixedNonceLength..]);
        }
        else
        {
            MaskSequence(nonce);
        }

        (type, length) = ((ContentType)record[0], inner.Length);
        Span<byte> associated = stackalloc byte[AssociatedLength];
        Associate(associated, type, length);
        return TryDecrypt(nonce, associated, record[PrefixLength..], inner);
    }

    /// <inheritdoc/>
    public override bool TrySeal(ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        RecordHeader.Write(record, type, LengthOf(content.Length) - RecordHeader.Length);
        if (HasExplicitNonce)
        {
            Iv.CopyTo(nonce);
            var chosen = nonce[Suite.FixedNonceLength..];
            BinaryPrimitives.WriteUInt64BigEndian(chosen, unchecked(BinaryPrimitives.ReadUInt64BigEndian(chosen) + Sequence));
            chosen.CopyTo(record[RecordHeader.Length..]);
        }
        else
        {
            MaskSequence(nonce);
        }

        Span<byte> associated = stackalloc byte[AssociatedLength];
        Associate(associated, type, content.Length);
        return TryEncrypt(nonce, associated, content, default, record[PrefixLength..LengthOf(content.Length)]);
    }

    private void Associate(Span<byte> associated, ContentType type, int length)
    {
        BinaryPrimitives.WriteUInt64BigEndian(associated, Sequence);
        RecordHeader.Write(associated[sizeof(ulong)..], type, length);
    }

    /// <inheritdoc/>
    protected override void ExportKeys(StateWriter state)
    {
        state.Write(Key);
        state.Write(Iv[..Suite.FixedNonceLength]);
        state.Write(HasExplicitNonce ? unchecked(BinaryPrimitives.ReadUInt64BigEndian(Iv[Suite.FixedNonceLength..]) + Sequence) : 0);
    }
}
