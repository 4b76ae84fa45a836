using System.Net.Security;
using System.Net.Sockets;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Transport;

/// <summary>Looking at a client's first bytes on real sockets, and what the next stage then finds: the same on both engines.</summary>
public sealed class PeekTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_are_shown_again_and_again_until_they_are_skipped(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        await rig.SendAsync("one");
        Assert.Equal("one", await rig.PeekAsync(1));
        Assert.Equal("one", await rig.PeekAsync(3));
        await rig.SendAsync("two");
        Assert.Equal("onetwo", await rig.PeekAsync(6));
        rig.Transport.Skip(4);
        Assert.Equal("wo", await rig.PeekAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_waits_for_as_many_as_are_asked_for_however_they_come(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        foreach (var letter in "0123456789")
        {
            Assert.False(shown.IsCompleted);
            await rig.SendAsync(letter.ToString());
        }

        Assert.Equal("0123456789", await shown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_is_usual_can_be_asked_for(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var text = new string('x', 4096);
        await rig.SendAsync(text);
        Assert.StartsWith(text, await rig.PeekAsync(4096), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_ends_shows_what_it_sent(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        await rig.SendAsync("few");
        rig.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("few", await shown);
        Assert.Equal("few", await rig.PeekAsync(10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_resets_shows_nothing(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        rig.Client.LingerState = new LingerOption(true, 0);
        rig.Client.Dispose();
        Assert.Equal("", await shown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_after_bytes_were_shown_is_for_the_next_stage_to_find(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        await rig.SendAsync("few");
        Assert.Equal("few", await rig.PeekAsync(3));
        rig.Client.LingerState = new LingerOption(true, 0);
        rig.Client.Dispose();
        await rig.PeekAsync(10);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await rig.PeekAsync(10, stopped.Token);
        rig.Transport.Skip(3);
        Assert.Equal("", await rig.PeekAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_wait_ends_when_told_to_and_may_be_taken_up_again(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        await rig.SendAsync("few");
        await rig.PeekAsync(3);
        using var stop = new CancellationTokenSource();
        var shown = rig.PeekAsync(10, stop.Token);
        await stop.CancelAsync();
        Assert.Equal("few", await shown);
        Assert.Equal("few", await rig.PeekAsync(10, stop.Token));
        var again = rig.PeekAsync(4);
        await rig.SendAsync("!");
        Assert.Equal("few!", await again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_abort_ends_the_wait(bool isNative)
    {
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        rig.Abort();
        Assert.Equal("", await shown);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task What_follows_the_skipped_bytes_is_TLS(bool isNative, bool isOneSegment)
    {
        using var policy = new TestPolicy();
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var secured = rig.SkipAndSecureAsync("header".Length, policy);
        await using var stream = new NetworkStream(rig.Client);
        await using Stream sent = isOneSegment ? new BufferedStream(stream) : stream;
        await sent.WriteAsync("header"u8.ToArray());
        await using var tls = new SslStream(sent);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(TestClient.Patience);
        Assert.True(await secured);
    }
}
