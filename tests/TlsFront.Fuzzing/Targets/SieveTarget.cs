using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Sieve;
using TlsFront.Tests.Protocols.Sieve;

namespace TlsFront.Fuzzing.Targets;

/// <summary>ManageSieve up to the login.</summary>
internal sealed class SieveTarget() : SessionTarget(MailProtocol.Sieve, SieveServer.All)
{
    private static readonly string[] WithBackend =
    [
        "`b\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN A-PLUS\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n"
            + "`cCAPABILITY\r\n`b\"SASL\" {5}\r\nPLAIN\r\nOK\r\n"
            + "`cAUTHENTICATE \"PLAIN\" \"AGFsaWNlAHMzY3IzdA==\"\r\n`bOK (SASL \"YQ==\") \"in\"\r\n`cLISTSCRIPTS\r\n",
        "`bOK\r\n`cAUTHENTICATE \"PLAIN\"\r\n`b\"\"\r\n`c{20+}\r\nAGFsaWNlAHMzY3IzdA==\r\n`bNO \"no\"\r\n"
            + "`cAUTHENTICATE \"LOGIN\"\r\n`b{4}\r\nVXNl\r\n`c\"*\"\r\n`bNO\r\n",
        "`n`bBYE \"busy\"\r\n`bOK\r\n`cPUTSCRIPT \"a\" {10+}\r\nSTARTTLS\r\n\r\nNOOP {1+}\r\na\r\n`bOK (TAG {1}\r\na) \"x\"\r\n"
            + "`cLOGOUT\r\n`bOK\r\n`C`B",
        "`bOK\r\n`cNOOP\r\n`bBYE (REFERRAL \"sieve://b\") \"x\"\r\n", "`bOK\r\n`d`e",
    ];

    private static readonly string[] WithServer =
    [
        "CAPABILITY\r\nAUTHENTICATE \"PLAIN\" \"AGFsaWNlAHMzY3IzdA==\"\r\n", "AUTHENTICATE \"PLAIN\" {20+}\r\nAGFsaWNlAHMzY3IzdA==\r\n",
        "AUTHENTICATE \"LOGIN\"\r\n`c\"YWxpY2U=\"\r\n`c{8+}\r\nczNjcjN0\r\n", "AUTHENTICATE \"SCRAM-SHA-256\"\r\n`c\"*\"\r\nLOGOUT\r\n",
        "PUTSCRIPT \"a\" {10+}\r\nSTARTTLS\r\n\r\nNOOP {1+}\r\na\r\nNOOP \"b\"\r\nXCLIENT ADDR=1\r\nNOOP {3}\r\n`b\u0001\u0000",
        "AUTHENTICATE \"EXTERNAL\" \"\"\r\nAUTHENTICATE \"XOAUTH2\" \"dXNlcj1hbGljZQFhdXRoPUJlYXJlciB4AQE=\"\r\n",
    ];

    /// <inheritdoc/>
    public override string Name => "sieve";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } =
    [
        .. Bytes.Of(WithBackend), .. SieveServer.All.SelectMany((_, server) => Bytes.Behind(server, WithServer)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. SieveFuzz.Words, .. SieveFuzz.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`*", "`bOK\r\n", "`bNO\r\n", "`b\"\"\r\n", Password,
        "AGFsaWNlAHMzY3IzdA==", "\"AGFsaWNlAHMzY3IzdA==\"\r\n", "{20+}\r\nAGFsaWNlAHMzY3IzdA==", "  ", " \r\n",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new SieveMachine(observer, script.BareNewlines);
}
