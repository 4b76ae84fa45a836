using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>The contract, with logins of the gateway's own.</summary>
public sealed class OwnLoginContract : SmtpHeldLoginContract
{
    private protected override SessionFacts Facts
    {
        get
        {
            var facts = base.Facts;
            facts.BackendLogin = new BackendLogin("alice", "gateway", "s3cr3t"u8.ToArray());
            return facts;
        }
    }

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("two users, the first one refused", backends: 2)
            .Client("EHLO a\r\nAUTH LOGIN\r\n")
            .Client("YWxpY2U=\r\n")
            .Client("c2VjcmV0\r\n")
            .Backend("220 one\r\n")
            .Backend("250 one\r\n")
            .Backend("334 \r\n")
            .Backend("535-no\r\n535 no\r\n")
            .Client("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n")
            .Backend("220 two\r\n")
            .Backend("250 two\r\n")
            .Backend("334 \r\n")
            .Backend("235 ok\r\n")
            .Client("MAIL FROM:<a@x>\r\n"),
        new Transcript("a backend that refuses its guest, and one that does not", backends: 2)
            .Client("EHLO a\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
            .Backend("554 no\r\n")
            .Backend("220 two\r\n250 two\r\n334 \r\n235 ok\r\n"),
    ];
}
