using TlsFront.SystemTests.Tls.Interop.Clients;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>A client of somebody else's.</summary>
/// <param name="name">What it is called.</param>
public abstract class InteropClient(string name)
{
    /// <summary>All that there are. One that is not installed fails its tests.</summary>
    public static IReadOnlyList<InteropClient> All { get; } =
    [
        new OpenSslClient(), new CurlClient(), new GnuTlsClient(), new NssClient(), new JavaClient(), new GoClient(), new PythonClient(),
        new NodeClient(), new DotNetClient(),
    ];

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Why it cannot be brought to a suite; null if it can.</summary>
    public virtual string? WhyNot(InteropSuite suite) => null;

    /// <summary>Why it resumes no session of that suite; null if it does.</summary>
    public virtual string? WhyNotResumed(InteropSuite suite) => null;

    /// <summary>Sends the request in a session and in one that resumes it.</summary>
    /// <returns>SHA-256 of each answer.</returns>
    public abstract Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite);
}
