using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Goes on with the record of a session that the process before this one gave away, and tells of its end.</summary>
internal sealed class AdoptedRecordMiddleware(ConnectionDelegate next, ConnectionEvents events, RecordEnd end, TimeProvider time)
{
    public Task OnConnectionAsync(ConnectionContext context)
    {
        var started = time.GetTimestamp();
        var record = ConnectionRecord.Restore(context.Features.GetRequiredFeature<AdoptedSession>().TakeSnapshot(), events);
        var before = time.GetUtcNow() - record.Started;
        context.ConnectionId = record.Facts.Id;
        context.Features.Set(record);
        events.TakenOver(record);
        return end.RunAsync(next, context, record, started, before > TimeSpan.Zero ? before : TimeSpan.Zero);
    }
}
