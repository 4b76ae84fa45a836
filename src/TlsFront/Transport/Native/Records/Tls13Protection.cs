using TlsFront.Handover;

namespace TlsFront.Transport.Native.Records;

/// <summary>The protection of one direction of TLS 1.3 (RFC 8446 section 5.2): its keys follow from a traffic secret, and change with it.</summary>
internal sealed class Tls13Protection : RecordProtection
{
    /// <summary>From this size on, one more call into OpenSSL for the content type costs less than a copy.</summary>
    private const int Large = 2048;

    /// <param name="suite">The suite agreed upon.</param>
    /// <param name="isForSealing">Whether records are sealed with it; otherwise they are opened.</param>
    /// <param name="secret">The traffic secret.</param>
    /// <param name="sequence">How many records were protected with it already.</param>
    /// <param name="contexts">The loop's AEAD contexts.</param>
    public Tls13Protection(AeadSuite suite, bool isForSealing, ReadOnlySpan<byte> secret, ulong sequence, AeadContexts contexts)
        : base(suite, isForSealing, sequence, contexts)
    {
        try
        {
            secret.CopyTo(Secret);
            KeySchedule.Derive(suite, Secret, Key, Iv);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int PrefixLength => RecordHeader.Length;

    /// <inheritdoc/>
    /// <remarks>The content's type.</remarks>
    protected override int TrailerLength => 1;

    /// <summary>Goes on with what was exported.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public static Tls13Protection Import(ref StateReader state, AeadSuite suite, bool isForSealing, AeadContexts contexts)
    {
        var secret = state.ReadBytes(suite.SecretLength);
        return new(suite, isForSealing, secret, state.ReadUInt64(), contexts);
    }

    /// <summary>The next key (RFC 8446 section 4.6.3).</summary>
    public void Update()
    {
        ForgetKey();
        try
        {
            KeySchedule.Advance(Suite, Secret);
            KeySchedule.Derive(Suite, Secret, Key, Iv);
        }
        finally
        {
            Hmac.Wipe();
        }
    }

    /// <inheritdoc/>
    /// <remarks>The type is the last octet that is not zero: what is behind it is padding (RFC 8446 section 5.4).</remarks>
    public override bool TryOpen(ReadOnlySpan<byte> record, Span<byte> inner, out ContentType type, out int length)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        MaskSequence(nonce);
        (type, length) = (default, 0);
        if (!TryDecrypt(nonce, record[..RecordHeader.Length], record[RecordHeader.Length..], inner))
        {
            return false;
        }

        if (inner.TrimEnd((byte)0) is { IsEmpty: false } unpadded)
        {
            (type, length) = ((ContentType)unpadded[^1], unpadded.Length - 1);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TrySeal(ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Span<byte> nonce = stackalloc byte[AeadSuite.NonceLength];
        MaskSequence(nonce);
        RecordHeader.Write(record, ContentType.ApplicationData, LengthOf(content.Length) - RecordHeader.Length);
        var header = record[..RecordHeader.Length];
        var body = record[RecordHeader.Length..LengthOf(content.Length)];
        if (content.Length >= Large)
        {
            return TryEncrypt(nonce, header, content, [(byte)type], body);
        }

        var inner = body[..(content.Length + 1)];
        content.CopyTo(inner);
        inner[^1] = (byte)type;
        return TryEncrypt(nonce, header, inner, default, body);
    }

    /// <inheritdoc/>
    protected override void ExportKeys(StateWriter state) => state.Write(Secret);
}
