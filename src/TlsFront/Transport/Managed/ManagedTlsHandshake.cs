using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Terminates TLS with <see cref="SslStream"/>. The ClientHello is peeked first, because SslStream would show too little of it to choose a
/// certificate by and would close without an alert where the policy refuses.
/// </summary>
internal static class ManagedTlsHandshake
{
    /// <summary>
    /// Runs the handshake on <paramref name="transport"/> under <paramref name="policy"/> until <paramref name="stop"/>, the deadline. No expected
    /// end is an exception. After a refusal the alert has been sent and nothing was read; the caller closes.
    /// </summary>
    public static async ValueTask<Result> AuthenticateAsync(IDuplexPipe transport, TlsPolicy policy, CancellationToken stop)
    {
        TlsRoute? route = null;
        try
        {
            var (hello, failure) = await PeekHelloAsync(transport.Input, stop);
            if (hello is null)
            {
                return await EndAsync(transport.Output, failure!, stop);
            }

            var selection = policy.Select(hello);
            route = selection.Route;
            var result = selection.IsRefused
                ? await EndAsync(transport.Output, selection.Refusal, stop)
                : await HandshakeAsync(transport, hello, selection, stop);
            return result with { Outcome = result.Outcome with { Route = route } };
        }
        catch (Exception exception) when (HandshakeFailure.Classify(exception, stop) is { } failure)
        {
            return new(failure with { Route = route });
        }
    }

    /// <summary>Waits for the whole hello and leaves it, and whatever follows, unread.</summary>
    private static async ValueTask<(ClientHello? Hello, TlsRefusal? Failure)> PeekHelloAsync(PipeReader input, CancellationToken stop)
    {
        var reader = new ClientHelloReader();
        while (true)
        {
            var result = await input.ReadAsync(stop);
            var buffer = result.Buffer;
            var status = reader.Read(buffer, out var hello, out var refusal);
            if (status == OperationStatus.NeedMoreData && !result.IsCompleted)
            {
                // Examined to the end: the next read waits for more.
                input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            // Examined nothing: the next read, SslStream's, returns at once.
            var empty = buffer.IsEmpty;
            input.AdvanceTo(buffer.Start, buffer.Start);
            return status switch
            {
                OperationStatus.Done => (hello, null),
                OperationStatus.InvalidData => (null, refusal),
                _ => (null, new(
                    CloseReason.TlsClientLeft, null,
                    empty ? "client closed the connection without a byte" : "client closed the connection within its hello")),
            };
        }
    }

    private static async ValueTask<Result> EndAsync(PipeWriter output, TlsRefusal refusal, CancellationToken stop)
    {
        if (refusal.Alert is { } alert)
        {
            await output.WriteAsync(TlsRefusal.Record(alert), stop);
        }

        return new(refusal.Outcome);
    }

    private static async ValueTask<Result> HandshakeAsync(
        IDuplexPipe transport, ClientHello hello, TlsSelection selection, CancellationToken stop)
    {
        var clients = selection.Parameters!.ClientCertificates;
        var check = clients is null ? null : new ManagedClientCertificateCheck(clients);
        var options = check is null
            ? ManagedTlsOptions.For(selection.Certificate!, selection.Parameters, hello)
            : ManagedTlsOptions.For(selection.Certificate!, selection.Parameters, hello, check);
        var inner = new DuplexPipeStream(transport);
        var stream = new SslStream(inner, leaveInnerStreamOpen: true);
        try
        {
            await stream.AuthenticateAsServerAsync(options, stop);
        }
        catch (AuthenticationException) when (check?.Refusal is { } refusal)
        {
            await stream.DisposeAsync();
            return new(new TlsOutcome(null, CloseReason.TlsClientCertificate, refusal));
        }
        catch (Exception exception) when (HandshakeFailure.IsOfRecords(exception))
        {
            // SslStream itself refuses what is no record, before OpenSSL sees it, and then sends no alert.
            await stream.DisposeAsync();
            TlsAlert? alert = inner.IsPlain ? TlsAlert.UnexpectedMessage : null;
            var refusal = new TlsRefusal(CloseReason.TlsHandshakeFailed, alert, "client stopped speaking TLS in the middle of the handshake");
            return await EndAsync(transport.Output, refusal, stop);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        var version = stream.SslProtocol == SslProtocols.Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12;
        var protocol = stream.NegotiatedApplicationProtocol.ToString();
        var facts = new TlsFacts(version, stream.NegotiatedCipherSuite.ToString(), hello.ServerName, protocol.Length == 0 ? null : protocol)
        {
            Ja4 = Ja4.Of(hello),
            Offer = HelloOffer.Of(hello),
            ClientCertificate = stream.RemoteCertificate is X509Certificate2 client ? clients?.Identify(client) : null,

            // See ManagedTlsOptions.
            Resumed = false,
        };
        return new(new TlsOutcome(facts), stream);
    }

    /// <summary>What <see cref="ManagedTlsHandshake"/> ends with.</summary>
    /// <param name="Outcome">Facts, or the reason there are none.</param>
    /// <param name="Stream">The plaintext side, to be disposed by the caller; null on failure. Disposing it leaves the transport open.</param>
    internal readonly record struct Result(TlsOutcome Outcome, SslStream? Stream = null);
}
