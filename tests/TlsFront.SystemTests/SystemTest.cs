using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests;

/// <summary>What every test with real mail servers has: the servers, and their logs in the output should it fail.</summary>
[Collection(MailCollection.Name)]
public abstract class SystemTest(MailBackends backends, ITestOutputHelper output) : IAsyncLifetime
{
    protected MailBackends Backends => backends;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        // The runner shows it for failed tests only.
        output.WriteLine(backends.Logs());
        return Task.CompletedTask;
    }
}
