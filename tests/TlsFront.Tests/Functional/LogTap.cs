using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace TlsFront.Tests.Functional;

/// <summary>The lines of some events, by their names.</summary>
internal sealed class LogTap(params string[] events) : ILoggerProvider, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>The next line.</summary>
    public async Task<string> NextAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(TestClient.Patience);

    /// <summary>Lines nobody has read.</summary>
    public int Count => _lines.Reader.Count;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (events.Contains(eventId.Name))
        {
            _lines.Writer.TryWrite($"{eventId.Name}: {formatter(state, exception)}");
        }
    }
}
