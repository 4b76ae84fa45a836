using System.Text;
using TlsFront.Connections;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;
using TlsFront.Tests.Protocols;
using TlsFront.Tests.Protocols.Imap;

namespace TlsFront.Fuzzing.Targets;

/// <summary>IMAP up to the login.</summary>
internal sealed class ImapTarget() : SessionTarget(MailProtocol.Imap)
{
    private static readonly string[] Hidden = [" STARTTLS", "LOGINDISABLED", "-PLUS", "GSSAPI", "REFERRALS", "UNAUTHENTICATE"];

    /// <inheritdoc/>
    public override string Name => "imap";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
        "`b* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n`ca CAPABILITY\r\n`b* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=SCRAM-SHA-1-PLUS\r\na OK done\r\n`cb LOGIN alice s3cr3t\r\n`bb OK [CAPABILITY X] in\r\n`cc SELECT INBOX\r\n",
        "`b* OK ready\r\n`ca AUTHENTICATE PLAIN\r\n`b+ \r\n`cAGFsaWNlAHMzY3IzdA==\r\n`ba NO no\r\n`ca AUTHENTICATE PLAIN AGFsaWNlAHMzY3IzdA==\r\n`ba OK in\r\n",
        "`b* OK ready\r\n`ca LOGIN {5+}\r\nalice {6}\r\n`b+ go\r\n`b+ go\r\n`cs3cr3t\r\n`ba OK in\r\n", "`n`b* BYE busy\r\n`b* OK ready\r\n`cx ID (\"x-originating-ip\" \"1.2.3.4\" \"name\" {4+}\r\nmutt)\r\n`bx OK done\r\n",
        "`b* PREAUTH hello\r\n", "`b* OK ready\r\n`ca STARTTLS\r\nb COMPRESS DEFLATE\r\nc LOGOUT\r\n`b* BYE x\r\nc OK bye\r\n`C`B", "`b* OK ready\r\n`d`e");

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. ImapFuzz.Words, .. ImapFuzz.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`*", "`ca ", "`b* OK ready\r\n", "`ba OK done\r\n", "`b+ \r\n", "`ba NO no\r\n", Password,
        "LOGIN alice s3cr3t\r\n", "AGFsaWNlAHMzY3IzdA==", "{6+}\r\ns3cr3t",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new ImapMachine(observer);

    /// <inheritdoc/>
    protected override void PlayModel(SessionScript script)
    {
        var session = new MachineHarness(observer => new ImapMachine(observer)).Start();
        var backendBytes = script.BackendBytes;
        var server = new ImapModelServer(backendBytes.Length + backendBytes.Sum(octet => octet));
        session.Backend($"* OK [CAPABILITY {ImapModelServer.Capabilities}] ready\r\n");
        foreach (var piece in script.Pieces.Where(piece => piece.FromClient && piece.Bytes.Length > 0))
        {
            session.Client(piece.Bytes);
            while (!session.Transparent && session.Closed is null && session.TakeToBackend() is { Length: > 0 } forwarded)
            {
                session.Backend(server.Receive(forwarded));
            }
        }

        Assert.DoesNotContain(server.Executed, ImapFuzz.IsForbidden);
        // A tag of the client's may be any word, and comes back.
        var client = Encoding.Latin1.GetString(script.ClientBytes);
        foreach (var hidden in Hidden.Where(hidden => !client.Contains(hidden.Trim(), StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(hidden, session.ToClient);
        }
    }
}
