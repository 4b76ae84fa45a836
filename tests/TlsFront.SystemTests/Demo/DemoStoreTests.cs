using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Demo;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Demo;

/// <summary>The demo's mail store alone, as programs in everyday use see it: without TLS and without the gateway.</summary>
public sealed class DemoStoreTests
{
    private const string Message = "From: a@demo.test\r\nTo: demo@demo.test\r\nSubject: by hand\r\n\r\n.dot\r\nbye\r\n";

    private const string Python = """
        import imaplib, poplib, smtplib, sys
        smtp_port, imap_port, pop3_port = map(int, sys.argv[1:])
        with smtplib.SMTP('127.0.0.1', smtp_port) as smtp:
            smtp.login('demo', 'demo')
            smtp.sendmail('a@demo.test', ['demo@demo.test'], 'Subject: python\r\n\r\n.dot\r\n')
        with imaplib.IMAP4('127.0.0.1', imap_port) as imap:
            imap.login('demo', 'demo')
            assert len(imap.list()[1]) == 4
            assert imap.append('Sent', r'(\Seen)', None, b'Subject: sent\r\n\r\n')[0] == 'OK'
            assert imap.select('INBOX')[1] == [b'1']
            assert imap.search(None, 'SUBJECT', 'python')[1] == [b'1']
            assert imap.fetch('1', '(BODY[TEXT])')[1][0][1] == b'.dot\r\n'
            assert imap.copy('1', 'Trash')[0] == 'OK'
            imap.store('1', '+FLAGS', r'\Deleted')
            assert imap.expunge()[1] == [b'1']
            assert imap.append('INBOX', None, None, b'Subject: kept\r\n\r\n.\r\n')[0] == 'OK'
        pop3 = poplib.POP3('127.0.0.1', pop3_port)
        assert 'UIDL' in pop3.capa()
        pop3.user('demo')
        pop3.pass_('demo')
        assert pop3.retr(1)[1] == [b'Subject: kept', b'', b'.']
        pop3.dele(1)
        pop3.quit()
        """;

    private readonly MailStore _store = new(TimeProvider.System);

    [Fact]
    public async Task Curl_sends_lists_searches_appends_and_reads()
    {
        await using var servers = Start();
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("message.eml");
        await File.WriteAllTextAsync(file, Message);
        await SendAsync(servers);
        Assert.Contains("\"/\" INBOX", await CurlAsync(servers.Imap, "imap", ""), StringComparison.Ordinal);
        Assert.EndsWith(Message, await CurlAsync(servers.Imap, "imap", "INBOX;MAILINDEX=1"), StringComparison.Ordinal);
        Assert.EndsWith(Message, await CurlAsync(servers.Imap, "imap", "INBOX;UID=1"), StringComparison.Ordinal);
        Assert.Equal("From: a@demo.test\r\n\r\n", await CurlAsync(servers.Imap, "imap", "INBOX;MAILINDEX=1;SECTION=HEADER.FIELDS%20(FROM)"));
        Assert.Equal("* SEARCH 1\r\n", await CurlAsync(servers.Imap, "imap", "INBOX?SUBJECT%20hand"));
        Assert.Equal("* STATUS INBOX (MESSAGES 1 UNSEEN 0)\r\n", await CurlAsync(servers.Imap, "imap", "", "-X", "STATUS INBOX (MESSAGES UNSEEN)"));
        await CurlAsync(servers.Imap, "imap", "Sent", "--upload-file", file);
        Assert.Single(_store.Find("Sent")!.Messages);

        Assert.Equal($"1 {_store.Inbox.Messages[0].Content.Length}\r\n", await CurlAsync(servers.Pop3, "pop3", ""));
        Assert.EndsWith(Message, await CurlAsync(servers.Pop3, "pop3", "1"), StringComparison.Ordinal);
        Assert.EndsWith("Subject: by hand\r\n\r\n.dot\r\n", await CurlAsync(servers.Pop3, "pop3", "", "-X", "TOP 1 1"), StringComparison.Ordinal);
        await CurlAsync(servers.Pop3, "pop3", "1", "-X", "DELE", "--head");
        Assert.Empty(_store.Inbox.Messages);
    }

    [Theory]
    [InlineData("AUTH=PLAIN")]
    [InlineData("AUTH=LOGIN")]
    public async Task Curl_logs_in_to_submission_by_either_mechanism(string mechanism)
    {
        await using var servers = Start();
        await SendAsync(servers, "--login-options", mechanism);
        Assert.Single(_store.Inbox.Messages);
    }

    [Fact]
    public async Task Python_sends_lists_reads_and_deletes()
    {
        await using var servers = Start();
        var ports = new[] { servers.Smtp, servers.Imap, servers.Pop3 }.Select(
            server => server.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await Command.RunAsync("python3", ["-c", Python, .. ports])).Succeeded();
        Assert.Empty(_store.Inbox.Messages);
    }

    private DemoMailServers Start() => new(_store, TimeProvider.System, NullLogger.Instance);

    private static Task<string> SendAsync(DemoMailServers servers, params string[] options) =>
        CurlAsync(
            servers.Smtp, "smtp", "client.test", ["--mail-from", "a@demo.test", "--mail-rcpt", "demo@demo.test", "--upload-file", "-", .. options]);

    private static async Task<string> CurlAsync(LineServer server, string scheme, string path, params string[] options) =>
        (await Command.RunAsync(
            "curl", ["-sS", "--max-time", "30", "--user", "demo:demo", .. options, "--url", $"{scheme}://{server.EndPoint}/{path}"], Message))
            .Succeeded().Output;
}
