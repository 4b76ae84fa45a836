using System.Text;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Benchmarks.Machines;

/// <summary>One megabyte out of the middle of an endless message.</summary>
internal sealed class MessageContent : MachineScript
{
    // What an engine reads at once: one TLS record.
    private const int Piece = 16 * 1024;
    private const int Megabyte = 1024 * 1024;

    // A whole number of runs, below what the machine lets pass as one chunk.
    private const int ChunkLength = 1024 * Megabyte;

    private readonly MachineDriver _driver;
    private readonly byte[] _content;
    private readonly bool _grows;
    private long _untilNextChunk = long.MaxValue;

    private MessageContent(string name, MachineDriver driver, byte[] content, bool grows)
        : base(name)
    {
        _driver = driver;
        _content = content;
        _grows = grows;
    }

    /// <inheritdoc/>
    public override int Bytes => _content.Length;

    /// <summary>Content behind DATA, in lines of 76 octets.</summary>
    /// <param name="name">Shown in the table.</param>
    /// <param name="lineEnd">Behind each line.</param>
    /// <param name="normalized">Whether that line end is one the machine rewrites, which makes the content longer.</param>
    public static MessageContent Data(string name, string lineEnd, bool normalized)
    {
        var driver = InTransaction();
        driver.Client("DATA\r\n"u8, Piece);
        driver.Backend("354 Go ahead\r\n"u8);
        var line = "The quick brown fox jumps over the lazy dog, and the dog does not mind. Done" + lineEnd;
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, Megabyte / line.Length)));
        // The first octets of a message bring the Received field with them.
        driver.Client(content, Piece);
        return new MessageContent(name, driver, content, normalized);
    }

    /// <summary>Content of chunks, one behind the other.</summary>
    public static MessageContent Chunk(string name)
    {
        var driver = InTransaction();
        // Without a limit of size, which so many chunks would exceed.
        driver.Client("EHLO laptop.example.net\r\n"u8, Piece);
        driver.Backend("250-backend.example.com\r\n250 CHUNKING\r\n"u8);
        Play(driver, Scripts.SmtpEnvelope);
        var script = new MessageContent(name, driver, new byte[Megabyte], grows: false);
        script.BeginChunk();
        return script;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (_untilNextChunk == 0)
        {
            _driver.Backend("250 2.0.0 Ok\r\n"u8);
            BeginChunk();
        }

        _untilNextChunk -= _content.Length;
        var before = _driver.SentToBackend;
        _driver.Client(_content, Piece);
        if (_driver.SentToBackend - before > _content.Length != _grows)
        {
            throw new InvalidOperationException($"{this}: {_driver.SentToBackend - before} bytes went to the backend for {_content.Length}.");
        }
    }

    private void BeginChunk()
    {
        _driver.Client(Encoding.ASCII.GetBytes($"BDAT {ChunkLength}\r\n"), Piece);
        _untilNextChunk = ChunkLength;
    }

    private static MachineDriver InTransaction()
    {
        var driver = new MachineDriver();
        driver.Begin(observer => new SmtpMachine(new SessionRules(), observer));
        driver.Backend("220 backend.example.com ESMTP\r\n"u8);
        Play(driver, Scripts.SmtpLogin.Concat(Scripts.SmtpEnvelope));
        return driver;
    }

    private static void Play(MachineDriver driver, IEnumerable<Exchange> exchanges)
    {
        foreach (var (command, reply) in exchanges)
        {
            driver.Client(command, command.Length);
            driver.Backend(reply);
        }
    }
}
