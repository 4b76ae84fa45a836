using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests;

/// <summary>A test with a gateway in front of the real servers; its log is in the output should the test fail.</summary>
public abstract class GatewayTest(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    private readonly ITestOutputHelper _output = output;
    private readonly List<GatewayProcess> _own = [];
    private readonly List<GatewayProcess> _shared = [];

    /// <summary>
    /// The engine the suite runs on: <c>TLSFRONT__ENGINE</c> reaches the gateway as any setting from the environment does;
    /// without it, the default on Linux.
    /// </summary>
    protected static string Engine => Environment.GetEnvironmentVariable("TLSFRONT__ENGINE") is { Length: > 0 } engine ? engine : "native";

    /// <summary>The gateway most tests want: one Postfix, one Dovecot, PROXY v2.</summary>
    protected GatewaySetup Setup => new()
    {
        Smtp = [Backends.Postfix.SubmissionPort],
        Imap = [Backends.Dovecot.ImapPort],
        Pop3 = [Backends.Dovecot.Pop3Port],
    };

    /// <summary>A gateway that other tests use too: this one only connects to it.</summary>
    protected async Task<GatewayProcess> GatewayAsync(GatewaySetup? setup = null)
    {
        var gateway = await Backends.Gateways.GetAsync(setup ?? Setup);
        _shared.Add(gateway);
        return gateway;
    }

    /// <summary>Starts a gateway that ends with the test, which may do to it what it likes.</summary>
    protected async Task<GatewayProcess> StartGatewayAsync(GatewaySetup? setup = null, Action<GatewayProcess>? prepare = null)
    {
        var gateway = await GatewayProcess.StartAsync(setup ?? Setup, prepare);
        _own.Add(gateway);
        return gateway;
    }

    public override async Task DisposeAsync()
    {
        foreach (var gateway in _own.Concat(_shared))
        {
            _output.WriteLine("--- TlsFront");
            _output.WriteLine(string.Join('\n', gateway.Process.Lines.TakeLast(40)));
        }

        foreach (var gateway in _own)
        {
            await gateway.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
