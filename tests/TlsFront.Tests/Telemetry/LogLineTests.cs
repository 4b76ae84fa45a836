using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using TlsFront.Configuration;
using TlsFront.Telemetry;

namespace TlsFront.Tests.Telemetry;

public sealed class LogLineTests
{
    [Fact]
    public void Text_is_one_line_with_the_time_in_utc_whatever_is_logged()
    {
        var text = Format(LogFormat.Text, "first\nsecond", new InvalidOperationException("third\nfourth"));

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: TlsFront\.AccessLog\[401\] first second", text);
        Assert.Equal(text.Length - Environment.NewLine.Length, text.IndexOf(Environment.NewLine, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_is_one_object_a_line_with_the_fields_by_name()
    {
        var text = Format(LogFormat.Json, "first\nsecond", null);

        Assert.Equal(text.Length - Environment.NewLine.Length, text.IndexOf(Environment.NewLine, StringComparison.Ordinal));
        using var json = JsonDocument.Parse(text);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", json.RootElement.GetProperty("Timestamp").GetString());
        Assert.Equal("TlsFront.AccessLog", json.RootElement.GetProperty("Category").GetString());
        Assert.Equal(4711, json.RootElement.GetProperty("State").GetProperty("Bytes").GetInt64());
    }

    [Fact]
    public void A_reader_of_standard_output_that_stalls_does_not_stall_the_gateway()
    {
        using var services = Services(LogFormat.Text);

        Assert.Equal(ConsoleLoggerQueueFullMode.DropWrite, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.QueueFullMode);
    }

    [Theory]
    [InlineData("TlsFront.AccessLog", LogLevel.Information, true)]
    [InlineData("TlsFront.AccessLog", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error, true)]
    [InlineData("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Information, false)]
    public void Only_what_concerns_an_operator_is_written(string category, LogLevel level, bool written)
    {
        using var services = Services(LogFormat.Text);

        Assert.Equal(written, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    private static ServiceProvider Services(LogFormat format) =>
        new ServiceCollection().AddLogging(logging => logging.AddTlsFrontConsole(new LogSettings(format))).BuildServiceProvider();

    private static string Format(LogFormat format, string message, Exception? exception)
    {
        using var services = Services(format);
        var name = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        var formatter = services.GetServices<ConsoleFormatter>().Single(candidate => candidate.Name == name);
        var output = new StringWriter();
        IReadOnlyList<KeyValuePair<string, object?>> state = [new("Bytes", 4711L)];
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Information, "TlsFront.AccessLog", 401, state, exception, (_, _) => message);
        formatter.Write(entry, null, output);
        return output.ToString();
    }
}
