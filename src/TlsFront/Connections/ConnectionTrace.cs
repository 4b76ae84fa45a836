using System.Diagnostics;

namespace TlsFront.Connections;

/// <summary>The trace of a sampled connection, as long as the connection lives: its log lines name it also when the span is over.</summary>
/// <param name="root">The span from accept to the moment the session is served.</param>
internal sealed class ConnectionTrace(Activity root)
{
    private string? _parent;

    /// <summary>The span from accept to the moment the session is served.</summary>
    public Activity Root => root;

    /// <summary>Trace and span as the W3C Trace Context writes them.</summary>
    public string Parent => _parent ?? $"00-{root.TraceId.ToHexString()}-{root.SpanId.ToHexString()}-{(byte)root.ActivityTraceFlags:x2}";

    /// <summary>The trace of a session that another process began: its spans are over, its log lines name it. Null for what is none.</summary>
    public static ConnectionTrace? Of(string parent)
    {
        if (!ActivityContext.TryParse(parent, null, out var context))
        {
            return null;
        }

        var root = new Activity("connection").SetParentId(context.TraceId, context.SpanId, context.TraceFlags).Start();
        root.Stop();
        return new ConnectionTrace(root) { _parent = parent };
    }

    /// <summary>Timestamp of the last connect, from which on a greeting is waited for.</summary>
    public long Connected { get; set; }

    /// <summary>The trace's id as log lines have it: 32 hexadecimal digits.</summary>
    public override string ToString() => root.TraceId.ToHexString();
}
