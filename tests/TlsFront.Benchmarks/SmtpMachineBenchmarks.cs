using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Benchmarks;

/// <summary>Message content through the SMTP machine, 64 KB a call: throughput and allocations (zero) of the path every mail takes.</summary>
[MemoryDiagnoser]
public class SmtpMachineBenchmarks : ISessionObserver
{
    private const int Size = 64 * 1024;

    private readonly EmitBuffer _buffer = new();
    private readonly SessionFacts _facts = new()
    {
        Id = "01J9ZQ7K3M",
        HostName = "mail.example.com",
        Client = new IPEndPoint(IPAddress.Loopback, 51000),
        Local = new IPEndPoint(IPAddress.Loopback, 465),
    };

    private SmtpMachine? _machine;
    private byte[] _content = [];

    /// <summary>What the content looks like: base64 lines, short text lines with a stuffed dot in ten, or lines ended by a bare LF.</summary>
    [Params("attachment", "text", "bare newlines")]
    public string Content { get; set; } = "";

    [Params("DATA", "BDAT")]
    public string Command { get; set; } = "";

    [GlobalSetup]
    public void Begin()
    {
        var line = Content switch
        {
            "attachment" => new string('A', 76) + "\r\n",
            "text" => string.Concat(Enumerable.Repeat("A line of text of ordinary length.\r\n", 9)) + "..\r\n",
            _ => "A line of text of ordinary length.\n",
        };
        _content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, (Size / line.Length) + 1))[..Size]);
        _machine = new SmtpMachine(new SmtpRules(Authentication.Optional), this);
        Tell(Signal.Start);
        Tell(Signal.BackendReady);
        Offer(false, "220 hello\r\n");
        Offer(true, "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n");
        Offer(false, "250 Ok\r\n250 Ok\r\n");
        Offer(true, Command == "DATA" ? "DATA\r\n" : "BDAT 999999999999999\r\n");
        Offer(false, Command == "DATA" ? "354 Go\r\n" : "");
    }

    [Benchmark(OperationsPerInvoke = Size)]
    public int Transfer()
    {
        var calls = 0;
        for (var rest = _content.AsSpan(); rest.Length > 1; calls++)
        {
            _buffer.Clear();
            var emitter = new Emitter(rest, _buffer, _facts, default);
            rest = rest[_machine!.FromClient(rest, ref emitter).Consumed..];
        }

        return calls;
    }

    void ISessionObserver.LoginSucceeded(string? user)
    {
    }

    void ISessionObserver.LoginFailed()
    {
    }

    void ISessionObserver.MessageAccepted()
    {
    }

    void ISessionObserver.MessageRefused()
    {
    }

    private void Tell(Signal signal)
    {
        var emitter = new Emitter(default, _buffer, _facts, default);
        _machine!.On(signal, ref emitter);
    }

    private void Offer(bool client, string bytes)
    {
        _buffer.Clear();
        var input = Encoding.ASCII.GetBytes(bytes);
        var emitter = new Emitter(input, _buffer, _facts, DateTimeOffset.UnixEpoch);
        _ = client ? _machine!.FromClient(input, ref emitter) : _machine!.FromBackend(input, ref emitter);
    }
}
