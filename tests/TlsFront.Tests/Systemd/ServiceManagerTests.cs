using TlsFront.Systemd;

namespace TlsFront.Tests.Systemd;

public sealed class ServiceManagerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_told_on_its_socket_by_path_and_by_abstract_name(bool isAbstract)
    {
        using var socket = new NotifySocket(isAbstract);
        Assert.True(socket.Manager().Notify("READY=1", "STATUS=up"));
        Assert.Equal("READY=1\nSTATUS=up", await socket.ReceiveAsync(""));
    }

    [Fact]
    public void Without_one_nothing_is_told()
    {
        var manager = ServiceManager.FromEnvironment(static _ => null, 7);
        Assert.False(manager.IsPresent);
        Assert.Null(manager.Watchdog);
        Assert.False(manager.Notify("READY=1"));
    }

    [Fact]
    public void One_that_is_gone_does_no_harm()
    {
        var socket = new NotifySocket();
        var manager = socket.Manager();
        socket.Dispose();
        Assert.False(manager.Notify("READY=1"));
    }

    [Fact]
    public void A_watchdog_for_another_process_is_not_ours()
    {
        using var socket = new NotifySocket();
        Assert.Equal(TimeSpan.FromSeconds(3), socket.Manager(TimeSpan.FromSeconds(3)).Watchdog);
        Assert.Null(socket.Manager(TimeSpan.FromSeconds(3), watchdogOf: 8).Watchdog);
    }
}
