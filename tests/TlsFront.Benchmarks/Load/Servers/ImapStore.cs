namespace TlsFront.Benchmarks.Load.Servers;

/// <summary>An IMAP server that believes every login and has one message of 1 MB.</summary>
internal static class ImapStore
{
    private const int MessageLength = 1_000_000;
    private static readonly byte[] Fetched = [.. "* 1 FETCH (BODY[] {1000000}\r\n"u8, .. Enumerable.Repeat((byte)'x', MessageLength), .. ")\r\n"u8];

    public static void Serve(Wire wire)
    {
        var reader = new WireReader(wire);
        wire.Write("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] backend.bench.test ready\r\n"u8);
        while (true)
        {
            var line = reader.ReadLine();
            var space = line.IndexOf((byte)' ');
            if (space < 0)
            {
                throw new LoadException("not IMAP");
            }

            var tag = line[..space].ToArray();
            var command = line[(space + 1)..];
            if (command.StartsWith("FETCH"u8))
            {
                wire.Write(Fetched);
            }
            else if (command.StartsWith("CAPABILITY"u8))
            {
                wire.Write("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"u8);
            }
            else if (command.StartsWith("LOGIN"u8) && command.EndsWith("}"u8))
            {
                // nginx sends name and password as literals, each announced in the line before.
                wire.Write("+ name\r\n"u8);
                reader.ReadLine();
                wire.Write("+ password\r\n"u8);
                reader.ReadLine();
            }
            else if (command.StartsWith("LOGOUT"u8))
            {
                wire.Write([.. "* BYE\r\n"u8, .. tag, .. " OK done\r\n"u8]);
                return;
            }

            wire.Write([.. tag, .. " OK done\r\n"u8]);
        }
    }
}
