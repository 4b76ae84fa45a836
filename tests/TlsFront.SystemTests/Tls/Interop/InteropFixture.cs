using System.Security.Cryptography;
using System.Text;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>What all cells of the matrix share: the server behind the gateway, and what is sent to it.</summary>
public sealed class InteropFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _request;
    private readonly string _body;

    public InteropFixture()
    {
        // Lines of digits, which no client takes for a command.
        var body = new byte[InteropTarget.Size];
        for (var at = 0; at < body.Length; at++)
        {
            body[at] = at % 64 == 63 ? (byte)'\n' : (byte)('0' + RandomNumberGenerator.GetInt32(10));
        }

        Body = body;
        BodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        (_request, _body) = (_folder.PathOf("request"), _folder.PathOf("body"));
        File.WriteAllBytes(_body, body);
        File.WriteAllBytes(_request, [.. Encoding.ASCII.GetBytes(HashingServer.Request(body.Length)), .. body]);
    }

    /// <summary>Behind the gateway.</summary>
    public HashingServer Server { get; } = new();

    /// <summary>What is sent to it.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>SHA-256 of that.</summary>
    public string BodyHash { get; }

    /// <summary>What clients are told.</summary>
    public InteropTarget Target(GatewayProcess gateway) =>
        new(gateway, _request, _body, HashingServer.Answer(InteropTarget.Size).Length + InteropTarget.Size, _folder);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
