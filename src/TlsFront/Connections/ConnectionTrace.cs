using System.Diagnostics;

namespace TlsFront.Connections;

/// <summary>The trace of a sampled connection, as long as the connection lives: its log lines name it also when the span is over.</summary>
/// <param name="root">The span from accept to the moment the session is served.</param>
internal sealed class ConnectionTrace(Activity root)
{
    /// <summary>The span from accept to the moment the session is served.</summary>
    public Activity Root => root;

    /// <summary>Timestamp of the last connect, from which on a greeting is waited for.</summary>
    public long Connected { get; set; }

    /// <summary>The trace's id as log lines have it: 32 hexadecimal digits.</summary>
    public override string ToString() => root.TraceId.ToHexString();
}
