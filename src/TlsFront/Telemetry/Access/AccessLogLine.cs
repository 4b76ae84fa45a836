using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>A kind of line: text, fields and message template are all made from its one list of fields.</summary>
internal sealed class AccessLogLine
{
    /// <param name="eventId">Its event.</param>
    /// <param name="fields">Its fields, in the order of the text.</param>
    public AccessLogLine(EventId eventId, AccessLogField[] fields)
    {
        Event = eventId;
        Fields = fields;
        var example = new ConnectionRecord(
            new SessionFacts { Id = "", HostName = "", Client = new(0, 0), Local = new(0, 0) }, "", "", NullConnectionEvents.Instance);
        Template = string.Concat(fields.Select(field => $"{field.Label}{{{field.Name}{field.Value(example, default).Format}}}"));
    }

    /// <summary>Its event.</summary>
    public EventId Event { get; }

    /// <summary>Its fields, in the order of the text.</summary>
    public AccessLogField[] Fields { get; }

    /// <summary>The message template, which logs know as <c>{OriginalFormat}</c>.</summary>
    public string Template { get; }

    /// <summary>Writes the line of a connection.</summary>
    public void Write(ILogger log, ConnectionRecord record, AccessLogMoment moment)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            log.Log(LogLevel.Information, Event, new AccessLogEntry(this, record, moment), exception: null, static (entry, _) => entry.ToString());
        }
    }
}
