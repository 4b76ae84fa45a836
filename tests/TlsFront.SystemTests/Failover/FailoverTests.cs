using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Failover;

/// <summary>Servers that go away.</summary>
public sealed class FailoverTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Client = "127.0.0.51";

    [Fact]
    public async Task One_of_two_servers_killed_costs_no_new_connection()
    {
        await using var second = await Backends.StartPostfixAsync("second");
        var gateway = await StartGatewayAsync(Setup with { Smtp = [Backends.Postfix.SubmissionPort, second.SubmissionPort] });
        await GreetAsync(gateway, 10);
        await Eventually.LoggedAsync(Regex.Escape($"connect from unknown[{Client}]"), () => second.Log);

        await second.KillAsync();

        Assert.Equal(200, await GreetAsync(gateway, 200));
    }

    [Fact]
    public async Task With_all_servers_down_every_protocol_says_so_in_its_own_words()
    {
        var gateway = await StartGatewayAsync(Setup with { Smtp = [Ports.Next(), Ports.Next()], Imap = [Ports.Next()], Pop3 = [Ports.Next()] });
        await using var smtp = gateway.Open(gateway.Ports.Smtp);
        await using var imap = gateway.Open(gateway.Ports.Imap);
        await using var pop3 = gateway.Open(gateway.Ports.Pop3);

        Assert.StartsWith("421 4.3.2 ", await smtp.LineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await imap.LineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("-ERR [SYS/TEMP] ", await pop3.LineAsync(), StringComparison.Ordinal);
        Assert.Equal("close_notify", await smtp.EndAsync());
        Assert.Equal("close_notify", await imap.EndAsync());
        Assert.Equal("close_notify", await pop3.EndAsync());
    }

    [Fact]
    public async Task A_server_that_dies_inside_message_data_never_leaves_the_client_with_an_acceptance()
    {
        await using var second = await Backends.StartPostfixAsync("dies");
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Setup with { Smtp = [second.SubmissionPort] });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync("Subject: half\r\n\r\nhalf\r\n");
        await second.KillAsync();

        await session.ReplyAsync("4");
        Assert.Equal("close_notify", await session.EndAsync());
        Assert.Equal(0, user.DeliveredCount);
    }

    /// <summary>Opens sessions one after the other and counts those that were greeted and took a command.</summary>
    private static async Task<int> GreetAsync(GatewayProcess gateway, int count)
    {
        var greeted = 0;
        for (var number = 0; number < count; number++)
        {
            using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(Client), 0));
            await client.ConnectAsync(IPAddress.Loopback, gateway.Ports.Smtp);
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, gateway.Authority.Validate);
            await tls.AuthenticateAsClientAsync(GatewayProcess.Name);
            using var reader = new StreamReader(tls);
            if ((await reader.ReadLineAsync().WaitAsync(Eventually.Deadline))?.StartsWith("220 ", StringComparison.Ordinal) == true)
            {
                await tls.WriteAsync("QUIT\r\n"u8.ToArray());
                greeted += (await reader.ReadLineAsync().WaitAsync(Eventually.Deadline))?.StartsWith("221 ", StringComparison.Ordinal) == true
                    ? 1
                    : 0;
            }
        }

        return greeted;
    }
}
