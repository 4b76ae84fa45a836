using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>OpenSSL's s_client.</summary>
public sealed class OpenSslClient() : InteropClient("OpenSSL")
{
    /// <summary>Its arguments; with -brief it reads commands, and writes what it receives alone.</summary>
    public static string[] Arguments(InteropTarget target, InteropSuite suite) =>
    [
        "s_client", "-brief", "-connect", $"127.0.0.1:{target.Port}", "-CAfile", target.Authority, "-servername", GatewayProcess.Name,
        "-verify_return_error", "-verify_hostname", GatewayProcess.Name,
        .. suite.Version == "1.3" ? (string[])["-tls1_3", "-ciphersuites", suite.OpenSsl] : ["-tls1_2", "-cipher", suite.OpenSsl],
    ];

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite)
    {
        var session = target.PathOf("openssl.session");
        return
        [
            await Tool.ExchangeAsync(target, "openssl", [.. Arguments(target, suite), "-sess_out", session]),
            await Tool.ExchangeAsync(target, "openssl", [.. Arguments(target, suite), "-sess_in", session]),
        ];
    }
}
