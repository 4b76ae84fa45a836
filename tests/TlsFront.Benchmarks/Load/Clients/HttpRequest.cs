namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>The small exchange: a request for 200 octets.</summary>
internal static class HttpRequest
{
    /// <summary>Octets of the answer's body.</summary>
    public const int BodyLength = 200;

    /// <summary>The session goes on.</summary>
    public static ReadOnlySpan<byte> KeepAlive => "GET /small HTTP/1.1\r\nHost: bench.test\r\n\r\n"u8;

    /// <summary>The session ends with the answer.</summary>
    public static ReadOnlySpan<byte> Last => "GET /small HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n\r\n"u8;

    /// <summary>Asks and reads the whole answer.</summary>
    public static void Exchange(Wire wire, WireReader reader)
    {
        wire.Write(KeepAlive);
        reader.Expect("HTTP/1.1 200"u8);
        while (!reader.ReadLine().IsEmpty)
        {
        }

        reader.Skip(BodyLength);
    }
}
