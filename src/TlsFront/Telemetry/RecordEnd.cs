using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Tells of the end of a connection, whatever happened before: it ended, it failed, or another process goes on with it.</summary>
internal sealed partial class RecordEnd(ConnectionEvents events, TimeProvider time, ILogger<RecordEnd> logger)
{
    /// <summary>Runs the stages behind, and tells how it ended.</summary>
    /// <param name="next">Them.</param>
    /// <param name="context">The connection.</param>
    /// <param name="record">Its record.</param>
    /// <param name="started">Timestamp from which on its time is counted here.</param>
    /// <param name="before">Its time before that, in another process.</param>
    public async Task RunAsync(ConnectionDelegate next, ConnectionContext context, ConnectionRecord record, long started, TimeSpan before)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            record.Close(CloseReason.InternalError);
            Log.Failed(logger, exception, record.Facts.Id);
        }
        finally
        {
            if (record.CloseReason == CloseReason.HandedOver)
            {
                events.HandedOver(record);
            }
            else
            {
                events.Ended(record, before + time.GetElapsedTime(started));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(410, LogLevel.Error, "{Id}: a connection failed unexpectedly", EventName = "ConnectionFailed")]
        public static partial void Failed(ILogger logger, Exception exception, string id);
    }
}
