using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>Everything a mail client may do to hand in a message, against real Postfix.</summary>
public sealed class SubmissionTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Message = "Subject: test\r\n\r\nfirst\r\n.dot\r\n.\x01\r\nlast\r\n";

    [Fact]
    public async Task BDAT_in_several_pipelined_chunks_is_delivered_with_one_Received_line()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        Assert.Contains("CHUNKING", await session.LogInAsync(user), StringComparison.Ordinal);
        await session.SendAsync(
            $"MAIL FROM:<{user.Address}>\r\nRCPT TO:<{user.Address}>\r\nBDAT 10\r\n{Message[..10]}BDAT "
            + $"{Message.Length - 10}\r\n{Message[10..]}BDAT 0 LAST\r\n");
        for (var reply = 0; reply < 5; reply++)
        {
            await session.ReplyAsync("250");
        }

        await session.CommandAsync("QUIT", "221");

        Assert.Equal("close_notify", await session.EndAsync());
        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Contains("ESMTPSA", mail.OurReceived(), StringComparison.Ordinal);
        Assert.Equal(Message.ReplaceLineEndings("\n"), mail.Sent());
    }

    [Fact]
    public async Task Two_messages_in_one_pipelined_session_each_get_their_own_Received_line()
    {
        var (first, second) = (Backends.NewUser(), Backends.NewUser());
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(first);
        await session.SendAsync($"MAIL FROM:<{first.Address}>\r\nRCPT TO:<{first.Address}>\r\nDATA\r\n");
        await session.ReplyAsync("250");
        await session.ReplyAsync("250");
        await session.ReplyAsync("354");
        await session.SendAsync($"Subject: one\r\n\r\n1\r\n.\r\nMAIL FROM:<{second.Address}>\r\nRCPT TO:<{second.Address}>\r\nDATA\r\n");
        await session.ReplyAsync("250");
        await session.ReplyAsync("250");
        await session.ReplyAsync("250");
        await session.ReplyAsync("354");
        await session.CommandAsync("Subject: two\r\n\r\n2\r\n.", "250");

        var one = new DeliveredMail(await first.DeliveredAsync());
        var two = new DeliveredMail(await second.DeliveredAsync());
        Assert.Equal("Subject: one\n\n1\n", one.Sent());
        Assert.Equal("Subject: two\n\n2\n", two.Sent());
        Assert.Contains(".1", one.OurReceived(), StringComparison.Ordinal);
        Assert.Contains(".2", two.OurReceived(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Received_names_the_key_exchange_group_where_that_is_wanted_and_the_engine_knows_it()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Setup with { ReceivedGroup = "on" });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: group\r\n\r\ntext\r\n.", "250");

        var received = new DeliveredMail(await user.DeliveredAsync()).OurReceived();
        Assert.Matches(
            Engine == "native"
                ? @"\ttls TLS_AES_256_GCM_SHA384 group (x25519|X25519MLKEM768) \(TLS1\.3\);"
                : @"\ttls TLS_AES_256_GCM_SHA384 \(TLS1\.3\);",
            received);
    }

    [Theory]
    [InlineData("full", @"^Received: from client\.example\.test \(\[127\.0\.0\.1\]\)\tby mail\.example\.test with ESMTPSA id ")]
    [InlineData("hide", @"^Received: from hidden\.invalid\tby mail\.example\.test with ESMTPSA id ")]
    public async Task Received_tells_of_the_client_what_the_operator_wants_told(string client, string expected)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Setup with { ReceivedClient = client });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: client\r\n\r\ntext\r\n.", "250");

        Assert.Matches(expected, new DeliveredMail(await user.DeliveredAsync()).OurReceived());
    }

    [Fact]
    public async Task MailKit_sends_ten_megabytes_of_eight_bit_text_full_of_dots()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        var text = new StringBuilder();
        for (var line = 0; text.Length < 10_000_000; line++)
        {
            text.Append(line % 3 == 0 ? "." : line % 7 == 0 ? ".." : "").Append(CultureInfo.InvariantCulture, $"Zeile {line} mit Umlauten äöü\r\n");
        }

        using var message = new MimeMessage(
            [new MailboxAddress("Sender", user.Address)], [new MailboxAddress("Empfänger", user.Address)], "groß",
            new TextPart("plain") { Text = text.ToString(), ContentTransferEncoding = ContentEncoding.EightBit });
        using var client = new SmtpClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await client.ConnectAsync("localhost", gateway.Ports.Smtp, SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync(user.Name, user.Password);
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);

        var mail = new DeliveredMail(await user.DeliveredAsync());
        mail.OurReceived();
        Assert.Equal(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text.ToString())).ReplaceLineEndings("\n"), mail.Body);
    }

    [Fact]
    public async Task A_message_with_international_addresses_is_announced_as_UTF8SMTPSA()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();

        (await Command.PythonAsync("send_utf8.py", $"{gateway.Ports.Smtp}", gateway.AuthorityFile, user.Name, user.Password, user.Address))
            .Succeeded();

        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Contains("with UTF8SMTPSA", mail.OurReceived(), StringComparison.Ordinal);
        Assert.Contains("Subject: gr\u00c3\u00bc\u00c3\u009fe", mail.Sent(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Swaks_logs_in_and_sends(string mechanism)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();

        (await Command.RunAsync("swaks", [
            "--server", "127.0.0.1", "--port", $"{gateway.Ports.Smtp}", "--tls-on-connect", "--auth", mechanism, "--auth-user", user.Name,
            "--auth-password", user.Password,
            "--from", user.Address, "--to", user.Address, "--header", "Subject: swaks", "--pipeline", "--local-interface",
            "127.0.0.11"])).Succeeded();

        Assert.Contains("([127.0.0.11])", new DeliveredMail(await user.DeliveredAsync()).OurReceived(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_to_several_recipients_names_none_of_them_in_Received()
    {
        var (first, second) = (Backends.NewUser(), Backends.NewUser());
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(first);
        await session.EnvelopeAsync(first);
        await session.CommandAsync($"RCPT TO:<{second.Address}>", "250");
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: two\r\n\r\n2\r\n.", "250");

        Assert.DoesNotContain(" for ", new DeliveredMail(await second.DeliveredAsync()).OurReceived(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_vanishes_inside_message_data_never_completes_the_message()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        var session = gateway.Open(gateway.Ports.Smtp, "source=127.0.0.21");
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync("Subject: half\r\n\r\nhalf a message\r\n");
        session.Leave();
        await session.EndAsync();
        await session.DisposeAsync();

        await Eventually.TrueAsync(
            "Postfix gives up the message", () => Regex.IsMatch(Backends.Postfix.Log, @"lost connection after DATA .*from unknown\[127\.0\.0\.21\]"));
        Assert.Equal(0, user.DeliveredCount);
    }

    [Fact]
    public async Task What_only_a_gateway_may_say_is_refused_and_never_reaches_Postfix()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        var extensions = await session.LogInAsync(user);

        Assert.DoesNotContain("STARTTLS", extensions, StringComparison.Ordinal);
        Assert.DoesNotContain("ETRN", extensions, StringComparison.Ordinal);
        await session.SendAsync("XCLIENT ADDR=192.0.2.66\r\n");
        await session.ReplyAsync("5");
        await session.SendAsync("STARTTLS\r\n");
        await session.ReplyAsync("5");
        await session.CommandAsync("NOOP", "250");
        Assert.DoesNotContain("192.0.2.66", Backends.Postfix.Log, StringComparison.Ordinal);
    }
}
