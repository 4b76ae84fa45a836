using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>GnuTLS's gnutls-cli.</summary>
public sealed class GnuTlsClient() : InteropClient("GnuTLS")
{
    /// <summary>Its arguments; what it says of itself goes to a file.</summary>
    public static string[] Arguments(InteropTarget target, InteropSuite suite) =>
    [
        $"--logfile={LogOf(target)}", $"--x509cafile={target.Authority}", $"--sni-hostname={GatewayProcess.Name}",
        $"--verify-hostname={GatewayProcess.Name}", $"--port={target.Port}",
        $"--priority=NONE:+VERS-TLS{suite.Version}:+{suite.Aead}:+AEAD:+ECDHE-ECDSA:+SIGN-ALL:+GROUP-ALL:+CTYPE-ALL", "127.0.0.1",
    ];

    /// <summary>That file.</summary>
    public static string LogOf(InteropTarget target) => target.PathOf("gnutls.log");

    /// <inheritdoc/>
    /// <remarks>Told to resume, it says nothing in the first session.</remarks>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite) =>
    [
        await Tool.ExchangeAsync(target, "gnutls-cli", Arguments(target, suite)),
        await Tool.ExchangeAsync(target, "gnutls-cli", ["--resume", "--waitresumption", .. Arguments(target, suite)]),
    ];
}
