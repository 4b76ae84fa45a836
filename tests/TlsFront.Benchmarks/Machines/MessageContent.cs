using System.Text;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Benchmarks.Machines;

/// <summary>One megabyte out of the middle of an endless message.</summary>
internal sealed class MessageContent : MachineScript
{
    // What an engine reads at once: one TLS record.
    private const int Piece = 16 * 1024;
    private const int Megabyte = 1024 * 1024;

    private readonly MachineDriver _driver;
    private readonly byte[] _content;
    private readonly bool _grows;

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

    /// <summary>Content of one chunk, long enough for any number of runs.</summary>
    public static MessageContent Chunk(string name)
    {
        var driver = InTransaction();
        driver.Client("BDAT 900000000000000\r\n"u8, Piece);
        return new MessageContent(name, driver, new byte[Megabyte], grows: false);
    }

    /// <inheritdoc/>
    public override void Run()
    {
        var before = _driver.SentToBackend;
        _driver.Client(_content, Piece);
        if (_driver.SentToBackend - before > _content.Length != _grows)
        {
            throw new InvalidOperationException($"{this}: {_driver.SentToBackend - before} bytes went to the backend for {_content.Length}.");
        }
    }

    private static MachineDriver InTransaction()
    {
        var driver = new MachineDriver();
        driver.Begin(observer => new SmtpMachine(new SmtpRules(), observer));
        driver.Backend("220 backend.example.com ESMTP\r\n"u8);
        foreach (var (command, reply) in Scripts.SmtpLogin.Concat(Scripts.SmtpEnvelope))
        {
            driver.Client(command, command.Length);
            driver.Backend(reply);
        }

        return driver;
    }
}
