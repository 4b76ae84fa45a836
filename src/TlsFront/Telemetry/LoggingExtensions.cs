using Microsoft.Extensions.Logging.Console;
using TlsFront.Configuration;

namespace TlsFront.Telemetry;

/// <summary>Log lines on standard output, as text or JSON.</summary>
internal static class LoggingExtensions
{
    public static void AddTlsFrontConsole(this ILoggingBuilder logging, LogSettings settings)
    {
        logging.SetMinimumLevel(settings.Level);

        // What the libraries below say of every connection and probe is not for an operator.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);

        // Health is told in our own words.
        logging.AddFilter("Yarp", LogLevel.Error);

        // Who started the host tells in one line why it did not start; what ends it while it runs is Critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (settings.Format == LogFormat.Json)
        {
            logging.AddJsonConsole(console => Configure(console, separator: ""));
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                Configure(console, separator: " ");
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        // A slow reader of standard output must not stop the gateway.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }

    private static void Configure(ConsoleFormatterOptions console, string separator)
    {
        console.TimestampFormat = $"yyyy-MM-ddTHH:mm:ss.fffZ{separator}";
        console.UseUtcTimestamp = true;
    }
}
