using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Handover;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>The engine's own ticket keys go to the process that follows, and no key lives longer by that.</summary>
[SupportedOSPlatform("linux")]
public sealed class TicketKeyHandoverTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_next_process_reads_the_tickets_of_the_one_before_and_makes_them_with_the_same_key()
    {
        using var old = new TicketKeys(null, _time);
        var name = old.Current().Name.ToArray();
        using var next = Follow(old);

        Assert.True(next.Current().Name.SequenceEqual(name));
        Assert.NotNull(next.Find(name, out var isOutdated));
        Assert.False(isOutdated);
    }

    [Fact]
    public void A_key_is_as_old_as_it_was()
    {
        using var old = new TicketKeys(null, _time);
        var name = old.Current().Name.ToArray();
        _time.Advance(TimeSpan.FromHours(3));
        using var next = Follow(old);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(next.Current().Name.SequenceEqual(name));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(next.Current().Name.SequenceEqual(name));
        Assert.NotNull(next.Find(name, out var isOutdated));
        Assert.True(isOutdated);
    }

    [Fact]
    public void The_key_before_goes_along()
    {
        using var old = new TicketKeys(null, _time);
        var first = old.Current().Name.ToArray();
        _time.Advance(TimeSpan.FromHours(4));
        _ = old.Current();
        using var next = Follow(old);

        Assert.NotNull(next.Find(first, out var isOutdated));
        Assert.True(isOutdated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void No_keys_and_more_than_there_can_be_are_refused(int count)
    {
        using var state = new StateWriter();
        state.Write(0ul);
        state.Write(count);
        for (var i = 0; i < count; i++)
        {
            state.Write(new byte[TicketKey.Length]);
        }

        using var keys = new TicketKeys(null, _time);
        var name = keys.Current().Name.ToArray();
        Assert.Throws<HandoverException>(() =>
        {
            var reader = new StateReader(state.Written);
            keys.Import(ref reader);
        });
        Assert.True(keys.Current().Name.SequenceEqual(name));
    }

    private TicketKeys Follow(TicketKeys old)
    {
        using var state = new StateWriter();
        old.Export(state);
        var next = new TicketKeys(null, _time);
        var reader = new StateReader(state.Written);
        next.Import(ref reader);
        return next;
    }
}
