using TlsFront.Configuration;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Replies reach clients in one record of TLS each, on both engines: devices of old take the first record for all of it.</summary>
public sealed class RecordFunctionalTests
{
    private const string SmtpReply =
        "250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n"
        + "250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n";

    private const string Pop3Reply =
        "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nSTLS\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n";

    private const string ImapReply =
        "* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE STARTTLS LITERAL+ AUTH=PLAIN AUTH=LOGIN\r\na OK done\r\n";

    [Theory]
    [InlineData(EngineChoice.Managed, "submissions", "220 ready\r\n", "EHLO laptop.example.net\r\n", SmtpReply, "250 CHUNKING\r\n")]
    [InlineData(EngineChoice.Managed, "pop3s", "+OK ready\r\n", "CAPA\r\n", Pop3Reply, "\r\n.\r\n")]
    [InlineData(EngineChoice.Managed, "imaps", "* OK ready\r\n", "a CAPABILITY\r\n", ImapReply, "a OK done\r\n")]
    [InlineData(EngineChoice.Native, "submissions", "220 ready\r\n", "EHLO laptop.example.net\r\n", SmtpReply, "250 CHUNKING\r\n")]
    [InlineData(EngineChoice.Native, "pop3s", "+OK ready\r\n", "CAPA\r\n", Pop3Reply, "\r\n.\r\n")]
    [InlineData(EngineChoice.Native, "imaps", "* OK ready\r\n", "a CAPABILITY\r\n", ImapReply, "a OK done\r\n")]
    public async Task A_reply_of_many_lines_is_one_record(object engine, string listener, string greeting, string command, string reply, string end)
    {
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync(greeting);
            await peer.ExpectAsync(command);
            await peer.SendAsync(reply);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings);
        var counter = new RecordCounter(await EngineGateway.ConnectAsync(gateway, listener));
        await using var client = await TestClient.HandshakeAsync(counter);
        await client.ExpectAsync(greeting);
        counter.Records = 0;
        await client.SendAsync(command);
        var received = await client.ExpectAsync(end);
        Assert.Equal(1, counter.Records);
        Assert.InRange(received.Length, reply.Length / 2, reply.Length);
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_reply_of_more_than_a_record_takes_few(object engine)
    {
        // Untagged lines of a kind that passes as it is, each with its number and all of one length.
        const int Lines = 1200;
        var reply = string.Concat(Enumerable.Range(0, Lines).Select(static i => $"* NO {i:D4} {new string('x', 20)}\r\n")) + "a OK done\r\n";
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync("* OK ready\r\n");
            await peer.ExpectAsync("a NOOP\r\n");
            await peer.SendAsync(reply);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings);
        var counter = new RecordCounter(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await using var client = await TestClient.HandshakeAsync(counter);
        await client.ExpectAsync("* OK ready\r\n");
        counter.Records = 0;
        await client.SendAsync("a NOOP\r\n");
        Assert.Equal(reply, await client.ExpectAsync("a OK done\r\n"));

        // TCP may deliver it to the gateway in pieces, each of which may leave at once.
        Assert.InRange(counter.Records, 3, 30);
    }
}
