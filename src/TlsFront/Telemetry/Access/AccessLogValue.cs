using System.Runtime.CompilerServices;

namespace TlsFront.Telemetry.Access;

/// <summary>A value of the access log; numbers become objects only where a log format asks for their type.</summary>
internal readonly struct AccessLogValue
{
    private readonly object? _object;
    private readonly long _number;
    private readonly double _seconds;
    private readonly Kind _kind;

    /// <summary>A value that is text in a line, and itself in a field.</summary>
    public AccessLogValue(object value) => (_kind, _object) = (Kind.Object, value);

    private AccessLogValue(long number) => (_kind, _number) = (Kind.Number, number);

    private AccessLogValue(TimeSpan time) => (_kind, _seconds) = (Kind.Seconds, time.TotalSeconds);

    private enum Kind : byte
    {
        Object,
        Number,
        Seconds,
    }

    public static implicit operator AccessLogValue(string text) => new((object)text);

    public static implicit operator AccessLogValue(long number) => new(number);

    /// <summary>A duration is a number of seconds, to the millisecond in text.</summary>
    public static implicit operator AccessLogValue(TimeSpan time) => new(time);

    /// <summary>The format in a message template, with its colon.</summary>
    public string Format => _kind == Kind.Seconds ? ":F3" : "";

    /// <summary>Adds it to a line.</summary>
    public void AppendTo(ref DefaultInterpolatedStringHandler line)
    {
        switch (_kind)
        {
            case Kind.Number:
                line.AppendFormatted(_number);
                break;
            case Kind.Seconds:
                line.AppendFormatted(_seconds, "F3");
                break;
            default:
                line.AppendFormatted(_object);
                break;
        }
    }

    /// <summary>The value of a field.</summary>
    public object? ToObject() => _kind switch
    {
        Kind.Number => _number,
        Kind.Seconds => _seconds,
        _ => _object,
    };
}
