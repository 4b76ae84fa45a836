using System.Security.Cryptography;

namespace TlsFront.Connections;

/// <summary>
/// Makes connection ids: ten characters of time and six of a counter that starts anywhere, in Crockford's base 32. They sort by time, are
/// unique in a process and, but for one in a billion, between replicas.
/// </summary>
internal static class ConnectionId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static int _counter = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>The next id, for a connection accepted at <paramref name="now"/>.</summary>
    public static string Next(DateTimeOffset now) =>
        string.Create(16, (Time: now.ToUnixTimeMilliseconds(), Count: (uint)Interlocked.Increment(ref _counter)), static (span, parts) =>
        {
            Write(span[10..], parts.Count);
            Write(span[..10], (ulong)parts.Time);
        });

    private static void Write(Span<char> span, ulong value)
    {
        for (var i = span.Length - 1; i >= 0; i--)
        {
            span[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }
}
