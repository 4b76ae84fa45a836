using TlsFront.Configuration;
using TlsFront.Tls;
using TlsFront.Transport.Managed;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport;

/// <summary>Rehearses handshakes with the engine that <see cref="EngineSelection"/> would choose.</summary>
internal static class HandshakeRehearsals
{
    public static IHandshakeRehearsal Create(EngineChoice choice, NativeSettings settings, TimeProvider time) =>
        !choice.IsManaged() && OpenSslLibrary.TryLoad(settings.OpenSsl, out _) ? new NativeRehearsal(time) : new ManagedRehearsal();
}
