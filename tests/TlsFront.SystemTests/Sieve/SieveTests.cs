using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Diagnosis;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Sieve;

/// <summary>ManageSieve in front of a real Dovecot with Pigeonhole.</summary>
public sealed class SieveTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private readonly ITestOutputHelper _output = output;

    [Theory]
    [InlineData("implicit")]
    [InlineData("starttls")]
    public async Task A_user_keeps_a_script_on_the_server(string security)
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        var port = security == "implicit" ? gateway.Ports.Sieve.Implicit : gateway.Ports.Sieve.StartTls;

        (await Command.PythonAsync("session_sieve.py", $"{port}", gateway.AuthorityFile, user.Name, user.Password, security)).Succeeded();

        // The PROXY header says that the client has TLS, and who it is.
        await Eventually.LoggedAsync($@"managesieve-login: Info: Login: user=<{user.Name}>.*secured", () => Backends.Dovecot.Log);
        await Eventually.TrueAsync(
            "the access log has the login",
            () => gateway.Process.Lines.Any(line => line.Contains($"\"{user.Name}\"", StringComparison.Ordinal)
                && line.Contains($"\"Transport\":\"{security}\"", StringComparison.Ordinal)));
        Assert.Matches("tlsfront_logins_total[{][^}]*network_protocol_name=\"sieve\"", await gateway.GetAsync("/metrics"));
    }

    [Fact]
    public async Task Probe_sees_both_ways_to_TLS()
    {
        var gateway = await StartAsync();
        var (command, arguments) = GatewayBinary.Command(
            ["probe", "--insecure", $"sieves://127.0.0.1:{gateway.Ports.Sieve.Implicit}", $"sieve://127.0.0.1:{gateway.Ports.Sieve.StartTls}"]);
        var probe = (await Command.RunAsync(command, arguments)).Succeeded();
        Assert.Equal(2, probe.Output.Split("TLS 1.3").Length - 1);
    }

    [Fact]
    public async Task Doctor_knows_what_is_wrong()
    {
        var found = await DoctorRun.ExamineAsync(
            _output,
            [
                new("healthy", "sieve", Backends.Dovecot.SievePort, "kind: dovecot"),
                new("no-header-here", "sieve", Backends.Dovecot.SievePort, "kind: dovecot, proxyProtocol: none"),
                new("no-login", "sieve", Backends.Dovecot.SievePort, "kind: dovecot, proxyProtocol: v1"),
                new("other-protocol", "sieve", Backends.Dovecot.ImapPort, "kind: dovecot"),
            ]);

        Assert.Equal(
            ["healthy: ", "no-header-here: proxy_expected", "no-login: login_disabled", "other-protocol: not_the_protocol"],
            found.Select(static backend => $"{backend.Name}: {string.Join(' ', backend.Findings.Select(static finding => finding.Id))}"));
        Assert.Contains("service managesieve-login {", found[1].Findings[0].Remedies.SelectMany(static remedy => remedy.Lines));
    }

    private Task<GatewayProcess> StartAsync() => StartGatewayAsync(Setup with { Sieve = [Backends.Dovecot.SievePort] });
}
