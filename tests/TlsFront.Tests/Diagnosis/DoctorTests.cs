using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Diagnosis;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Diagnosis;

/// <summary>The doctor and servers that are slow, broken or hostile.</summary>
public sealed class DoctorTests
{
    private const string Destination = "192.0.2.1:10465";

    private readonly MemoryTransport _network = new();

    [Fact]
    public async Task A_server_that_is_well_is_asked_without_login_and_data_and_left_politely()
    {
        var heard = new TaskCompletionSource<string>();
        _network.Serve(Destination, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            var said = await server.ExpectAsync("\r\n");
            await server.SendAsync("220 mx ESMTP Postfix\r\n");
            said += await server.ExpectAsync("\r\n");
            await server.SendAsync("250-mx\r\n250-AUTH PLAIN\r\n250 DSN\r\n");
            said += await server.ExpectAsync("\r\n");
            await server.SendAsync("250 ok\r\n");
            said += await server.ExpectAsync("\r\n");
            await server.SendAsync("554 5.7.1 relay access denied\r\n");
            said += await server.ExpectAsync("\r\n");
            await server.SendAsync("250 ok\r\n");
            said += await server.ExpectAsync("\r\n");
            await server.SendAsync("221 bye\r\n");
            heard.SetResult(said);
        });
        var (findings, connections) = await ExamineAsync();
        Assert.Empty(findings);
        Assert.Equal(1, connections);
        Assert.Equal(
            "PROXY TCP4 192.0.2.93 127.0.0.1 50993 0\r\nEHLO mail.example.com\r\nMAIL FROM:<>\r\n"
            + "RCPT TO:<postmaster@example.org>\r\nRSET\r\nQUIT\r\n",
            await heard.Task.WaitAsync(TestClient.Patience));
    }

    [Theory]
    [InlineData("220 mx\r\n250-mx\r\n250 AUTH PLAIN\r\n250 ok\r\n554 no\r\n250 ok\r\n221 bye\r\n", "")]
    [InlineData("220 mx\r\n250-mx\r\n250 AUTH PLAIN\r\n250 ok\r\n250 yes\r\n250 ok\r\n221 bye\r\n", "open_relay")]
    [InlineData("220-hello\r\n220 mx\r\n250-mx\r\n250 auth=plain\r\n530 5.7.0 Must issue a STARTTLS command first\r\n221 bye\r\n", "")]
    [InlineData(
        "220 mx\r\n250-mx\r\n250-STARTTLS\r\n250 AUTH GSSAPI\r\n530 5.7.0 Must issue a STARTTLS command first\r\n221 bye\r\n",
        "auth_hidden starttls_offered_inside")]
    [InlineData("220 mx\r\n250 mx\r\n", "auth_hidden")]
    [InlineData("421 4.7.0 mx Error: too many connections from 192.0.2.93\r\n", "per_client_limits")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", "not_the_protocol")]
    [InlineData("\0\u0001\u001b[31m\r\n", "not_the_protocol")]
    [InlineData("", "closed")]
    [InlineData("22", "closed")]
    [InlineData("220 mx\r\n", "closed")]
    public async Task It_hears_the_same_in_one_piece_and_byte_by_byte(string script, string expected)
    {
        foreach (var piece in new[] { int.MaxValue, 1 })
        {
            _network.Serve(Destination, pipe => SayAsync(pipe, script, piece));
            var (findings, _) = await ExamineAsync();
            Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Fault.Tag())));
            Assert.All(findings, finding => Assert.DoesNotContain(finding.Evidence, char.IsControl));
        }
    }

    [Theory]
    [InlineData(MailProtocol.Imap, "* OK hi\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nd1 OK done\r\n* BYE\r\n", "login_disabled")]
    [InlineData(MailProtocol.Imap, "* OK hi\r\n* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\nd1 OK done\r\n", "starttls_offered_inside")]
    [InlineData(MailProtocol.Imap, "* OK hi\r\n* BAD what\r\n* BAD what\r\n* BYE enough\r\n", "proxy_not_expected")]
    [InlineData(MailProtocol.Imap, "* BYE no\r\n", "refusal")]
    [InlineData(MailProtocol.Pop3, "+OK hi\r\n+OK\r\nUSER\r\nUIDL\r\n.\r\n+OK\r\n", "")]
    [InlineData(MailProtocol.Pop3, "+OK hi\r\n+OK\r\nUIDL\r\nSASL\r\n.\r\n+OK\r\n", "login_disabled")]
    [InlineData(MailProtocol.Pop3, "+OK hi\r\n-ERR what\r\n-ERR what\r\n", "proxy_not_expected")]
    [InlineData(MailProtocol.Sieve, "OK \"hi\"\r\n\"SASL\" \"PLAIN\"\r\nOK\r\nOK\r\n", "")]
    [InlineData(MailProtocol.Sieve, "OK \"hi\"\r\n\"SASL\" \"\"\r\nOK\r\nOK\r\n", "login_disabled")]
    [InlineData(MailProtocol.Sieve, "\"SASL\" \"PLAIN\"\r\nOK\r\nNO \"what\"\r\nNO \"what\"\r\nBYE \"enough\"\r\n", "proxy_not_expected")]
    public async Task IMAP_POP3_and_ManageSieve_are_asked_for_their_capabilities(object protocol, string script, string expected)
    {
        foreach (var piece in new[] { int.MaxValue, 1 })
        {
            _network.Serve(Destination, pipe => SayAsync(pipe, script, piece));
            var (findings, _) = await ExamineAsync(protocol: (MailProtocol)protocol);
            Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Fault.Tag())));
        }
    }

    [Theory]
    [InlineData("220 mx\r\n250-mx\r\n250 AUTH PLAIN\r\n", "identity_refused")]
    [InlineData("220 mx\r\n250-mx\r\n250 XCLIENT ADDR\r\n550 no\r\n", "identity_refused")]
    [InlineData("220 mx\r\n250-mx\r\n250 XCLIENT ADDR\r\n220 mx\r\n250-mx\r\n250 AUTH PLAIN\r\n250 ok\r\n550 no\r\n", "")]
    [InlineData("554 no\r\n", "refusal")]
    [InlineData("* OK what\r\n", "not_the_protocol")]
    public async Task A_server_that_is_told_of_clients_in_its_own_protocol_is_told_of_the_gateway(string script, string expected)
    {
        foreach (var piece in new[] { int.MaxValue, 1 })
        {
            _network.Serve(Destination, pipe => SayAsync(pipe, script, piece));
            var (findings, _) = await ExamineAsync(
                backend => backend with { Identity = ClientIdentity.XClient, ProxyProtocol = ProxyHeaderVersion.None });
            Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Fault.Tag()).Except(["per_client_limits"])));
        }
    }

    [Fact]
    public async Task A_header_that_is_taken_for_commands_is_proved_by_a_conversation_without()
    {
        _network.Serve(Destination, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.SendAsync("220 mx\r\n");
            var first = await server.ExpectAsync("\r\n");
            await server.SendAsync(first.StartsWith("EHLO", StringComparison.Ordinal) ? "250 mx\r\n" : "500 5.5.2 what\r\n");
            await server.ReadToEndAsync();
        });
        var (findings, connections) = await ExamineAsync();
        Assert.Equal(Fault.ProxyNotExpected, Assert.Single(findings).Fault);
        Assert.Equal(2, connections);
        Assert.Contains("500 5.5.2 what", findings[0].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_missed_is_proved_by_a_conversation_with_it()
    {
        _network.Serve(Destination, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            var opening = await pipe.Input.ReadAsync();
            pipe.Input.AdvanceTo(opening.Buffer.End);
            if (opening.IsCompleted)
            {
                return;
            }

            await server.SendAsync("220 mx\r\n");
            await server.ExpectAsync("\r\n");
            await server.SendAsync("250 AUTH PLAIN\r\n");
        });
        var (findings, _) = await ExamineAsync(backend => backend with { ProxyProtocol = ProxyHeaderVersion.None });
        Assert.Equal(Fault.ProxyExpected, Assert.Single(findings).Fault);
    }

    [Fact]
    public async Task A_server_that_greets_and_refuses_to_talk_for_want_of_a_header_is_found_out()
    {
        // As Exim does.
        _network.Serve(Destination, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.SendAsync("220 mx\r\n");
            var said = await server.ExpectAsync("EHLO mail.example.com\r\n");
            await server.SendAsync(
                !said.StartsWith("EHLO", StringComparison.Ordinal)
                    ? "250 AUTH PLAIN\r\n"
                    : "503 Command refused, required Proxy negotiation failed\r\n");
        });
        var (findings, connections) = await ExamineAsync(backend => backend with { ProxyProtocol = ProxyHeaderVersion.None });
        Assert.Equal((Fault.ProxyExpected, 2), (Assert.Single(findings).Fault, connections));
    }

    [Fact]
    public async Task A_server_that_takes_header_and_command_for_one_line_is_not_waited_for()
    {
        // As Cyrus does.
        _network.Serve(Destination, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.SendAsync("* OK hi\r\n");
            await server.ExpectAsync("CAPABILITY\r\n");
            await server.SendAsync("* BAD Invalid tag\r\n* BAD Invalid tag\r\n");
            await server.ExpectAsync("LOGOUT\r\n");
            await server.SendAsync("* BYE LOGOUT received\r\n");
            await server.EndAsync();
        });
        var (findings, _) = await ExamineAsync(
            backend => backend with { ProxyProtocol = ProxyHeaderVersion.V2, Kind = BackendKind.Cyrus }, MailProtocol.Imap);
        var finding = Assert.Single(findings);
        Assert.Equal(Fault.ProxyNotExpected, finding.Fault);
        Assert.Equal("    proxyProtocol: none", finding.Remedies[0].Lines[^1]);
    }

    [Theory]
    [InlineData("", "no_greeting")]
    [InlineData("22", "no_greeting")]
    [InlineData("220 mx\r\n", "no_greeting")]
    public async Task A_server_that_hangs_is_left_at_the_deadline_each_time(string script, string expected)
    {
        _network.Serve(Destination, async pipe =>
        {
            await new ScriptedPeer(pipe).SendAsync(script);
            await new ScriptedPeer(pipe).ReadToEndAsync();
        });
        var (findings, connections) = await ExamineAsync();
        Assert.Equal(expected, Assert.Single(findings).Fault.Tag());
        Assert.InRange(connections, 1, 4);
    }

    [Fact]
    public async Task A_server_that_never_ends_its_line_or_its_answer_is_given_up()
    {
        foreach (
            var (script, expected) in new[]
            {
                (new string('x', 20_000), "not_the_protocol"), ("220 mx\r\n" + string.Concat(Enumerable.Repeat("250-more\r\n", 500)), "")
            })
        {
            _network.Serve(Destination, async pipe =>
            {
                await new ScriptedPeer(pipe).SendAsync(script);
                await new ScriptedPeer(pipe).ReadToEndAsync();
            });
            var (findings, _) = await ExamineAsync();
            Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Fault.Tag())));
        }
    }

    [Fact]
    public async Task A_host_that_refuses_or_swallows_is_tried_once()
    {
        var (findings, connections) = await ExamineAsync();
        Assert.Equal((Fault.Refused, 1), (Assert.Single(findings).Fault, connections));
        _network.Hang(Destination);
        (findings, connections) = await ExamineAsync();
        Assert.Equal((Fault.Timeout, 1), (Assert.Single(findings).Fault, connections));
    }

    /// <summary>Answers what is said with the next line, or lines, of a script, in pieces, and closes.</summary>
    private static async Task SayAsync(IDuplexPipe pipe, string script, int piece)
    {
        var server = new ScriptedPeer(pipe);
        for (var at = 0; at < script.Length; at += piece)
        {
            await server.SendAsync(script[at..Math.Min(script.Length, at + Math.Min(piece, script.Length))]);
            if (piece == int.MaxValue)
            {
                break;
            }
        }

        await server.EndAsync();
        await server.ReadToEndAsync();
    }

    private async Task<(IReadOnlyList<Finding> Findings, int Connections)> ExamineAsync(
        Func<BackendSettings, BackendSettings>? change = null, MailProtocol protocol = MailProtocol.Smtp)
    {
        _network.Connects.Clear();
        var time = new FakeTimeProvider();
        var settings = TestGateway.Settings("");
        var backend = settings.Backends[0] with { Destinations = [Destination] };
        var dialer = new BackendDialer(
            _network, new NameResolver(new SystemNameLookup(), time, NullLogger<NameResolver>.Instance),
            new BackendTlsFactory(new BackendAuthorities(NullLogger<BackendAuthorities>.Instance)), time);
        var examining = new Doctor(dialer, settings, time).ExamineAsync(
            change is null ? backend : change(backend), Destination, protocol, CancellationToken.None);
        while (!examining.IsCompleted)
        {
            // Only what waits for a deadline is still at work after this.
            await Task.WhenAny(examining, Task.Delay(50));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return ((await examining).Findings, _network.Connects.Count);
    }
}
