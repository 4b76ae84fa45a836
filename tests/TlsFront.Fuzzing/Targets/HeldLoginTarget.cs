using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// Logins that are held until it is known whose they are, handed on to models of servers. Whoever a server lets in is the one for whom it was chosen;
/// nothing goes to a server but what a login needs until it let somebody in; and however the client's octets arrive, the same becomes of them.
/// <para>Half of the clients have a certificate, and the servers get a login of the gateway's own in place of theirs: nothing of what such a client
/// says may let anybody else in.</para>
/// </summary>
internal sealed class HeldLoginTarget : IFuzzTarget
{
    private const string Password = "s3cr3t";

    /// <summary>Whom the certificate names.</summary>
    private const string Certified = "carol";

    /// <summary>Whom the gateway's own login is of.</summary>
    private const string Own = "alice";

    private static readonly (MailProtocol Protocol, Func<byte[], ModelServer> Create)[] Servers =
    [
        .. SmtpServer.All.Select(static server => (MailProtocol.Smtp, server)),
        .. ImapServer.All.Select(static server => (MailProtocol.Imap, server)),
        .. Pop3Server.All.Select(static server => (MailProtocol.Pop3, server)),
        .. SieveServer.All.Select(static server => (MailProtocol.Sieve, server)),
    ];

    /// <inheritdoc/>
    public string Name => "heldlogin";

    /// <inheritdoc/>
    public int MaximumLength => 1536;

    /// <inheritdoc/>
    public long MaximumAllocation => 256 << 20;

