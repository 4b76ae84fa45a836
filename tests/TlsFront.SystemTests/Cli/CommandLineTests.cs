using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Cli;

/// <summary>The commands beside <c>run</c>, as an operator or a container runs them.</summary>
public sealed class CommandLineTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task Health_succeeds_for_a_gateway_that_is_ready_and_fails_for_one_that_drains()
    {
        var gateway = await StartGatewayAsync(Setup with { DrainDelay = "1h" });
        Assert.Equal(0, (await RunAsync("health", "-c", gateway.ConfigurationFile)).ExitCode);

        gateway.Process.Signal(UnixSignal.Terminate);

        await Eventually.TrueAsync("health fails", async () => (await RunAsync("health", "-c", gateway.ConfigurationFile)).ExitCode == 1);
    }

    [Fact]
    public async Task Check_config_accepts_the_file_of_a_running_gateway_and_certificates_lists_what_it_names()
    {
        var gateway = await GatewayAsync();

        (await RunAsync("check-config", "-c", gateway.ConfigurationFile)).Succeeded();
        var certificates = (await RunAsync("certificates", "-c", gateway.ConfigurationFile)).Succeeded();

        Assert.Contains(GatewayProcess.Name, certificates.Output, StringComparison.Ordinal);
        Assert.Contains(gateway.EcdsaFolder, certificates.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_names_every_problem_of_its_file_with_its_line_and_does_not_start()
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("tlsfront.yaml");
        await File.WriteAllTextAsync(file, "hostname: mail.example.test\nlistners: []\ntls: { minimumVersion: \"1.0\" }\n");

        var run = await RunAsync("run", "-c", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{file}:2", run.Text, StringComparison.Ordinal);
        Assert.Contains("did you mean listeners?", run.Text, StringComparison.Ordinal);
        Assert.Contains($"{file}:3", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_says_which_address_is_taken()
    {
        var gateway = await GatewayAsync();

        var run = await RunAsync("run", "-c", gateway.ConfigurationFile);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"127.0.0.1:{gateway.Ports.Smtp}", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metrics_tell_connections_handshakes_and_when_certificates_end()
    {
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");

        var metrics = await gateway.GetAsync("/metrics");

        Assert.Matches("(?m)^tlsfront_active_connections\\{.*listener=\"imaps\".*\\} [1-9]", metrics);
        Assert.Matches("(?m)^tlsfront_tls_handshakes_total\\{.*listener=\"imaps\".*\\} [1-9]", metrics);
        Assert.Matches("(?m)^tlsfront_certificate_not_after_seconds\\{", metrics);
    }

    private static Task<Command> RunAsync(params IEnumerable<string> arguments)
    {
        var (command, all) = GatewayBinary.Command(arguments);
        return Command.RunAsync(command, all);
    }
}
