using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>
/// Makes and reads records of TLS 1.2 as either side does, well-formed or not, with .NET's own AEADs: what it agrees on with the engine is not the
/// engine's own reading of RFC 5246, RFC 5288 and RFC 7905.
/// </summary>
/// <param name="isGcm">Whether the AEAD is AES-GCM; otherwise ChaCha20-Poly1305.</param>
/// <param name="key">The key.</param>
/// <param name="fixedNonce">The part of nonces that the key block gives.</param>
internal sealed class Tls12Forge(bool isGcm, byte[] key, byte[] fixedNonce) : IRecordForge
{
    private readonly HashSet<ulong> _explicit = [];

    /// <inheritdoc/>
    public bool IsTls13 => false;

    /// <inheritdoc/>
    public ulong Sequence { get; set; }

    /// <summary>The explicit part of the next record's nonce.</summary>
    public ulong NextNonce { get; set; } = 0x1234_5678_9ABC_DEF0;

    /// <summary>The explicit part of the nonce of the last record that was opened.</summary>
    public ulong LastNonce { get; private set; }

    /// <summary>Forges of client and server from a master secret (RFC 5246 sections 5 and 6.3).</summary>
    public static (Tls12Forge Client, Tls12Forge Server) FromMaster(ushort suite, byte[] master, byte[] serverRandom, byte[] clientRandom)
    {
        var isGcm = suite is not (0xCCA8 or 0xCCA9);
        var isAes256 = suite is 0xC02C or 0xC030;
        var (keyLength, nonceLength) = (isGcm && !isAes256 ? 16 : 32, isGcm ? 4 : 12);
        Func<byte[], byte[], byte[]> hash = isAes256 ? HMACSHA384.HashData : HMACSHA256.HashData;
        byte[] seed = [.. "key expansion"u8, .. serverRandom, .. clientRandom];
        var block = new List<byte>();
        for (var a = hash(master, seed); block.Count < 2 * (keyLength + nonceLength); a = hash(master, a))
        {
            block.AddRange(hash(master, [.. a, .. seed]));
        }

        return (
            new(isGcm, Part(0, keyLength), Part(2 * keyLength, nonceLength)),
            new(isGcm, Part(keyLength, keyLength), Part((2 * keyLength) + nonceLength, nonceLength)));

        byte[] Part(int start, int length) => [.. block.Skip(start).Take(length)];
    }

    /// <inheritdoc/>
    public byte[] Seal(byte type, ReadOnlySpan<byte> content, int padding) => Seal(type, content);

    /// <inheritdoc/>
    public void Update()
    {
    }

    /// <summary>Protects a record.</summary>
    public byte[] Seal(byte type, ReadOnlySpan<byte> content, byte minorVersion = 3)
    {
        var chosen = new byte[isGcm ? 8 : 0];
        if (isGcm)
        {
            BinaryPrimitives.WriteUInt64BigEndian(chosen, NextNonce++);
        }

        var (cipher, tag) = (new byte[content.Length], new byte[16]);
        if (isGcm)
        {
            using var gcm = new AesGcm(key, 16);
            gcm.Encrypt([.. fixedNonce, .. chosen], content, cipher, tag, Associated(type, content.Length));
        }
        else
        {
            using var chacha = new ChaCha20Poly1305(key);
            chacha.Encrypt(MaskedNonce(), content, cipher, tag, Associated(type, content.Length));
        }

        Sequence++;
        var length = chosen.Length + cipher.Length + tag.Length;
        return [type, 3, minorVersion, (byte)(length >> 8), (byte)length, .. chosen, .. cipher, .. tag];
    }

    /// <inheritdoc/>
    public (byte Type, byte[] Content) Open(ref ReadOnlySpan<byte> bytes)
    {
        var record = bytes[..(5 + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]))];
        bytes = bytes[record.Length..];
        Assert.Equal([3, 3], record[1..3].ToArray());
        var body = record[(isGcm ? 13 : 5)..^16];
        var content = new byte[body.Length];
        if (isGcm)
        {
            LastNonce = BinaryPrimitives.ReadUInt64BigEndian(record[5..]);
            Assert.True(_explicit.Add(LastNonce), "a nonce came twice");
            using var gcm = new AesGcm(key, 16);
            gcm.Decrypt([.. fixedNonce, .. record[5..13]], body, record[^16..], content, Associated(record[0], content.Length));
        }
        else
        {
            using var chacha = new ChaCha20Poly1305(key);
            chacha.Decrypt(MaskedNonce(), body, record[^16..], content, Associated(record[0], content.Length));
        }

        Sequence++;
        return (record[0], content);
    }

    private byte[] MaskedNonce()
    {
        var nonce = fixedNonce.ToArray();
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), BinaryPrimitives.ReadUInt64BigEndian(nonce.AsSpan(4)) ^ Sequence);
        return nonce;
    }

    private byte[] Associated(byte type, int length)
    {
        var associated = new byte[13];
        BinaryPrimitives.WriteUInt64BigEndian(associated, Sequence);
        (associated[8], associated[9], associated[10]) = (type, 3, 3);
        BinaryPrimitives.WriteUInt16BigEndian(associated.AsSpan(11), (ushort)length);
        return associated;
    }
}
