using BenchmarkDotNet.Attributes;

namespace TlsFront.Benchmarks.Machines;

/// <summary>
/// What the machines cost without a socket, a thread or TLS. <see cref="PassThrough"/> is the path of message content and must allocate
/// nothing; <see cref="Dialogue"/> is what a session costs around it.
/// </summary>
public class MachineBenchmarks
{
    /// <summary>Scripts of <see cref="PassThrough"/>.</summary>
    public static IEnumerable<MachineScript> Contents =>
    [
        MessageContent.Data("SMTP DATA, ordinary lines", "\r\n", normalized: false),
        MessageContent.Data("SMTP DATA, every line end a bare LF", "\n", normalized: true),
        MessageContent.Chunk("SMTP BDAT"),
    ];

    /// <summary>Scripts of <see cref="Dialogue"/>.</summary>
    public static IEnumerable<MachineScript> Dialogues =>
        [Scripts.SmtpEhlo, Scripts.SmtpTransaction, Scripts.SmtpSession, Scripts.ImapLogin, Scripts.Pop3Login];

    [Benchmark]
    [ArgumentsSource(nameof(Contents))]
    public void PassThrough(MachineScript script) => script.Run();

    [Benchmark]
    [ArgumentsSource(nameof(Dialogues))]
    public void Dialogue(MachineScript script) => script.Run();
}
