using System.Buffers;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// A handshake under way. Certificate, versions and suites follow from the ClientHello, which is read before OpenSSL sees it: so every
/// engine decides alike, nothing has to be changed on a connection half made, and a client that says nothing costs no <c>SSL</c>.
/// </summary>
internal sealed class NativeHandshake(NativeConnection connection, ClientSide client, TlsPolicy policy, TlsContextCache contexts) : ILoopWork
{
    private readonly ClientHelloReader _reader = new();
    private ClientHello? _hello;
    private TlsRoute? _route;
    private string? _protocol;
    private bool _begun;
    private bool _queued;
    private bool _done;

    /// <summary>Queues a step unless one is queued.</summary>
    public void Queue()
    {
        if (!_queued && !_done)
        {
            _queued = true;
            connection.Loop.QueueHandshake(this);
        }
    }

    /// <summary>Its deadline passed.</summary>
    public void Stop() => End(new TlsOutcome(null, CloseReason.TlsHandshakeTimeout, "client did not complete the handshake in time"));

    public void RunOnLoop()
    {
        _queued = false;
        if (_done)
        {
            return;
        }

        try
        {
            Step();
        }
        catch (Exception exception)
        {
            // It is this connection's end and no other's; the pipeline logs it.
            _done = true;
            connection.HandshakeFailed(exception);
        }
    }

    private void Step()
    {
        if (!_begun)
        {
            _begun = true;
            client.BeginTls();
        }

        var scratch = connection.Loop.Scratch;
        var length = client.RestoreCipher();
        length += client.Socket.Receive(scratch.CipherIn, length, Math.Min(LoopScratch.RecordBytes, scratch.CipherIn.Length - length));
        if (client.Tls is null && !TryChoose(scratch.CipherIn, length))
        {
            return;
        }

        scratch.Bio.SetInput(length);
        var complete = client.Tls!.TryHandshake(out var error);

        // In TLS 1.3 the last flight is only the session ticket, which may leave with the first data; in 1.2 the client waits for it.
        client.Flush(moreFollows: complete && client.Tls.IsTls13);
        if (complete)
        {
            // What the client sent behind its Finished waits for the session.
            client.SaveCipher(scratch.CipherIn.AsSpan(scratch.Bio.InputOffset, scratch.Bio.InputLeft));
            End(new TlsOutcome(client.Tls.Facts(_hello!.ServerName, _protocol)));
        }
        else if (error != 0)
        {
            Fail(TlsFailure.Describe(error));
        }
        else
        {
            WaitForMore();
        }
    }

    /// <summary>Reads the hello and decides on it; false if it is not complete or was refused.</summary>
    private bool TryChoose(byte[] received, int length)
    {
        switch (_reader.Read(new ReadOnlySequence<byte>(received, 0, length), out _hello, out var refusal))
        {
            case OperationStatus.NeedMoreData:
                client.SaveCipher(received.AsSpan(0, length));
                WaitForMore();
                return false;
            case OperationStatus.InvalidData:
                Refuse(refusal!);
                return false;
        }

        var selection = policy.Select(_hello!);
        _route = selection.Route;
        if (selection.IsRefused)
        {
            Refuse(selection.Refusal);
            return false;
        }

        var protocol = selection.Parameters.ApplicationProtocol;
        _protocol = protocol is not null && _hello!.ApplicationProtocols.Contains(protocol) ? protocol : null;
        client.SetTls(new NativeTls(contexts.Get(selection.Parameters, selection.Certificate, policy.Certificates), connection.Loop.Scratch.Bio, connection.Loop.Objects));
        client.Tls!.Accept();
        return true;
    }

    private void WaitForMore()
    {
        if (client.Socket.Ended)
        {
            Fail(new TlsOutcome(null, CloseReason.TlsClientLeft, client.Socket.Broken ? "client reset the connection during the handshake" : "client left during the handshake"));
        }
        else if (client.Socket.Readable)
        {
            Queue();
        }
    }

    private void Refuse(TlsRefusal refusal)
    {
        if (refusal.Alert is { } alert)
        {
            client.Socket.Send(TlsRefusal.Record(alert));
        }

        Fail(new TlsOutcome(null, refusal.Reason, refusal.Detail));
    }

    private void Fail(TlsOutcome outcome)
    {
        // The alert arrives only if nothing is unread when the socket is closed: the kernel would send a reset instead.
        client.Socket.ShutdownWrite();
        client.Socket.Discard(connection.Loop.Scratch.CipherIn);
        End(outcome);
    }

    private void End(TlsOutcome outcome)
    {
        _done = true;
        connection.HandshakeDone(outcome with { Route = _route });
    }
}
