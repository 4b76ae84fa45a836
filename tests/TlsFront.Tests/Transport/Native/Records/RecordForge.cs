using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>
/// Makes and reads records as a client does, well-formed or not, with .NET's own AEADs and a key schedule of its own: what it agrees on with the
/// engine is not the engine's own reading of the RFC.
/// </summary>
internal sealed class RecordForge(ushort suite, byte[] secret) : IRecordForge
{
    private byte[] _secret = secret;

    /// <inheritdoc/>
    public bool IsTls13 => true;

    /// <inheritdoc/>
    public ulong Sequence { get; set; }

    /// <summary>Octets of the secret of a suite.</summary>
    public static int SecretLength(ushort suite) => suite == 0x1302 ? 48 : 32;

    /// <inheritdoc/>
    public void Update() => (_secret, Sequence) = (Expand(_secret, "traffic upd", _secret.Length), 0);

    /// <summary>Protects whatever is to be protected.</summary>
    public byte[] Seal(ReadOnlySpan<byte> inner, byte outerType = 23, byte minorVersion = 3)
    {
        var record = new byte[5 + inner.Length + 16];
        (record[0], record[1], record[2]) = (outerType, 3, minorVersion);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)(inner.Length + 16));
        var header = record.AsSpan(0, 5);
        var body = record.AsSpan(5, inner.Length);
        var tag = record.AsSpan(5 + inner.Length);
        if (suite == 0x1303)
        {
            using var chacha = new ChaCha20Poly1305(Key);
            chacha.Encrypt(Nonce(), inner, body, tag, header);
        }
        else
        {
            using var gcm = new AesGcm(Key, 16);
            gcm.Encrypt(Nonce(), inner, body, tag, header);
        }

        return record;
    }

    /// <inheritdoc/>
    public byte[] Seal(byte type, ReadOnlySpan<byte> content, int padding = 0) => Seal([.. content, type, .. new byte[padding]]);

    /// <inheritdoc/>
    public (byte Type, byte[] Content) Open(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        var header = bytes[..5];
        var body = bytes[5..(length - 11)];
        var tag = bytes[(length - 11)..(length + 5)];
        Assert.Equal([23, 3, 3], header[..3].ToArray());
        var inner = new byte[body.Length];
        if (suite == 0x1303)
        {
            using var chacha = new ChaCha20Poly1305(Key);
            chacha.Decrypt(Nonce(), body, tag, inner, header);
        }
        else
        {
            using var gcm = new AesGcm(Key, 16);
            gcm.Decrypt(Nonce(), body, tag, inner, header);
        }

        bytes = bytes[(length + 5)..];
        return (inner[^1], inner[..^1]);
    }

    private byte[] Key => Expand(_secret, "key", suite == 0x1301 ? 16 : 32);

    private byte[] Nonce()
    {
        var nonce = Expand(_secret, "iv", 12);
        var number = BinaryPrimitives.ReadUInt64BigEndian(nonce.AsSpan(4)) ^ Sequence++;
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), number);
        return nonce;
    }

    private byte[] Expand(byte[] key, string label, int length)
    {
        // One block of HKDF-Expand: no output is longer than the hash.
        byte[] info = [0, (byte)length, (byte)(6 + label.Length), .. Encoding.ASCII.GetBytes("tls13 " + label), 0, 1];
        return (suite == 0x1302 ? HMACSHA384.HashData(key, info) : HMACSHA256.HashData(key, info))[..length];
    }
}
