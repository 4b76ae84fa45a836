using System.Runtime.CompilerServices;
using TlsFront.Tests.Transport.Native.Records;
using TlsFront.Transport;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>What of the engine is nobody's business, but a test's.</summary>
internal static unsafe class NativeInsides
{
    /// <summary>The records of a client of TLS 1.2.</summary>
    public static Tls12Records RecordsOf(IMailTransport transport) => (Tls12Records)ClientOf((NativeConnection)transport).Tls!;

    /// <summary>Both sides' records of TLS 1.2, once an end has the master secret.</summary>
    public static (Tls12Forge Client, Tls12Forge Server) ForgesOf(NativeTls tls, ushort suite)
    {
        var ssl = SslOf(tls);
        var (master, server, client) = (new byte[48], new byte[32], new byte[32]);
        fixed (byte* masterStart = master, serverStart = server, clientStart = client)
        {
            Assert.Equal((nuint)48, OpenSsl.SSL_SESSION_get_master_key(OpenSsl.SSL_get_session(ssl), masterStart, 48));
            Assert.Equal((nuint)32, OpenSsl.SSL_get_server_random(ssl, serverStart, 32));
            Assert.Equal((nuint)32, OpenSsl.SSL_get_client_random(ssl, clientStart, 32));
        }

        return Tls12Forge.FromMaster(suite, master, server, client);
    }

    /// <summary>Records of a side, behind what it protected in the handshake if the version is 1.2.</summary>
    public static IRecordForge ForgeOf(NativeTls tls, ushort suite, bool isClient)
    {
        if (suite >> 8 != 0x13)
        {
            var (client, server) = ForgesOf(tls, suite);
            (client.Sequence, server.Sequence) = (1, 1);
            return isClient ? client : server;
        }

        var secrets = SecretsOf(HandoverOf(tls)!);
        return new RecordForge(suite, (isClient ? secrets.Client : secrets.Server).ToArray());
    }

    /// <summary>Records of our own that go on beside the SSL, of which neither knows.</summary>
    public static RecordLayer? Fork(NativeTls tls, LoopScratch scratch, NativeObjects objects) =>
        HandoverOf(tls)!.Complete(SslOf(tls), scratch.Bio, scratch.Aead, objects);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_records")]
    private static extern ref RecordLayerFactory? HandoverOf(NativeTls tls);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_secrets")]
    private static extern ref TrafficSecrets SecretsOf(RecordLayerFactory handover);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_client")]
    private static extern ref ClientSide ClientOf(NativeConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ssl")]
    private static extern ref nint SslOf(NativeTls tls);
}
