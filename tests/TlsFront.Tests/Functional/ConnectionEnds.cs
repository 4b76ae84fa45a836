using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace TlsFront.Tests.Functional;

/// <summary>How connections ended, out of the access log's last line of each.</summary>
internal sealed class ConnectionEnds : ILoggerProvider
{
    private readonly Channel<string> _reasons = Channel.CreateUnbounded<string>();

    /// <summary>The reason of the next connection to end, as the log has it.</summary>
    public async Task<string> NextAsync() => await _reasons.Reader.ReadAsync().AsTask().WaitAsync(TestClient.Patience);

    public ILogger CreateLogger(string categoryName) => new Tap(categoryName == "TlsFront.AccessLog" ? _reasons.Writer : null);

    public void Dispose()
    {
    }

    private sealed class Tap(ChannelWriter<string>? reasons) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => reasons is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "ConnectionEnd" && state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                reasons?.TryWrite((string)values.Single(value => value.Key == "Reason").Value!);
            }
        }
    }
}
