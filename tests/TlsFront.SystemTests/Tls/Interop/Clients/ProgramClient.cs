using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>A program among the scripts, whose arguments are the same in every language.</summary>
/// <param name="name">What it is called.</param>
public abstract class ProgramClient(string name) : InteropClient(name)
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite)
    {
        string[] arguments = [$"{target.Port}", target.Authority, GatewayProcess.Name, suite.Version, NameOf(suite), target.Request, "2"];

        // `go run` compiles its library first, and `java` the source.
        var program = await Command.RunAsync("env", [.. Start(target, suite), .. arguments], within: TimeSpan.FromMinutes(5));
        return program.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The command that starts it, behind its environment.</summary>
    protected abstract IEnumerable<string> Start(InteropTarget target, InteropSuite suite);

    /// <summary>What it calls a suite.</summary>
    protected virtual string NameOf(InteropSuite suite) => suite.Iana;
}