    /// <inheritdoc/>
    public string Heads => "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[..Servers.Length] + "abcdefghijklmnopqrstuvwxyz"[..Servers.Length];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds =>
        Servers.SelectMany((server, number) => Bytes.Of(
        [
            .. SeedsOf(server.Protocol).Select(seed => Heads[number] + seed),
            .. SeedsOf(server.Protocol).Concat(CertifiedSeedsOf(server.Protocol)).Select(seed => Heads[Servers.Length + number] + seed),
        ]));

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        "`c", "`b\u0001\u0000", "`*", "\r\n", "\n", "\0", "*\r\n", "=\r\n", "AUTH ", "AUTHENTICATE ", "PLAIN", "LOGIN", "XOAUTH2", "SCRAM-SHA-1",
        "CRAM-MD5", "EXTERNAL", "Y2Fyb2w=",
        "AGFsaWNlAHMzY3IzdA==", "AGJvYgBzM2NyM3Q=", "YWxpY2U=", "czNjcjN0", "a ", "LOGIN alice s3cr3t\r\n", "{5}\r\nalice", "{6+}\r\ns3cr3t", "USER ",
        "PASS ", "alice", "bob", Password, "EHLO x\r\n", "HELO x\r\n", "NOOP\r\n", "RSET\r\n", "CAPABILITY\r\n", "CAPA\r\n", "DATA\r\n",
        "QUIT\r\n", "\"", "\\",
    ]);

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        if (input.Length == 0 || Heads.IndexOf((char)input[0]) is not (>= 0 and var number))
        {
            return;
        }

        var script = new SessionScript(input[1..]);
        var server = Servers[number % Servers.Length];
        var whole = Play(server, script, int.MaxValue, isCertified: number >= Servers.Length);
        var single = Play(server, script, 1, isCertified: number >= Servers.Length);
        // What DATA has behind it is seen only where it arrives with it.
        if (whole.Closed == CloseReason.ProtocolError || single.Closed == CloseReason.ProtocolError)
        {
            return;
        }

        Assert.Equal(single.ToClient, whole.ToClient);
        Assert.Equal(single.Reports, whole.Reports);
        Assert.Equal((single.Closed, single.Connects), (whole.Closed, whole.Connects));
    }

    private static MachineHarness Play(
        (MailProtocol Protocol, Func<byte[], ModelServer> Create) behind, SessionScript script, int size, bool isCertified)
    {
        var facts = MachineHarness.DefaultFacts();
        if (isCertified)
        {
            facts.Tls = facts.Tls! with { ClientCertificate = new(Certified, CommonName: null, "ca.pem", "0A1B", "CN=Users") };
            facts.BackendLogin = new(null, Own, System.Text.Encoding.ASCII.GetBytes(Password));
        }

        var profile = ProtocolProfile.Of(behind.Protocol);
        var rules = new SessionRules(BareNewlines: script.BareNewlines);
        var session = new MachineHarness(observer => new HeldLoginMachine(
            profile,
            profile.CreateLoginDialogue(profile.FormatOffer(null), isCertified ? profile.FormatOffer(null, isCertified: true) : default),
            profile.CreateMachine(rules, observer, isGreeted: false)), facts)
        {
            BackendsLeft = int.MaxValue,
        };
        session.Start();
        var servers = new List<(ModelServer Server, string? User)>();
        foreach (var piece in script.Pieces.Where(static piece => piece.FromClient))
        {
            // Long pieces only reach limits: cut finer they would take for ever.
            var step = size == 1 && piece.Bytes.Length > 1000 ? 97 : size;
            for (var at = 0; at < piece.Bytes.Length && session.Closed is null && !session.Transparent; at += Math.Min(step, piece.Bytes.Length - at))
            {
                session.Client(piece.Bytes.AsSpan(at, Math.Min(step, piece.Bytes.Length - at)));
                Exchange(session, behind.Create, script, servers);
            }
        }

        return session;
    }

    private static void Exchange(
        MachineHarness session, Func<byte[], ModelServer> create, SessionScript script, List<(ModelServer Server, string? User)> servers)
    {
        while (session.Closed is null && !session.Transparent)
        {
            if (session.Connects > servers.Count)
            {
                Assert.True(session.Connects == servers.Count + 1, "Two servers were connected for one login.");
                Assert.False(string.IsNullOrEmpty(session.Facts.User), "A server was chosen for nobody.");
                Assert.True(!session.Facts.IsLoginByCertificate || session.Facts.User == Certified, "A certificate stood for somebody else.");
                Assert.Equal("", session.TakeToBackend());
                // The next server's dice fall otherwise.
                servers.Add((create([.. script.BackendBytes.Skip(servers.Count)]), session.Facts.BackendLogin is null ? session.Facts.User : Own));
                session.Backend(servers[^1].Server.Greeting);
                continue;
            }

            if (session.TakeToBackend() is not { Length: > 0 } forwarded)
            {
                return;
            }

            var (server, user) = servers[^1];
            session.Backend(server.Receive(forwarded));
            foreach (var login in server.Logins)
            {
                var isKnown = login == SaslServer.AnyName || login == user || (login is [SaslServer.Unsure, .. var name] && name == user);
                Assert.True(isKnown, $"{server.Name}: {login} is let in where {user} is at home.");
            }
        }
    }

    private static string[] CertifiedSeedsOf(MailProtocol protocol) => protocol switch
    {
        MailProtocol.Smtp => ["EHLO x\r\nAUTH EXTERNAL =\r\nMAIL FROM:<a@x>\r\n", "EHLO x\r\nAUTH EXTERNAL Ym9i\r\nAUTH EXTERNAL\r\nY2Fyb2w=\r\n"],
        MailProtocol.Imap => ["a AUTHENTICATE EXTERNAL =\r\n", "a AUTHENTICATE EXTERNAL\r\nY2Fyb2w=\r\nb NOOP\r\n`b\u0000"],
        MailProtocol.Pop3 => ["CAPA\r\nAUTH EXTERNAL =\r\n", "AUTH EXTERNAL\r\n\r\n"],
        _ => ["AUTHENTICATE \"EXTERNAL\" \"\"\r\n", "AUTHENTICATE \"EXTERNAL\"\r\n\"Y2Fyb2w=\"\r\n"],
    };

    private static string[] SeedsOf(MailProtocol protocol) => protocol switch
    {
        MailProtocol.Smtp =>
        [
            "EHLO x\r\nAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\nMAIL FROM:<a@x>\r\n", "EHLO x\r\nAUTH LOGIN\r\nYWxpY2U=\r\nczNjcjN0\r\n`b\u0000\u0001",
            "EHLO x\r\nAUTH LOGIN YWxpY2U=\r\n`cczNjcjN0\r\nAUTH PLAIN\r\nAGJvYgBzM2NyM3Q=\r\n`b\u0000",
            "HELO x\r\nAUTH PLAIN =\r\nRSET\r\nRSET\r\nQUIT\r\n",
            "EHLO x\r\nAUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPWFiYw==\r\n`c*\r\nNOOP\r\n", "EHLO x\r\nDATA\r\nx\r\n.\r\n",
        ],
        MailProtocol.Imap =>
        [
            "a LOGIN alice s3cr3t\r\n", "a LOGIN {5+}\r\nalice {6+}\r\ns3cr3t\r\nb NOOP\r\n`b\u0000", "a LOGIN {5}\r\n`calice {6}\r\n`cs3cr3t\r\n",
            "a LOGIN \"al\\\"ice\" \"s3cr3t\"\r\nb LOGIN bob s3cr3t\r\n`b\u0000\u0001",
            "a AUTHENTICATE PLAIN\r\nAGFsaWNlAHMzY3IzdA==\r\nc LOGOUT\r\n",
            "a AUTHENTICATE PLAIN AGFsaWNlAHMzY3IzdA==\r\n", "a ID (\"name\" \"x\")\r\nb CAPABILITY\r\nc AUTHENTICATE LOGIN\r\n*\r\n",
        ],
        MailProtocol.Pop3 =>
        [
            "CAPA\r\nUSER alice\r\nPASS s3cr3t\r\n", "USER alice\r\nUSER bob\r\nNOOP\r\nPASS s3cr3t\r\n`b\u0000\u0001",
            "AUTH PLAIN\r\nAGFsaWNlAHMzY3IzdA==\r\n",
            "USER alice\r\nAUTH PLAIN AGJvYgBzM2NyM3Q=\r\nPASS s3cr3t\r\n`b\u0000",
            "APOP alice 0123456789abcdef0123456789abcdef\r\nAUTH\r\nQUIT\r\n",
        ],
        _ =>
        [
            "AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHMzY3IzdA==\"\r\n", "AUTHENTICATE \"PLAIN\" {20+}\r\nAGFsaWNlAHMzY3IzdA==\r\nNOOP \"x\"\r\n`b\u0000",
            "AUTHENTICATE \"LOGIN\"\r\n\"YWxpY2U=\"\r\n{8+}\r\nczNjcjN0\r\n", "CAPABILITY\r\nLOGOUT\r\n",
            "AUTHENTICATE \"PLAIN\" \"\"\r\nAUTHENTICATE \"PLAIN\"\r\n\"*\"\r\n",
        ],
    };
}
