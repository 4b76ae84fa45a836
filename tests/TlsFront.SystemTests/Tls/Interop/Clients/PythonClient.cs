using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>Python's ssl.</summary>
public sealed class PythonClient() : ProgramClient("Python")
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Start(InteropTarget target, InteropSuite suite)
    {
        var configuration = target.PathOf("openssl.cnf");
        File.WriteAllText(
            configuration, $"openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nCiphersuites = {suite.OpenSsl}\n");
        return [suite.Version == "1.3" ? $"OPENSSL_CONF={configuration}" : "--", "python3", Script.PathOf("interop/client.py")];
    }

    /// <inheritdoc/>
    protected override string NameOf(InteropSuite suite) => suite.OpenSsl;
}
