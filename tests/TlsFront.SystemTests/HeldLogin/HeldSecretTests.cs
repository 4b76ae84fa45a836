using System.Text;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.HeldLogin;

/// <summary>Passwords and tokens of held logins: they reach the server of their user, and no other place.</summary>
public sealed class HeldSecretTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IAsyncLifetime
{
    private const string GoodToken = "good-token";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-oauth2-");
    private readonly List<string> _marks = [];
    private HttpService _tokens = null!;
    private HttpService _collector = null!;
    private Dovecot _dovecot = null!;
    private Postfix _postfix = null!;
    private MailUser _user = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _user = Backends.NewUser();

        // What tells a Dovecot whose a token is, and what takes the gateway's spans.
        _tokens = await HttpService.StartAsync(target =>
            target.EndsWith(GoodToken, StringComparison.Ordinal) ? (200, $$"""{"email": "{{_user.Name}}", "active": "true"}""") : (401, "{}"));
        _collector = await HttpService.StartAsync(static _ => (200, "{}"));
        var oauth2 = Path.Combine(_folder.FullName, "oauth2.conf.ext");
        await File.WriteAllTextAsync(oauth2, $"tokeninfo_url = {_tokens.Url}tokeninfo?token=\nusername_attribute = email\n");
        _dovecot = await Backends.StartDovecotAsync("held-secrets", "plain login scram-sha-256 xoauth2 oauthbearer", $$"""
            passdb {
              driver = oauth2
              mechanisms = xoauth2 oauthbearer
              args = {{oauth2}}
            }
            """);
        _postfix = await Backends.StartPostfixAsync("held-secrets-postfix", authentication: _dovecot);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _postfix.DisposeAsync();
        await _dovecot.DisposeAsync();
        await _tokens.DisposeAsync();
        await _collector.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_token_logs_its_user_in_after_one_that_the_server_refuses()
    {
        var gateway = await StartAsync();
        foreach (var (mechanism, write) in new (string, Func<string, string>)[] { ("XOAUTH2", Xoauth2), ("OAUTHBEARER", OauthBearer) })
        {
            await using var imap = gateway.Open(gateway.Ports.Imap);
            await imap.UntilAsync("* OK");
            await imap.AskAsync($"a1 AUTHENTICATE {mechanism} {write("bad-token")}", "+ ");
            await imap.AskAsync("AQ==", "a1 NO");
            await imap.AskAsync($"a2 AUTHENTICATE {mechanism}", "+");
            await imap.AskAsync(write(GoodToken), "a2 OK");

            await using var pop3 = gateway.Open(gateway.Ports.Pop3);
            await pop3.UntilAsync("+OK");
            await pop3.AskAsync($"AUTH {mechanism} {write("bad-token")}", "+ ");
            await pop3.AskAsync("AQ==", "-ERR");
            await pop3.AskAsync($"AUTH {mechanism} {write(GoodToken)}", "+OK");

            await using var smtp = gateway.Open(gateway.Ports.Smtp);
            await smtp.ReplyAsync("220");
            await smtp.CommandAsync("EHLO client.example", "250");
            await smtp.CommandAsync($"AUTH {mechanism} {write("bad-token")}", "334");
            await smtp.CommandAsync("AQ==", "535");
            await smtp.CommandAsync($"AUTH {mechanism} {write(GoodToken)}", "235");
        }

        foreach (var (service, count) in new[] { ("imap", 2), ("pop3", 2) })
        {
            await Eventually.TrueAsync(
                $"logins over {service}", () => Regex.Count(_dovecot.Log, $"{service}-login: Info: Login: user=<{_user.Name}>.*secured") == count);
        }
    }

