namespace TlsFront.Telemetry;

/// <summary>Kinds of instruments.</summary>
internal enum MetricKind : byte
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A sum that goes up and down: adding it up over replicas makes sense.</summary>
    UpDownCounter,

    /// <summary>A value as it is now; adding it up makes no sense.</summary>
    Gauge,

    /// <summary>A distribution.</summary>
    Histogram,
}
