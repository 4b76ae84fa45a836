using TlsFront.Protocols;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

public sealed class SignalQueueTests
{
    [Fact]
    public void Signals_come_out_in_order_and_those_above_eight_are_dropped()
    {
        var queue = default(SignalQueue);
        Signal[] posted =
        [
            Signal.Start, Signal.BackendReady, Signal.Start, Signal.Drain, Signal.Expired, Signal.Secured, Signal.BackendLost, Signal.Drain
        ];
        foreach (var signal in posted.Append(Signal.Drain))
        {
            queue.Add(signal);
        }

        foreach (var signal in posted)
        {
            Assert.True(queue.TryTake(out var taken));
            Assert.Equal(signal, taken);
        }

        Assert.False(queue.TryTake(out _));
        queue.Add(Signal.Drain);
        Assert.True(queue.TryTake(out _));
    }
}
