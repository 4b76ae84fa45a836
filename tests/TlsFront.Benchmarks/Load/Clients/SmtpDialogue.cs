using System.Text;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A mail program's words to a submission server, one command at a time.</summary>
internal sealed class SmtpDialogue : IDisposable
{
    private const int MessageLength = 10_000;
    private static readonly byte[] Message = CreateMessage();
    private readonly Wire _wire;
    private readonly WireReader _reader;
    private readonly byte[] _verdict;

    /// <summary>Connects and logs in.</summary>
    /// <param name="target">The proxy.</param>
    /// <param name="received">Whether the backend must see a <c>Received</c> field on top of the message, or must not.</param>
    public SmtpDialogue(Target target, bool received)
    {
        _verdict = received ? "250 2.0.0 Received"u8.ToArray() : "250 2.0.0 Untouched"u8.ToArray();
        _wire = target.Connect();
        _reader = new WireReader(_wire);
        try
        {
            _reader.ExpectReply("220"u8);
            Say("EHLO laptop.example.net\r\n"u8, "250"u8);
            Say("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n"u8, "235"u8);
        }
        catch (LoadException)
        {
            _wire.Dispose();
            throw;
        }
    }

    /// <summary>Submits one message of 10 kB.</summary>
    public void Submit()
    {
        Say("MAIL FROM:<alice@bench.test> SIZE=10000\r\n"u8, "250"u8);
        Say("RCPT TO:<bob@bench.test>\r\n"u8, "250"u8);
        Say("DATA\r\n"u8, "354"u8);
        _wire.Write(Message);
        _reader.Expect(_verdict);
    }

    /// <summary>Leaves.</summary>
    public void Quit() => Say("QUIT\r\n"u8, "221"u8);

    public void Dispose() => _wire.Dispose();

    private void Say(ReadOnlySpan<byte> command, ReadOnlySpan<byte> code)
    {
        _wire.Write(command);
        _reader.ExpectReply(code);
    }

    private static byte[] CreateMessage()
    {
        const string Line = "The quick brown fox jumps over the lazy dog, and the dog does not mind. Done\r\n";
        var header =
            "From: alice@bench.test\r\nTo: bob@bench.test\r\nSubject: hello\r\nMessage-ID: <1@bench.test>\r\nDate: Mon, "
            + "23 Nov 2026 16:17:00 +0100\r\n\r\n";
        var lines = (MessageLength - header.Length) / Line.Length;
        return Encoding.ASCII.GetBytes(header + string.Concat(Enumerable.Repeat(Line, lines)) + ".\r\n");
    }
}
