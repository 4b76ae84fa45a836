using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests;

/// <summary>A test with a gateway in front of the real servers; its log is in the output should the test fail.</summary>
public abstract class GatewayTest(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    private readonly ITestOutputHelper _output = output;
    private readonly List<GatewayProcess> _gateways = [];

    /// <summary>The gateway most tests want: one Postfix, one Dovecot, PROXY v2.</summary>
    protected GatewaySetup Setup => new()
    {
        Smtp = [Backends.Postfix.SubmissionPort],
        Imap = [Backends.Dovecot.ImapPort],
        Pop3 = [Backends.Dovecot.Pop3Port],
    };

    /// <summary>Starts a gateway that ends with the test.</summary>
    protected async Task<GatewayProcess> StartGatewayAsync(GatewaySetup? setup = null, Action<GatewayProcess>? prepare = null)
    {
        var gateway = await GatewayProcess.StartAsync(setup ?? Setup, prepare);
        _gateways.Add(gateway);
        return gateway;
    }

    public override async Task DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            _output.WriteLine("--- TlsFront");
            _output.WriteLine(string.Join('\n', gateway.Process.Lines.TakeLast(40)));
            await gateway.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
