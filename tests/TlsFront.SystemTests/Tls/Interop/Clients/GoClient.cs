using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>Go's own TLS.</summary>
public sealed class GoClient() : ProgramClient("Go")
{
    /// <inheritdoc/>
    public override string? WhyNot(InteropSuite suite) =>
        (suite.Version, suite.Aead) is ("1.3", "AES-256-GCM") ? "Go has AES-128-GCM in front of it and lets nobody choose suites of TLS 1.3" : null;

    /// <inheritdoc/>
    /// <remarks>A processor that knows no AES has ChaCha20 in front.</remarks>
    protected override IEnumerable<string> Start(InteropTarget target, InteropSuite suite) =>
    [
        $"GOCACHE={target.PathOf("go")}", $"GODEBUG={(suite.Aead == "CHACHA20-POLY1305" ? "cpu.aes=off,cpu.pclmulqdq=off" : "")}",
        "go", "run", Script.PathOf("interop/client.go"),
    ];
}
