using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Testing;
using TlsFront.Tls.Tickets;

namespace TlsFront.Tests.Tls;

/// <summary>A temporary folder with session ticket keys, and a store that reads them.</summary>
internal sealed class TicketKeyFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-ticket-keys-").FullName;
    private readonly FakeLogger<TicketKeyStore> _logger = new();

    public TicketKeyFolder() => Store = new TicketKeyStore(_logger);

    public TicketKeyStore Store { get; }

    /// <summary>What the store logged, each as level and message.</summary>
    public IEnumerable<string> Logged => _logger.Collector.GetSnapshot().Select(record => $"{record.Level} {record.Message}");

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a key that nobody but its owner may read, and returns its path.</summary>
    public string Write(string name, byte[]? octets = null)
    {
        var path = At(name);
        File.WriteAllBytes(path, octets ?? RandomNumberGenerator.GetBytes(TicketKey.Length));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    /// <summary>A store with these keys, the first one the encrypting.</summary>
    public TicketKeyStore With(params string[] files)
    {
        var store = new TicketKeyStore(_logger);
        Assert.Empty(store.UpdateFiles(files));
        return store;
    }

    /// <summary>As long as a change may take to be seen.</summary>
    public static void Settle(TicketKeyStore store)
    {
        store.Refresh();
        store.Refresh();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
