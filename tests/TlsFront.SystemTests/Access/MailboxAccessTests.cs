using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Access;

/// <summary>Reading mail over 993 and 995 from real Dovecot.</summary>
public sealed class MailboxAccessTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Theory]
    [InlineData("session_imap.py", "Imap")]
    [InlineData("session_pop3.py", "Pop3")]
    public async Task Pythons_own_clients_work_with_everything_they_use(string script, string listener)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await SubmitAsync(gateway, user);

        (await Command.PythonAsync(
            script, $"{(listener == "Imap" ? gateway.Ports.Imap : gateway.Ports.Pop3)}", gateway.AuthorityFile, user.Name, user.Password))
            .Succeeded();
    }

    [Fact]
    public async Task COMPRESS_DEFLATE_works_through_the_gateway()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();

        (await Command.PythonAsync("imap_compress.py", $"{gateway.Ports.Imap}", gateway.AuthorityFile, user.Name, user.Password)).Succeeded();
    }

    [Fact]
    public async Task MailKit_appends_searches_and_reads_back()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        using var client = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await client.ConnectAsync("localhost", gateway.Ports.Imap, SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync(user.Name, user.Password);
        await client.Inbox.OpenAsync(MailKit.FolderAccess.ReadWrite);
        using var message = new MimeMessage(
            [new MailboxAddress("a", "a@example.test")], [new MailboxAddress("b", "b@example.test")], "appended",
            new TextPart("plain") { Text = "body" });

        await client.Inbox.AppendAsync(new MailKit.AppendRequest(message));

        var found = await client.Inbox.SearchAsync(SearchQuery.SubjectContains("appended"));
        Assert.Equal("body", (await client.Inbox.GetMessageAsync(Assert.Single(found))).TextBody?.Trim());
        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task MailKit_reads_and_deletes_over_POP3()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await SubmitAsync(gateway, user);
        using var client = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await client.ConnectAsync("localhost", gateway.Ports.Pop3, SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync(user.Name, user.Password);

        Assert.Equal("for the reader", (await client.GetMessageAsync(0)).Subject);
        await client.DeleteMessageAsync(0);
        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task STARTTLS_inside_TLS_is_neither_offered_nor_taken_on_993()
    {
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Imap);
        var greeting = await session.UntilAsync("* OK");
        var capabilities = await session.AskAsync("a CAPABILITY", "a ");

        Assert.DoesNotContain("STARTTLS", greeting + capabilities, StringComparison.Ordinal);
        Assert.DoesNotContain("LOGINDISABLED", greeting + capabilities, StringComparison.Ordinal);
        await session.AskAsync("b STARTTLS", "b BAD");
        await session.AskAsync("c NOOP", "c OK");
    }

    [Fact]
    public async Task STLS_inside_TLS_is_neither_offered_nor_taken_on_995()
    {
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Pop3);
        await session.UntilAsync("+OK");

        Assert.DoesNotContain("STLS", await session.AskAsync("CAPA", "."), StringComparison.Ordinal);
        await session.AskAsync("STLS", "-ERR");
        await session.AskAsync("CAPA", ".");
    }

    [Fact]
    public async Task A_client_cannot_pretend_to_be_a_proxy()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var imap = gateway.Open(gateway.Ports.Imap, "source=127.0.0.41");
        await imap.UntilAsync("* OK");
        await imap.AskAsync("a ID (\"name\" \"test\" \"x-originating-ip\" \"192.0.2.99\")", "a OK");
        await imap.AskAsync($"b LOGIN {user.Name} {user.Password}", "b OK");
        await using var pop3 = gateway.Open(gateway.Ports.Pop3, "source=127.0.0.41");
        await pop3.UntilAsync("+OK");
        await pop3.AskAsync("XCLIENT ADDR=192.0.2.99", "-ERR");

        await Eventually.LoggedAsync($"Login: user=<{user.Name}>.* rip=127.0.0.41,", () => Backends.Dovecot.Log);
        Assert.DoesNotContain("192.0.2.99", Backends.Dovecot.Log, StringComparison.Ordinal);
    }

    private static async Task SubmitAsync(Gateways.GatewayProcess gateway, MailUser user)
    {
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: for the reader\r\n\r\ntext\r\n.", "250");
        await user.DeliveredAsync();
    }
}
