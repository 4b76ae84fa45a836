using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>Makes a record layer out of what <see cref="IRecordLayer.TryExport"/> wrote, in another process perhaps.</summary>
internal static class RecordImport
{
    /// <summary>Goes on with it.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public static RecordLayer Import(ref StateReader state, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        // Compared as they came: a cast would drop the upper octets and take one thing for another.
        var version = state.ReadInt32();
        var isServer = state.ReadBoolean();
        var number = state.ReadInt32();
        var suite = AeadSuite.Find((ushort)number) is { } found && found.Number == number
            ? found
            : throw new HandoverException($"OpenSSL has no cipher suite 0x{number:x4} here");
        RecordLayer records = version switch
        {
            (int)TlsVersion.Tls13 => Import13(ref state, isServer, suite, bio, contexts, objects),
            (int)TlsVersion.Tls12 => Import12(ref state, isServer, suite, bio, contexts, objects),
            _ => throw new HandoverException($"the state of a session is of TLS 0x{version:x4}"),
        };
        try
        {
            records.Import(ref state);
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    private static Tls13Records Import13(
        ref StateReader state, bool isServer, AeadSuite suite, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        var reading = Tls13Protection.Import(ref state, suite, isForSealing: false, contexts);
        try
        {
            return new Tls13Records(isServer, reading, Tls13Protection.Import(ref state, suite, isForSealing: true, contexts), bio, objects);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
        finally
        {
            Hmac.Wipe();
        }
    }

    private static Tls12Records Import12(
        ref StateReader state, bool isServer, AeadSuite suite, ScratchBio bio, AeadContexts contexts, NativeObjects objects)
    {
        var reading = Tls12Protection.Import(ref state, suite, isForSealing: false, contexts);
        try
        {
            return new Tls12Records(isServer, reading, Tls12Protection.Import(ref state, suite, isForSealing: true, contexts), bio, objects);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }
}
