using System.Runtime.Versioning;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Errors that are not the connection's own.</summary>
[SupportedOSPlatform("linux")]
public sealed class NativeTlsErrorTests
{
    [Fact]
    public void What_others_left_in_the_threads_error_queue_fails_neither_a_handshake_nor_a_read()
    {
        using var pair = new TlsPair(TimeProvider.System);
        LeaveAnError();
        Assert.False(pair.Server.Tls.TryHandshake(out var error));
        Assert.Equal(0ul, error);

        Assert.Equal(0ul, pair.Handshake());
        LeaveAnError();
        Assert.Equal(0, pair.Server.Read());
        Assert.False(pair.Server.Tls.Failed);
    }

    [Fact]
    public void An_exception_in_a_callback_fails_the_handshake_and_not_the_process()
    {
        var time = new BreakingTime();
        using var pair = new TlsPair(time);
        time.IsBroken = true;

        Assert.NotEqual(0ul, pair.Handshake());
    }

    private static unsafe void LeaveAnError()
    {
        var garbage = stackalloc byte[2];
        var at = garbage;
        Assert.Equal(0, OpenSsl.d2i_X509(0, &at, 2));
        Assert.NotEqual(0ul, OpenSsl.ERR_peek_error());
    }

    /// <summary>Asked for by the callback that makes session tickets.</summary>
    private sealed class BreakingTime : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("The clock is broken.") : base.GetTimestamp();
    }
}
