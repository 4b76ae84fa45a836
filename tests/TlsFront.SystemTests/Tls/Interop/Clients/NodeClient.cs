using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>Node's tls.</summary>
public sealed class NodeClient() : ProgramClient("Node")
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Start(InteropTarget target, InteropSuite suite) => ["node", Script.PathOf("interop/client.js")];

    /// <inheritdoc/>
    protected override string NameOf(InteropSuite suite) => suite.OpenSsl;
}
