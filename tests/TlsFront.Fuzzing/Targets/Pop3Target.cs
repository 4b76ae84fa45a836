using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Pop3;
using TlsFront.Tests.Protocols.Pop3;

namespace TlsFront.Fuzzing.Targets;

/// <summary>POP3 up to the login.</summary>
internal sealed class Pop3Target() : SessionTarget(MailProtocol.Pop3, Pop3Server.All)
{
    private static readonly string[] WithBackend =
    [
        "`b+OK [XCLIENT] ready <1@x>\r\n`cCAPA\r\n`b+OK\r\nSTLS\r\nSASL PLAIN GSSAPI\r\nXCLIENT A\r\n.\r\n`cUSER alice\r\n`b+OK\r\n"
            + "`cPASS s3cr3t\r\n`b+OK in\r\n"
            + "`cSTAT\r\n`b+OK 0 0\r\n",
        "`b+OK\r\n`cAUTH PLAIN\r\n`b+ \r\n`cAGFsaWNlAHMzY3IzdA==\r\n`b-ERR no\r\n`cAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n`b+OK\r\n",
        "`b+OK <1@x>\r\n`cAPOP alice 0123456789abcdef\r\n`b+OK\r\n",
        "`n`b-ERR busy\r\n`b+OK\r\n`cAUTH\r\n`b+OK\r\nPLAIN\r\n.\r\n`cLANG\r\n`b+OK\r\nen\r\n.\r\n`cSTLS\r\nXCLIENT ADDR=1\r\nQUIT\r\n`b+OK\r\n`B`C",
        "`b+OK\r\n`d`e",
    ];

    private static readonly string[] WithServer =
    [
        "CAPA\r\nUSER alice\r\nPASS s3cr3t\r\n", "AUTH\r\nAUTH PLAIN\r\n`cAGFsaWNlAHMzY3IzdA==\r\n", "AUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n",
        "LANG\r\nAPOP alice 0123456789abcdef\r\n", "AUTH LOGIN\r\n`cYWxpY2U=\r\n`cczNjcjN0\r\nNOOP\r\nQUIT\r\n",
        "USER alice\r\nPASS x\r\nUSER bob\r\nPASS y z\r\nAUTH SCRAM-SHA-256\r\n*\r\nSTLS\r\nXCLIENT ADDR=1\r\n`b\u0001\u0000\u0000\u0001",
    ];

    /// <inheritdoc/>
    public override string Name => "pop3";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } =
    [
        .. Bytes.Of(WithBackend), .. Pop3Server.All.SelectMany((_, server) => Bytes.Behind(server, WithServer)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. Pop3Fuzz.Words, .. Pop3Fuzz.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`*", "`b+OK\r\n", "`b-ERR\r\n", "`b+ \r\n", Password,
        "PASS s3cr3t\r\n",
        "AGFsaWNlAHMzY3IzdA==", "  ", " \r\n",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new Pop3Machine(observer, script.BareNewlines);
}
