using System.Net;
using TlsFront.SystemTests.Access;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Drain;

/// <summary>The orderly end of the process.</summary>
public sealed class DrainTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task SIGTERM_completes_the_message_in_flight_tells_both_clients_and_ends_with_0()
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync();
        await using var idle = await gateway.IdleAsync(user);
        await using var submission = gateway.Open(gateway.Ports.Smtp);
        await submission.LogInAsync(user);
        await submission.EnvelopeAsync(user);
        await submission.CommandAsync("DATA", "354");
        await submission.SendAsync("Subject: in flight\r\n\r\nfirst half\r\n");

        gateway.Process.Signal(UnixSignal.Terminate);

        await Eventually.TrueAsync("not ready", async () => await gateway.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);
        await Eventually.TrueAsync("no new connections", async () => !await Ports.IsOpenAsync(gateway.Ports.Smtp));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.StatusAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/livez"));
        await submission.CommandAsync("second half\r\n.", "250");
        await submission.ReplyAsync("421");
        Assert.Equal("close_notify", await submission.EndAsync());
        Assert.Equal("close_notify", await idle.EndAsync());
        Assert.Equal(0, await gateway.Process.ExitAsync());
        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Equal("Subject: in flight\n\nfirst half\nsecond half\n", mail.Sent());
    }

    [Fact]
    public async Task Connections_are_still_taken_while_load_balancers_learn_that_the_gateway_is_not_ready()
    {
        var gateway = await StartGatewayAsync(Setup with { DrainDelay = "10s" });

        gateway.Process.Signal(UnixSignal.Terminate);

        await Eventually.TrueAsync("not ready", async () => await gateway.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.ReplyAsync("220");
    }

    [Fact]
    public async Task Sessions_that_wait_for_a_command_are_told_goodbye_in_their_protocol()
    {
        var gateway = await StartGatewayAsync(Setup with { DrainDelay = "0s" });
        await using var smtp = gateway.Open(gateway.Ports.Smtp);
        await smtp.ReplyAsync("220");
        await using var imap = gateway.Open(gateway.Ports.Imap);
        await imap.UntilAsync("* OK");
        await using var pop3 = gateway.Open(gateway.Ports.Pop3);
        await pop3.UntilAsync("+OK");

        gateway.Process.Signal(UnixSignal.Terminate);

        await smtp.ReplyAsync("421 4.3.2");
        await imap.UntilAsync("* BYE");
        Assert.Equal("close_notify", await smtp.EndAsync());
        Assert.Equal("close_notify", await imap.EndAsync());
        Assert.Equal("close_notify", await pop3.EndAsync());
        Assert.Equal(0, await gateway.Process.ExitAsync());
    }

    [Fact]
    public async Task A_signal_after_the_command_to_drain_is_the_first_one()
    {
        var user = Backends.NewUser();
        const string secret = "only-of-this-test-0123456789";
        var token = Path.GetTempFileName();
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(token, secret);
        try
        {
            var gateway = await StartGatewayAsync(Setup with { Arguments = ["--set", $"admin.tokenFile={token}"] });
            await using var submission = gateway.Open(gateway.Ports.Smtp);
            await submission.LogInAsync(user);
            await submission.EnvelopeAsync(user);
            await submission.CommandAsync("DATA", "354");
            await submission.SendAsync("Subject: in flight\r\n\r\nfirst half\r\n");
            (await Command.RunAsync("curl", [
                "--fail", "--silent", "--show-error", "--request", "POST", "--header", $"Authorization: Bearer {secret}", "--header",
                "Content-Type: application/json",
                $"http://127.0.0.1:{gateway.Ports.Admin}/api/v1/drain"])).Succeeded();
            await Eventually.TrueAsync("not ready", async () => await gateway.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);

            gateway.Process.Signal(UnixSignal.Terminate);

            await Eventually.TrueAsync("no new connections", async () => !await Ports.IsOpenAsync(gateway.Ports.Smtp));
            await submission.CommandAsync("second half\r\n.", "250");
            await submission.ReplyAsync("421");
            Assert.Equal("close_notify", await submission.EndAsync());
            Assert.Equal(0, await gateway.Process.ExitAsync());
        }
        finally
        {
            File.Delete(token);
        }
    }

    [Fact]
    public async Task A_second_signal_ends_at_once()
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Setup with { DrainDelay = "1h", DrainTimeout = "1h" });
        await using var idle = await gateway.IdleAsync(user);
        gateway.Process.Signal(UnixSignal.Terminate);
        await Eventually.TrueAsync("not ready", async () => await gateway.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);

        gateway.Process.Signal(UnixSignal.Terminate);

        await gateway.Process.ExitAsync();
        Assert.NotEqual("cut", await idle.EndAsync());
    }
}
