using TlsFront.Connections;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Pop3;
using TlsFront.Tests.Protocols;
using TlsFront.Tests.Protocols.Pop3;

namespace TlsFront.Fuzzing.Targets;

/// <summary>POP3 up to the login.</summary>
internal sealed class Pop3Target() : SessionTarget(MailProtocol.Pop3)
{
    private static readonly string[] Hidden = ["STLS", "GSSAPI", "XCLIENT"];

    /// <inheritdoc/>
    public override string Name => "pop3";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
        "`b+OK [XCLIENT] ready <1@x>\r\n`cCAPA\r\n`b+OK\r\nSTLS\r\nSASL PLAIN GSSAPI\r\nXCLIENT A\r\n.\r\n`cUSER alice\r\n`b+OK\r\n`cPASS s3cr3t\r\n`b+OK in\r\n`cSTAT\r\n`b+OK 0 0\r\n",
        "`b+OK\r\n`cAUTH PLAIN\r\n`b+ \r\n`cAGFsaWNlAHMzY3IzdA==\r\n`b-ERR no\r\n`cAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n`b+OK\r\n", "`b+OK <1@x>\r\n`cAPOP alice 0123456789abcdef\r\n`b+OK\r\n",
        "`n`b-ERR busy\r\n`b+OK\r\n`cAUTH\r\n`b+OK\r\nPLAIN\r\n.\r\n`cLANG\r\n`b+OK\r\nen\r\n.\r\n`cSTLS\r\nXCLIENT ADDR=1\r\nQUIT\r\n`b+OK\r\n`B`C", "`b+OK\r\n`d`e");

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. Pop3Fuzz.Words, .. Pop3Fuzz.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`*", "`b+OK\r\n", "`b-ERR\r\n", "`b+ \r\n", Password, "PASS s3cr3t\r\n", "AGFsaWNlAHMzY3IzdA==",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new Pop3Machine(observer);

    /// <inheritdoc/>
    protected override void PlayModel(SessionScript script)
    {
        var session = new MachineHarness(observer => new Pop3Machine(observer)).Start();
        var backendBytes = script.BackendBytes;
        var random = new Random(backendBytes.Length + backendBytes.Sum(octet => octet));
        var inDialogue = false;
        session.Backend("+OK ready\r\n");
        foreach (var piece in script.Pieces.Where(piece => piece.FromClient && piece.Bytes.Length > 0))
        {
            session.Client(piece.Bytes);
            while (!session.Transparent && session.Closed is null && session.TakeToBackend() is { Length: > 0 } line)
            {
                // One command at a time, and nothing in it that ends it early.
                Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
                Assert.Equal(line.Length - 2, line.IndexOf('\r', StringComparison.Ordinal));
                session.Backend(Pop3Fuzz.Answer(line, ref inDialogue, random));
            }
        }

        foreach (var hidden in Hidden)
        {
            Assert.DoesNotContain(hidden, session.ToClient);
        }
    }
}
