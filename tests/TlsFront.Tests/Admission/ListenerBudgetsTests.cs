using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

public sealed class ListenerBudgetsTests
{
    [Fact]
    public void A_listener_with_a_limit_is_full_beyond_it_and_the_others_are_not()
    {
        using var budgets = new ListenerBudgets(new SettingsStore(Settings(limit: 2)), NullLogger<ListenerBudgets>.Instance);
        var (limited, free) = (budgets.Of("imaps"), budgets.Of("submissions"));
        for (var i = 0; i < 2; i++)
        {
            Assert.True(limited.TryEnter());
            Assert.True(free.TryEnter());
        }

        // However many are refused, one that leaves makes room for one.
        Assert.False(limited.TryEnter());
        Assert.False(limited.TryEnter());
        Assert.True(free.TryEnter());
        limited.Leave();
        Assert.True(limited.TryEnter());
        Assert.False(limited.TryEnter());
        Assert.Equal([("imaps", 2)], budgets.Limits);
    }

    [Fact]
    public void A_reload_changes_the_limit_and_keeps_the_count()
    {
        var settings = new SettingsStore(Settings(limit: 2));
        using var budgets = new ListenerBudgets(settings, NullLogger<ListenerBudgets>.Instance);
        var limited = budgets.Of("imaps");
        Assert.True(limited.TryEnter());
        Assert.True(limited.TryEnter());
        Replace(settings, Settings(limit: 1));
        limited.Leave();
        Assert.False(limited.TryEnter());
        Replace(settings, Settings(limit: null));
        Assert.True(limited.TryEnter());
        Assert.Empty(budgets.Limits);
    }

    private static void Replace(SettingsStore settings, GatewaySettings now) => settings.Prepare(now).Commit();

    private static GatewaySettings Settings(int? limit)
    {
        var settings = TestGateway.Settings("/nowhere");
        return settings with
        {
            Listeners =
            [
                .. settings.Listeners.Select(
                    listener => listener.Name == "imaps" ? listener with { Limits = new() { Connections = limit } } : listener)
            ],
        };
    }
}