    /// <summary>Marked secrets, which the servers refuse, in every way to log in; then the right one, so that a session stays.</summary>
    [Fact]
    public async Task No_secret_that_was_tried_is_in_any_log_metric_span_or_page_nor_left_in_memory()
    {
        var gateway = await StartAsync("--engine", "native", "--set", "log.level=debug", "--set", "telemetry.traces.sampleRatio=1", "--set",
            $"telemetry.otlpEndpoint={_collector.Url}otlp");
        await using var imap = gateway.Open(gateway.Ports.Imap);
        await imap.UntilAsync("* OK");
        await imap.AskAsync($"a1 LOGIN {_user.Name} {Mark()}", "a1 NO");
        await imap.AskAsync($"a2 LOGIN \"{_user.Name}\" \"{Mark()}\"", "a2 NO");
        var literal = Mark();
        await imap.AskAsync($"a3 LOGIN {_user.Name} {{{literal.Length}+}}\r\n{literal}", "a3 NO");
        await imap.AskAsync($"a4 AUTHENTICATE PLAIN {Plain(Mark())}", "a4 NO");
        await imap.AskAsync("a5 AUTHENTICATE PLAIN", "+");
        await imap.AskAsync(Plain(Mark()), "a5 NO");
        await imap.AskAsync("a6 AUTHENTICATE LOGIN", "+");
        await imap.AskAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(_user.Name)), "+");
        await imap.AskAsync(Base64(Mark()), "a6 NO");
        await imap.AskAsync($"a7 LOGIN {_user.Name} {_user.Password}", "a7 OK");

        await using var pop3 = gateway.Open(gateway.Ports.Pop3);
        await pop3.UntilAsync("+OK");
        await pop3.AskAsync($"USER {_user.Name}", "+OK");
        await pop3.AskAsync($"PASS {Mark()}", "-ERR");
        await pop3.AskAsync($"AUTH PLAIN {Plain(Mark())}", "-ERR");
        await pop3.AskAsync($"AUTH OAUTHBEARER {OauthBearer(Mark())}", "+ ");
        await pop3.AskAsync("AQ==", "-ERR");

        await using var smtp = gateway.Open(gateway.Ports.Smtp);
        await smtp.ReplyAsync("220");
        await smtp.CommandAsync("EHLO client.example", "250");
        await smtp.CommandAsync($"AUTH PLAIN {Plain(Mark())}", "535");
        await smtp.CommandAsync("AUTH LOGIN", "334");
        await smtp.CommandAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(_user.Name)), "334");
        await smtp.CommandAsync(Base64(Mark()), "535");
        await smtp.CommandAsync($"AUTH XOAUTH2 {Xoauth2(Mark())}", "334");
        await smtp.CommandAsync("AQ==", "535");

        // While the sessions are open; what is in memory is found.
        string[] secrets = [.. _marks, _user.Password];
        Assert.NotEmpty(ProcessMemory.Find(gateway.Process.Id, GatewayProcess.Name));
        foreach (var secret in secrets)
        {
            var left = ProcessMemory.Find(gateway.Process.Id, secret);
            Assert.True(left.Count == 0, $"{secret}: {string.Join('\n', left)}");
        }

        var told = string.Join('\n', await gateway.GetAsync("/metrics"), await gateway.GetAsync("/api/v1/status"), await gateway.LiveAsync());
        Assert.Contains("tlsfront_logins_total", told, StringComparison.Ordinal);
        Assert.Contains("\"imaps\"", told, StringComparison.Ordinal);

        // All that is told of a session is told by its end.
        await imap.AskAsync("a8 LOGOUT", "a8 OK");
        await pop3.AskAsync("QUIT", "+OK");
        await smtp.CommandAsync("QUIT", "221");
        foreach (var (listener, backend) in new[] { ("submissions", "postfix"), ("imaps", "dovecot-imap"), ("pop3s", "dovecot-pop3") })
        {
            await Eventually.LoggedAsync($" {listener} end ", () => gateway.Log);
            await Eventually.TrueAsync($"spans of {backend}", () => Sent("/otlp/v1/traces").Contains(backend, StringComparison.Ordinal));
            await Eventually.TrueAsync(
                $"log records of {listener}", () => Sent("/otlp/v1/logs").Contains($" {listener} end ", StringComparison.Ordinal));
        }

        Assert.Contains(gateway.Process.Lines, static line => line.Contains("\"LogLevel\":\"Debug\"", StringComparison.Ordinal));
        told = string.Join('\n', told, gateway.Log, Sent("/otlp/v1/traces"), Sent("/otlp/v1/logs"));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
    }

    private string Sent(string target) =>
        string.Concat(_collector.Requests.Where(request => request.Target == target).Select(static request => request.Content));

    private string Mark()
    {
        _marks.Add($"marked-{_marks.Count}-{Guid.NewGuid():N}");
        return _marks[^1];
    }

    private string Plain(string password) => Base64($"\0{_user.Name}\0{password}");

    private string Xoauth2(string token) => Base64($"user={_user.Name}\u0001auth=Bearer {token}\u0001\u0001");

    private string OauthBearer(string token) => Base64($"n,a={_user.Name},\u0001auth=Bearer {token}\u0001\u0001");

    private string Base64(string text)
    {
        _marks.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        return _marks[^1];
    }

    private Task<GatewayProcess> StartAsync(params IReadOnlyList<string> arguments) => StartGatewayAsync(Setup with
    {
        Arguments = arguments,
        Smtp = [_postfix.SubmissionPort],
        Imap = [_dovecot.ImapPort],
        Pop3 = [_dovecot.Pop3Port],
        IsSticky = true,
    });
}
