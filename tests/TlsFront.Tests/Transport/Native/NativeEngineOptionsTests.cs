using TlsFront.Configuration;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

public sealed class NativeEngineOptionsTests
{
    [Fact]
    public void What_settings_say_by_default_is_the_engines_own_default() =>
        Assert.Equal(new NativeEngineOptions(), NativeEngineOptions.From(new NativeSettings()));

    [Fact]
    public void Every_setting_reaches_the_engine() => Assert.Equal(
        new NativeEngineOptions
        {
            Loops = 3,
            BufferBytes = 128 * 1024,
            Backlog = 512,
            KeepAlive = TimeSpan.FromMinutes(1),
            UserTimeout = TimeSpan.FromSeconds(30),
            HandshakesPerTurn = 8,
        },
        NativeEngineOptions.From(new NativeSettings
        {
            Loops = 3,
            Buffer = 128 * 1024,
            Backlog = 512,
            KeepAlive = TimeSpan.FromMinutes(1),
            UserTimeout = TimeSpan.FromSeconds(30),
            HandshakesPerTurn = 8,
        }));
}
