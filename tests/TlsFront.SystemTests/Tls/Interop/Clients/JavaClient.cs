using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>Java's own TLS.</summary>
public sealed class JavaClient() : ProgramClient("Java")
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Start(InteropTarget target, InteropSuite suite) => ["java", Program];

    /// <summary>The program.</summary>
    public static string Program => Script.PathOf("interop/Client.java");
}
