using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>A TLS handshake with one of the gateway's own listeners, over the network as a client does it, to see what is presented.</summary>
internal sealed class SelfHandshake(OwnConnections own, SettingsStore settings, TimeProvider time)
{
    /// <summary>Does a handshake with the listener bound to <paramref name="bound"/>, within <c>timeouts.handshake</c>.</summary>
    public async Task<HandshakeResult> RunAsync(IPEndPoint bound, CheckingClient client, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(settings.Current.Timeouts.Handshake, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            var target = Reachable(bound);
            using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(target.Address, 0));
            using var expectation = own.Expect((IPEndPoint)socket.LocalEndPoint!);
            await socket.ConnectAsync(target, both.Token);
            return await SecureAsync(socket, client, both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A listener that has no room, or a machine that is too busy. If clients get no handshake either, their figures tell.
            return HandshakeResult.Skipped;
        }
        catch (SocketException exception)
        {
            return IsShortage(exception.SocketErrorCode) ? HandshakeResult.Skipped : new(null, $"nobody can connect to {bound}: {exception.Message}");
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return new(null, $"the handshake on {bound} failed: {(exception.InnerException ?? exception).Message}");
        }
    }

    private static async Task<HandshakeResult> SecureAsync(Socket socket, CheckingClient client, CancellationToken stop)
    {
        PresentedChain? presented = null;
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = client.ServerName ?? "",
                EnabledSslProtocols = client.VerifiesRsaOnly ? SslProtocols.Tls12 : SslProtocols.None,
#pragma warning disable CA1416 // asked for on Linux alone
                CipherSuitesPolicy = client.CipherSuites is { } suites ? new CipherSuitesPolicy(suites) : null,
#pragma warning restore CA1416

                // A resumed session presents nothing: the certificate would be that of the session's first handshake.
                AllowTlsResume = false,

                // Whether anybody trusts it is not the question, and nothing is to be fetched for the answer.
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    presented = certificate is X509Certificate2 leaf ? PresentedChain.Of(leaf, chain?.ChainPolicy.ExtraStore ?? []) : null;
                    return presented is not null;
                },
            },
            stop);
        return new(presented, null);
    }

    /// <summary>Where a listener on all addresses is reached from here: those on all of IPv6 are on all of IPv4 too.</summary>
    private static IPEndPoint Reachable(IPEndPoint bound) =>
        bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, bound.Port) : bound;

    private static bool IsShortage(SocketError error) => error is
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable
            or SocketError.TimedOut;
}
