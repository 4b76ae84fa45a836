using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Tls.Interop;

namespace TlsFront.SystemTests.Tls;

/// <summary>What protects the data of a session, as its client tells (RFC 9850): secrets, and keys that follow from them.</summary>
/// <param name="suite">The suite.</param>
/// <param name="log">The client's key log.</param>
/// <param name="messages">What OpenSSL shows of its handshake's messages.</param>
public sealed class TrafficKeys(InteropSuite suite, string log, string messages)
{
    private readonly HashAlgorithmName _hash = suite.Aead == "AES-256-GCM" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
    private readonly int _keyLength = suite.Aead == "AES-128-GCM" ? 16 : 32;

    /// <summary>The secrets of both directions after so many key updates (RFC 8446 section 7.2); the master secret in TLS 1.2.</summary>
    public IReadOnlyList<byte[]> Secrets(int updates = 0)
    {
        if (suite.Version == "1.2")
        {
            return [Logged("CLIENT_RANDOM", 2)];
        }

        byte[][] secrets = [Logged("CLIENT_TRAFFIC_SECRET_0", 2), Logged("SERVER_TRAFFIC_SECRET_0", 2)];
        for (; updates > 0; updates--)
        {
            secrets = [.. secrets.Select(secret => Expand(secret, "traffic upd", secret.Length))];
        }

        return secrets;
    }

    /// <summary>The keys of both directions after so many key updates (RFC 8446 section 7.3).</summary>
    public IReadOnlyList<byte[]> Keys(int updates = 0) => suite.Version == "1.2"
        ? KeyBlock(Logged("CLIENT_RANDOM", 2), [.. "key expansion"u8, .. ServerRandom(), .. Logged("CLIENT_RANDOM", 1)])
        : [.. Secrets(updates).Select(secret => Expand(secret, "key", _keyLength))];

    /// <summary>All that the client tells of the session, secrets of the handshake and of exporters as well.</summary>
    public IReadOnlyList<byte[]> Told() =>
    [
        .. log.Split('\n').Select(static line => line.Split(' ')).Where(static fields => fields is [not "#", _, _])
            .Select(static fields => Convert.FromHexString(fields[2])),
    ];

    private byte[] Expand(byte[] secret, string label, int length) =>
        HKDF.Expand(_hash, secret, length, [0, (byte)length, (byte)(6 + label.Length), .. Encoding.ASCII.GetBytes("tls13 " + label), 0]);

    /// <summary>RFC 5246 sections 5 and 6.3.</summary>
    private byte[][] KeyBlock(byte[] master, byte[] seed)
    {
        var block = new List<byte>();
        for (var a = Hmac(master, seed); block.Count < 2 * _keyLength; a = Hmac(master, a))
        {
            block.AddRange(Hmac(master, [.. a, .. seed]));
        }

        return [[.. block.Take(_keyLength)], [.. block.Skip(_keyLength).Take(_keyLength)]];
    }

    private byte[] Hmac(byte[] key, byte[] octets) => CryptographicOperations.HmacData(_hash, key, octets);

    private byte[] Logged(string label, int field) =>
        Convert.FromHexString(log.Split('\n').Single(line => line.StartsWith(label + " ", StringComparison.Ordinal)).Split(' ')[field]);

    /// <summary>Behind the type, the length and the version of a ServerHello.</summary>
    private byte[] ServerRandom()
    {
        var octets = Regex.Match(messages, @"ServerHello\s+((?:[0-9a-f]{2}\s+){38})").Groups[1].Value;
        return [.. octets.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Skip(6).Select(static octet => Convert.ToByte(octet, 16))];
    }
}
