using System.Security.Cryptography;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>curl, which resumes its own session when it goes to a place again.</summary>
public sealed class CurlClient() : InteropClient("curl")
{
    /// <inheritdoc/>
    public override string? WhyNotResumed(InteropSuite suite) =>
        suite.Version == "1.2" ? "curl refuses tickets of TLS 1.2, and the gateway keeps no sessions" : null;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite)
    {
        string[] version = suite.Version == "1.3"
            ? ["--tlsv1.3", "--tls13-ciphers", suite.OpenSsl]
            : ["--tlsv1.2", "--tls-max", "1.2", "--ciphers", suite.OpenSsl];
        string[] answers = [target.PathOf("curl.1"), target.PathOf("curl.2")];
        var curl = await Command.RunAsync("curl", answers.SelectMany((answer, index) => (string[])
        [
            .. index == 0 ? (string[])[] : ["--next"], "--silent", "--show-error", "--max-time", "30", "--cacert", target.Authority, .. version,
            "--no-alpn", "--http1.1", "--header", "Expect:", "--include", "--upload-file", target.Body, "--output", answer,
            "--resolve", $"{GatewayProcess.Name}:{target.Port}:127.0.0.1", $"https://{GatewayProcess.Name}:{target.Port}/",
        ]));
        curl.Succeeded();
        return [.. answers.Select(static answer => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(answer))))];
    }
}
