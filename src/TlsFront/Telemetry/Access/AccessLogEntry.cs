using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>One line, as text and as the fields that JSON and OTLP have. Read at once: the record goes on.</summary>
internal sealed class AccessLogEntry(AccessLogLine line, ConnectionRecord record, AccessLogMoment moment)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string OriginalFormat = "{OriginalFormat}";

    /// <summary>The fields, and the message template behind them, as with any log message.</summary>
    public int Count => line.Fields.Length + 1;

    public KeyValuePair<string, object?> this[int index] => index == line.Fields.Length
        ? new(OriginalFormat, line.Template)
        : new(line.Fields[index].Name, line.Fields[index].Value(record, moment).ToObject());

    public override string ToString()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[512]);
        foreach (var field in line.Fields)
        {
            text.AppendLiteral(field.Label);
            field.Value(record, moment).AppendTo(ref text);
        }

        return text.ToStringAndClear();
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
