using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Cli;

/// <summary>A configuration with an inventory of users, for the commands that read it.</summary>
internal sealed class MigratingUsers : IDisposable
{
    private readonly SettingsFolder _folder;
    private readonly InventorySettings _settings;
    private readonly InventoryStore _store;

    /// <param name="policies">The policies, as in a configuration file; null for none.</param>
    public MigratingUsers(string? policies = null)
    {
        _folder = new($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners: [ { name: imap, address: "*:143", protocol: imap, security: starttls, backend: dovecot } ]
            backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] } ]
            inventory: { path: inventory.db }
            {{(policies is null ? "" : $"policies: {policies}")}}
            """);
        _settings = new() { Path = _folder.At("inventory.db") };
        _store = InventoryStore.Of(_settings, out var problem) ?? throw new InvalidOperationException(problem);
        Assert.Null(_store.Prepare());
    }

    /// <summary>The clock of the commands.</summary>
    public FakeTimeProvider Time { get; } = new(new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The configuration file.</summary>
    public string Path => _folder.Path;

    /// <summary>A path beside it.</summary>
    public string At(string name) => _folder.At(name);

    /// <summary>Who was told, and how often.</summary>
    public IReadOnlyDictionary<string, long> Told => new InventoryReader(_store).Told().ToDictionary(
        static told => told.Key, static told => told.Value.Times);

    /// <summary>Adds a login, now.</summary>
    public void LogIn(
        string user, string transport = "starttls", string client = "192.0.2.7", LoginOutcome outcome = LoginOutcome.Accepted,
        string? program = null) =>
        Assert.Null(new LoginInventory(_store, new UserNames(null), _settings).Add(
        [
            new(
                Time.GetUtcNow(), user, IPAddress.Parse(client), "imap", "imap", transport,
                new(TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", null, null), program, outcome, null,
                outcome == LoginOutcome.Refused ? PolicyAction.Refuse : PolicyAction.None),
        ]));

    /// <summary>Runs <c>tlsfront migration</c> with this configuration; <c>--</c> and what follows goes last.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(CancellationToken stop, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse(["migration", arguments[0], "-c", Path, .. arguments[1..]], new Dictionary<string, string>(), Time)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, stop);
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}
