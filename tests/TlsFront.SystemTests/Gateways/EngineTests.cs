using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Gateways;

/// <summary>Which engine the suite runs on: <c>TLSFRONT__ENGINE</c> reaches the gateway as any setting from the environment does.</summary>
public sealed class EngineTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task The_start_line_names_the_engine_that_was_chosen()
    {
        var chosen = Environment.GetEnvironmentVariable("TLSFRONT__ENGINE") is { Length: > 0 } engine ? engine : "managed";

        var gateway = await StartGatewayAsync();

        await Eventually.TrueAsync(
            $"the {chosen} engine in the start line",
            () => gateway.Process.Lines.Any(line => line.Contains($"started with the {chosen} engine", StringComparison.Ordinal)));
    }
}
