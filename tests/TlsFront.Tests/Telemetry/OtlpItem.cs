namespace TlsFront.Tests.Telemetry;

/// <summary>A span or a log record as a collector got it.</summary>
/// <param name="Service">service.name of its resource.</param>
/// <param name="Scope">Instrumentation scope: the source or the category.</param>
/// <param name="Name">The span's name or the record's text.</param>
/// <param name="TraceId">In hexadecimal.</param>
/// <param name="SpanId">In hexadecimal.</param>
/// <param name="ParentId">In hexadecimal; empty for a root and for a record.</param>
/// <param name="IsError">Whether the span's status is an error.</param>
/// <param name="Start">A span's start, nanoseconds since 1970.</param>
/// <param name="End">A span's end.</param>
/// <param name="Attributes">Attributes in text.</param>
internal sealed record OtlpItem(
    string Service, string Scope, string Name, string TraceId, string SpanId, string ParentId, bool IsError, ulong Start, ulong End,
    IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<OtlpItem> Spans(ProtobufFields request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new OtlpItem(
            ServiceOf(resource), scope.One(1).Text(1), span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), span.One(15).Number(3) == 2,
            span.Number(7), span.Number(8), AttributesOf(span, 9));

    /// <summary>The records of an ExportLogsServiceRequest.</summary>
    public static IEnumerable<OtlpItem> Logs(ProtobufFields request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from record in scope.All(2)
        select new OtlpItem(
            ServiceOf(resource), scope.One(1).Text(1), record.One(5).Text(1), record.Hex(9), record.Hex(10), "", false, record.Number(1), 0,
            AttributesOf(record, 6));

    /// <summary>Names of the metrics of an ExportMetricsServiceRequest.</summary>
    public static IEnumerable<string> Metrics(ProtobufFields request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from metric in scope.All(2)
        select metric.Text(1);

    private static string ServiceOf(ProtobufFields resource) => AttributesOf(resource.One(1), 1).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> AttributesOf(ProtobufFields owner, int number) =>
        owner.All(number).ToDictionary(pair => pair.Text(1), pair => Value(pair.One(2)));

    private static string Value(ProtobufFields value) =>
        value.Has(1) ? value.Text(1)
            : value.Has(2) ? (value.Number(2) != 0 ? "true" : "false")
            : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString("R", System.Globalization.CultureInfo.InvariantCulture)
            : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
