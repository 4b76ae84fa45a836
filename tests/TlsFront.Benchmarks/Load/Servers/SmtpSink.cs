namespace TlsFront.Benchmarks.Load.Servers;

/// <summary>
/// A submission server that believes every login and keeps no message, but says whether somebody put a <c>Received</c> field on top.
/// </summary>
internal static class SmtpSink
{
    public static void Serve(Wire wire)
    {
        var reader = new WireReader(wire);
        var isInExchange = false;
        wire.Write("220 backend.bench.test ESMTP\r\n"u8);
        while (true)
        {
            var command = reader.ReadLine();
            if (command.StartsWith("EHLO"u8))
            {
                wire.Write(
                    "250-backend.bench.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-AUTH PLAIN LOGIN\r\n250-8BITMIME\r\n250 CHUNKING\r\n"u8);
            }
            else if (command.TrimEnd("\r\n"u8).SequenceEqual("AUTH PLAIN"u8))
            {
                // The response comes in the next line.
                wire.Write("334 \r\n"u8);
                isInExchange = true;
            }
            else if (isInExchange || command.StartsWith("AUTH"u8))
            {
                isInExchange = false;
                wire.Write("235 2.7.0 Authentication successful\r\n"u8);
            }
            else if (command.StartsWith("DATA"u8))
            {
                wire.Write("354 End data with <CR><LF>.<CR><LF>\r\n"u8);
                wire.Write(ReadMessage(reader) ? "250 2.0.0 Received\r\n"u8 : "250 2.0.0 Untouched\r\n"u8);
            }
            else if (command.StartsWith("QUIT"u8))
            {
                wire.Write("221 2.0.0 Bye\r\n"u8);
                return;
            }
            else
            {
                wire.Write("250 2.0.0 Ok\r\n"u8);
            }
        }
    }

    private static bool ReadMessage(WireReader reader)
    {
        var line = reader.ReadLine();
        var received = line.StartsWith("Received:"u8);
        while (!line.SequenceEqual("."u8))
        {
            line = reader.ReadLine();
        }

        return received;
    }
}
