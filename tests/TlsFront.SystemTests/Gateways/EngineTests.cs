using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Gateways;

/// <summary>Which engine the suite runs on.</summary>
public sealed class EngineTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task The_start_line_names_the_engine_that_was_chosen()
    {
        var gateway = await StartGatewayAsync();

        await Eventually.TrueAsync(
            $"the {Engine} engine in the start line",
            () => gateway.Process.Lines.Any(line => line.Contains($"started with the {Engine} engine", StringComparison.Ordinal)));
    }
}
