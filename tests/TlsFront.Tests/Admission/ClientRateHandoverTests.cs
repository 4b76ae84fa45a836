using System.Net;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

/// <summary>An upgrade gives nobody a new allowance.</summary>
public sealed class ClientRateHandoverTests
{
    private static readonly LimitSettings Limits = new()
    {
        ConnectionRate = new(3, TimeSpan.FromMinutes(1)),
        HandshakeRate = new(2, TimeSpan.FromMinutes(1)),
    };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_a_client_owes_it_owes_the_next_process()
    {
        using var old = Make(Limits);
        Assert.Equal([CloseReason.None, CloseReason.None, CloseReason.LimitHandshakeRate], [Enter(old), Enter(old), Enter(old)]);
        _time.Advance(TimeSpan.FromSeconds(20));

        using var next = Follow(old, Limits);

        // A connection was earned back meanwhile, and two thirds of a handshake.
        Assert.Equal([CloseReason.LimitHandshakeRate, CloseReason.LimitConnectionRate], [Enter(next), Enter(next)]);
        Assert.Equal(CloseReason.None, Enter(next, "192.0.2.2"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(CloseReason.None, Enter(next));
    }

    /// <summary>Also one that was not seen in the generation that runs.</summary>
    [Fact]
    public void Both_generations_go_along()
    {
        var limits = new LimitSettings { ConnectionRate = new(1, TimeSpan.FromMinutes(1)) };
        using var old = Make(limits);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(CloseReason.None, Enter(old));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseReason.None, Enter(old, "192.0.2.2"));

        using var next = Follow(old, limits);

        Assert.Equal([CloseReason.LimitConnectionRate, CloseReason.LimitConnectionRate], [Enter(next), Enter(next, "192.0.2.2")]);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal([CloseReason.None, CloseReason.LimitConnectionRate], [Enter(next), Enter(next, "192.0.2.2")]);
    }

    [Fact]
    public void A_limit_that_is_another_one_now_begins_anew()
    {
        using var old = Make(Limits);
        Assert.Equal([CloseReason.None, CloseReason.None], [Enter(old), Enter(old)]);

        using var rate = Follow(old, Limits with { HandshakeRate = new(3, TimeSpan.FromMinutes(1)) });
        using var prefix = Follow(old, Limits with { V4Prefix = 24 });
        using var none = Follow(old, new());

        Assert.Equal([CloseReason.None, CloseReason.LimitConnectionRate], [Enter(rate), Enter(rate)]);
        Assert.Equal(CloseReason.None, Enter(prefix));
        Assert.Equal(CloseReason.None, Enter(none));
    }

    /// <summary>The most that there can be has room in a message, or a flood would keep the gateway from being upgraded.</summary>
    [Fact]
    public void The_state_of_a_flood_has_room_in_a_message()
    {
        var limits = new LimitSettings { ConnectionRate = new(1, TimeSpan.FromHours(1)), HandshakeRate = new(1, TimeSpan.FromHours(1)) };
        using var old = Make(limits);
        for (var client = 0; client < 3 * ClientRateLimiter.Capacity; client++)
        {
            _ = old.TryEnter(new IPAddress([10, (byte)(client >> 16), (byte)(client >> 8), (byte)client]), out _);
        }

        using var state = new StateWriter();
        old.Export(state);

        Assert.InRange(state.Written.Length, 2 * ClientRateLimiter.Capacity * 24, HandoverChannel.MaxPayload - 1024);
    }

    [Fact]
    public void A_state_that_makes_no_sense_is_refused()
    {
        using var old = Make(Limits);
        _ = Enter(old);
        using var state = new StateWriter();
        old.Export(state);
        for (var length = 0; length < state.Written.Length; length++)
        {
            using var next = Make(Limits);
            var cut = state.Written[..length].ToArray();
            Assert.Throws<HandoverException>(() =>
            {
                var reader = new StateReader(cut);
                next.Import(ref reader);
            });
        }
    }

    private static CloseReason Enter(ClientLimits limits, string address = "192.0.2.1") => limits.TryEnter(IPAddress.Parse(address), out _);

    private ClientLimits Make(LimitSettings limits) =>
        new(new SettingsStore(TestGateway.Settings("/nowhere") with { Limits = limits }), _time);

    private ClientLimits Follow(ClientLimits old, LimitSettings limits)
    {
        using var state = new StateWriter();
        old.Export(state);
        var next = Make(limits);
        var reader = new StateReader(state.Written);
        next.Import(ref reader);
        Assert.True(reader.IsAtEnd);
        return next;
    }
}
