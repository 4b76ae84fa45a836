using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;
using TlsFront.Protocols.Pop3;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Benchmarks.Machines;

/// <summary>The conversations that are measured.</summary>
internal static class Scripts
{
    /// <summary>EHLO and AUTH PLAIN.</summary>
    public static readonly Exchange[] SmtpLogin =
    [
        new("EHLO laptop.example.net\r\n", "250-backend.example.com\r\n250-PIPELINING\r\n250-SIZE "
            + "10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n"
            + "250-AUTH PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n"),
        new("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "235 2.7.0 Authentication successful\r\n"),
    ];

    /// <summary>MAIL and RCPT.</summary>
    public static readonly Exchange[] SmtpEnvelope =
    [
        new("MAIL FROM:<alice@example.com> SIZE=10000\r\n", "250 2.1.0 Ok\r\n"),
        new("RCPT TO:<bob@example.org>\r\n", "250 2.1.5 Ok\r\n"),
    ];

    private static readonly Exchange[] SmtpMessage =
    [
        .. SmtpEnvelope,
        new("DATA\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n"),
        new("Subject: hello\r\n\r\nA short message.\r\n.\r\n", "250 2.0.0 Ok: queued as 4XqZ0s1w2bz1\r\n"),
    ];

    private static readonly byte[] SmtpGreeting = "220 backend.example.com ESMTP Postfix\r\n"u8.ToArray();

    public static MachineScript SmtpEhlo { get; } = new Conversation("SMTP EHLO reply rewritten", Smtp, SmtpGreeting, [], SmtpLogin[..1]);

    public static MachineScript SmtpTransaction { get; } = new Conversation(
        "SMTP transaction with Received", Smtp, SmtpGreeting, SmtpLogin, SmtpMessage);

    public static MachineScript SmtpSession { get; } = new Conversation(
        "SMTP session, one message", Smtp, SmtpGreeting, null, [.. SmtpLogin, .. SmtpMessage]);

    public static MachineScript ImapLogin { get; } = new Conversation(
        "IMAP session until login",
        observer => new ImapMachine(observer),
        "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Dovecot ready.\r\n"u8.ToArray(),
        null,
        [
            new(
                "a1 CAPABILITY\r\n",
                "* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS AUTH=PLAIN\r\na1 OK "
                + "Pre-login capabilities listed.\r\n"),
            new("a2 ID (\"name\" \"Thunderbird\" \"version\" \"128.4\")\r\n", "* ID (\"name\" \"Dovecot\")\r\na2 OK ID completed.\r\n"),
            new("a3 LOGIN alice secret\r\n", "a3 OK [CAPABILITY IMAP4rev1 IDLE NAMESPACE UIDPLUS] Logged in\r\n"),
        ]);

    public static MachineScript Pop3Login { get; } = new Conversation(
        "POP3 session until login",
        observer => new Pop3Machine(observer),
        "+OK Dovecot ready.\r\n"u8.ToArray(),
        null,
        [
            new("CAPA\r\n", "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nSTLS\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n"),
            new("USER alice\r\n", "+OK\r\n"),
            new("PASS secret\r\n", "+OK Logged in.\r\n"),
        ]);

    private static SmtpMachine Smtp(ISessionObserver observer) => new SmtpMachine(new SessionRules(), observer);
}
