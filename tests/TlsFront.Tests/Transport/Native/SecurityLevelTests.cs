using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using TlsFront.Connections;
using TlsFront.Tests.Tls;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Hello;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>OpenSSL's security level: what serves clients of before 2010 where a policy asks for it, and refuses them where none does.</summary>
[SupportedOSPlatform("linux")]
public sealed class SecurityLevelTests : IDisposable
{
    private static readonly ClientHello NoHello = new() { LegacyVersion = 0x0303, MaximumVersion = null, CipherSuites = [] };

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(null, false)]
    public async Task TLS_1_0_is_spoken_at_level_0_and_not_at_the_librarys_own(int? level, bool isServed)
    {
        var objects = new NativeObjects();
        using (var keys = new TicketKeys(null, TimeProvider.System))
        using (var context = new SslContext(Parameters(level), Rsa(), acknowledgesName: false, keys, objects))
        using (var scratch = new LoopScratch(64 * 1024, objects))
        using (var tls = new NativeTls(context.Handle, scratch.Bio, objects))
        {
            tls.Accept(context.ScopeOf(null));
            var (client, outcome) = await HandshakeAsync(tls, scratch);
            Assert.Equal(isServed ? CloseReason.None : CloseReason.TlsHandshakeFailed, outcome.Failure);
            Assert.Equal(isServed ? TlsVersion.Tls10 : null, outcome.Facts?.Version);
            Assert.Equal(isServed, client == 1);
        }

        Assert.Equal((0, 0, 0, 0, 0), objects.Live);
    }

    private LoadedCertificate Rsa() => _folder.Store(TestAuthority.Shared.Rsa("mail.example.com")).Current.All[0];

    private static TlsParameters Parameters(int? level) => new()
    {
        MinimumVersion = TlsVersion.Tls10,
        // Up to TLS 1.2 the library's own: the suites of the profiles are all younger than TLS 1.0.
        CipherSuites = [TlsCipherSuite.TLS_AES_128_GCM_SHA256],
        ApplicationProtocol = null,
        SecurityLevel = level,
    };

    /// <summary>A handshake with a client that speaks TLS 1.0 only: the client's result and the server's.</summary>
    private static async Task<(int Client, TlsOutcome Outcome)> HandshakeAsync(NativeTls tls, LoopScratch scratch)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new OpenSslClient(
            (IPEndPoint)listener.LocalEndPoint!, minimumVersion: (int)TlsVersion.Tls10, maximumVersion: (int)TlsVersion.Tls10, securityLevel: 0);
        var handshake = client.HandshakeAsync();
        using var server = await listener.AcceptAsync().WaitAsync(NativeGateway.Patience);
        server.ReceiveTimeout = (int)NativeGateway.Patience.TotalMilliseconds;
        bool isComplete;
        ulong error;
        while (!(isComplete = tls.TryHandshake(out error)) && error == 0)
        {
            server.Send(scratch.Bio.Output);
            scratch.Bio.ClearOutput();
            var received = server.Receive(scratch.CipherIn);
            Assert.NotEqual(0, received);
            scratch.Bio.SetInput(received);
        }

        server.Send(scratch.Bio.Output);
        server.Shutdown(SocketShutdown.Send);
        var outcome = isComplete ? new TlsOutcome(tls.Facts(NoHello, null, null)) : TlsFailure.Describe(error);
        return (await handshake.WaitAsync(NativeGateway.Patience), outcome);
    }
}
