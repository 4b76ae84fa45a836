using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Managed;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport;

/// <summary>Makes the engine that was chosen.</summary>
internal static partial class EngineSelection
{
    /// <summary>
    /// The engine for <paramref name="choice"/>. Where the native one cannot run the managed one takes over;
    /// unless that is no surprise, a warning says why.
    /// </summary>
    public static TransportEngine Create(
        EngineChoice choice, NativeSettings settings, TicketKeyStore? ticketKeys, IMemoryPoolFactory<byte> pools, TimeProvider time,
        ILoggerFactory loggers)
    {
        if (choice != EngineChoice.Managed)
        {
            if (NativeEngine.TryCreate(settings, ticketKeys, time, loggers, out var native, out var obstacle))
            {
                if (!KeyScheduleProvider.IsInUse)
                {
                    Log.KeysUnknown(loggers.CreateLogger<TransportEngine>());
                }

                return native.Transport;
            }

            if (choice == EngineChoice.Native || OperatingSystem.IsLinux())
            {
                Log.FellBack(loggers.CreateLogger<TransportEngine>(), obstacle);
            }
        }

        return ManagedEngine.Create(pools, loggers);
    }

    private static partial class Log
    {
        [LoggerMessage(
            711, LogLevel.Warning,
            "OpenSSL derives the keys of TLS 1.3 itself, as under a FIPS policy: sessions take 14 KB more, and no upgrade can move them",
            EventName = "KeysUnknown")]
        public static partial void KeysUnknown(ILogger logger);

        [LoggerMessage(710, LogLevel.Warning, "The managed engine takes over: {Obstacle}", EventName = "EngineFellBack")]
        public static partial void FellBack(ILogger logger, string obstacle);
    }
}
