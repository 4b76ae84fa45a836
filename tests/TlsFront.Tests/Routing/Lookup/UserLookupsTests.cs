using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Routing.Lookup;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>Files of lookups that change while the gateway runs.</summary>
public sealed class UserLookupsTests
{
    [Fact]
    public async Task Headers_of_the_operator_are_those_of_the_file_and_a_broken_one_changes_nothing()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 143));
        using var folder = new SettingsFolderFile("X-Auth-Key: first\n");
        var settings = TestGateway.Settings("certificates");
        using var lookups = new UserLookups(
            new SettingsStore(settings with
            {
                Listeners = [.. settings.Listeners.Select(listener => listener with
                {
                    Lookup = new() { Url = service.Url, Timeout = TestClient.Patience, HeadersFile = folder.Path },
                })],
            }),
            TimeProvider.System,
            NullLogger<UserLookups>.Instance);
        Assert.Empty(lookups.Problems);
        await AskAsync("first");
        var same = lookups.Find("imaps");

        // Each change has another length: the clock of files may stand still.
        folder.Write("broken\n");
        lookups.Refresh();
        lookups.Refresh();
        Assert.Same(same, lookups.Find("imaps"));
        Assert.Contains(lookups.Files, file => file.Path == folder.Path && file.Problem is not null);

        folder.Write("X-Auth-Key: the second\n");
        lookups.Refresh();
        lookups.Refresh();
        await AskAsync("the second");

        async Task AskAsync(string key)
        {
            service.Requests.Clear();
            await lookups.Find("imaps")!.AskAsync(Lookups.Record(), CancellationToken.None);
            Assert.Contains($"\r\nX-Auth-Key: {key}\r\n", Assert.Single(service.Requests), StringComparison.Ordinal);
        }
    }

    private sealed class SettingsFolderFile : IDisposable
    {
        public SettingsFolderFile(string text) => Write(text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Write(string text) => File.WriteAllText(Path, text);

        public void Dispose() => File.Delete(Path);
    }
}
