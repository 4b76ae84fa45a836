using System.Collections.Concurrent;
using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>The listeners' own limits of connections, by listener name.</summary>
internal sealed partial class ListenerBudgets : IDisposable
{
    private readonly ConcurrentDictionary<string, ListenerBudget> _budgets = new();
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    public ListenerBudgets(SettingsStore settings, ILogger<ListenerBudgets> logger)
    {
        _logger = logger;
        Apply(settings.Current);
        _subscription = settings.Subscribe("limits of listeners", (_, now) => new(() => Apply(now)));
    }

    /// <summary>Those that have a limit.</summary>
    public IEnumerable<(string Listener, int Limit)> Limits =>
        from budget in _budgets
        where budget.Value.Limit is not null
        select (budget.Key, budget.Value.Limit!.Value);

    /// <summary>The one of <paramref name="listener"/>, the same however often the settings change.</summary>
    public ListenerBudget Of(string listener) => _budgets.GetOrAdd(listener, static _ => new ListenerBudget());

    public void Dispose() => _subscription.Dispose();

    private void Apply(GatewaySettings settings)
    {
        foreach (var listener in settings.Listeners)
        {
            var budget = Of(listener.Name);
            if (budget.Limit == listener.Limits.Connections)
            {
                continue;
            }

            budget.Limit = listener.Limits.Connections;
            if (budget.Limit is { } limit)
            {
                Log.Limited(_logger, listener.Name, limit);
            }
            else
            {
                Log.Unlimited(_logger, listener.Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            813, LogLevel.Information, "Listener {Listener}: up to {Limit} connections at once, as its limits.connections says",
            EventName = "ListenerLimited")]
        public static partial void Limited(ILogger logger, string listener, int limit);

        [LoggerMessage(
            814, LogLevel.Information, "Listener {Listener}: its own limit of connections removed", EventName = "ListenerUnlimited")]
        public static partial void Unlimited(ILogger logger, string listener);
    }
}
