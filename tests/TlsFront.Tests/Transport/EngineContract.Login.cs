using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport;

public abstract partial class EngineContract
{
    [Fact]
    public async Task A_backend_that_was_given_up_is_released_and_the_client_stays()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("HELLO\r\nDISCONNECT\r\nCLO");
        Assert.Equal("HELLO\r\n", await rig.Backend.ReadToEndAsync());
        Assert.False(rig.Ended.IsCompleted);
        await rig.Client.SendAsync("SE\r\n");
        Assert.Equal("BYE\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.Completed, await rig.Ended);
        Assert.Equal([Signal.Start, Signal.BackendReady], rig.Machine.Signals);
    }

    [Fact]
    public async Task What_a_machine_kept_arrives_whole_between_what_came_before_and_after()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("HELLO\r\nKEPT\r\nNEXT\r\n");
        var kept = Encoding.ASCII.GetString(ScriptedMachine.Kept);
        Assert.Equal($"HELLO\r\n{kept}NEXT\r\n", await rig.Backend.ExpectAsync("NEXT\r\n"));
    }
}
