using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Handover;
using TlsFront.Listeners;
using TlsFront.Listeners.Upgrade;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners.Upgrade;

/// <summary>A gateway that is to replace another one, whatever becomes of that.</summary>
[SupportedOSPlatform("linux")]
public sealed class PredecessorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public PredecessorTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "s")));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task One_that_dies_after_it_let_the_new_one_serve_is_replaced()
    {
        await using var backend = UpgradeTests.Echo();
        var playing = Task.Run(() =>
        {
            using var channel = Meet();
            channel.Send(MessageKind.Serve);
        });

        await using var rig = await UpgradeRig.StartAsync(backend, invitation: Invitation);

        await playing;
        Assert.True(rig.Current.Services.GetRequiredService<Readiness>().State is "ready" or "starting");
        await using var client = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(client, "served");
    }

    [Theory]
    [InlineData(null, "it is gone")]
    [InlineData("it snows", "it snows")]
    public async Task One_that_goes_on_is_not_replaced(string? reason, string words)
    {
        await using var backend = UpgradeTests.Echo();
        var playing = Task.Run(() =>
        {
            using var channel = Meet();
            if (reason is not null)
            {
                channel.Send(MessageKind.Serve);
                channel.Send(MessageKind.Failed, reason);
            }
        });

        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => UpgradeRig.StartAsync(backend, invitation: Invitation));

        await playing;
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_writes_another_version_of_sessions_is_not_replaced()
    {
        await using var backend = UpgradeTests.Echo();
        var playing = Task.Run(() =>
        {
            using var channel = new HandoverChannel(_listener.Accept(), TestClient.Patience);
            channel.Expect(MessageKind.Hello).Dispose();
            channel.Send(MessageKind.Welcome, "7");
            Assert.Null(channel.Receive());
        });

        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => UpgradeRig.StartAsync(backend, invitation: Invitation));

        await playing;
        Assert.Contains("writes sessions of version 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_there_stops_the_start()
    {
        await using var backend = UpgradeTests.Echo();
        _listener.Dispose();

        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => UpgradeRig.StartAsync(backend, invitation: Invitation));

        Assert.Contains("cannot be connected", failure.Message, StringComparison.Ordinal);
    }

    private HandoverInvitation Invitation => new(Path.Combine(_folder.FullName, "s"));

    /// <summary>All that a predecessor says up to the moment when the new one is ready.</summary>
    private HandoverChannel Meet()
    {
        var channel = new HandoverChannel(_listener.Accept(), TestClient.Patience);
        using (var hello = channel.Expect(MessageKind.Hello))
        {
            Assert.Equal(StateVersions.Current, JsonSerializer.Deserialize(hello.Payload, UpgradeJson.Default.SuccessorHello)!.States);
        }

        channel.Send(MessageKind.Welcome, "1");
        channel.Send(MessageKind.Decisions, JsonSerializer.SerializeToUtf8Bytes(new Decisions([], []), UpgradeJson.Default.Decisions));
        channel.Send(MessageKind.Start);
        channel.Expect(MessageKind.Ready).Dispose();
        return channel;
    }
}
