using OpenTelemetry;
using OpenTelemetry.Logs;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Export;

/// <summary>
/// Gives a log record the trace and span it names. The SDK would take those of the thread, and threads here serve many connections.
/// </summary>
internal sealed class LogTraceProcessor : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        for (var i = (data.Attributes?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (data.Attributes![i].Value is ConnectionTrace { Root: var root })
            {
                (data.TraceId, data.SpanId, data.TraceFlags) = (root.TraceId, root.SpanId, root.ActivityTraceFlags);
                return;
            }
        }
    }
}
