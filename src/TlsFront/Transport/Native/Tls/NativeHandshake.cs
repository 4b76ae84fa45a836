using System.Buffers;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Hello;

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
    private ClientCertificatePolicy? _clients;
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
            connection.Loop.Scratch.Bio.ClearOutput();
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

        if (client.Tls is null && !TryChoose())
        {
            return;
        }

        // A hello with all its records fits, and one record behind it: see ClientHelloReader.
        var scratch = connection.Loop.Scratch;
        var length = client.RestoreCipher();
        length += client.Socket.Receive(scratch.CipherIn, length, Math.Min(LoopScratch.RecordBytes, scratch.CipherIn.Length - length));
        scratch.Bio.SetInput(length);
        var tls = (NativeTls)client.Tls!;
        string? refusal = null;
        var complete = _clients is null
            ? tls.TryHandshake(out var error)
            : ClientVerification.TryHandshake(tls, _clients, out error, out refusal);

        TlsFacts? facts = null;
        if (complete)
        {
            facts = tls.Facts(_hello!, _protocol, _clients);
            client.SetTls(tls.Complete(scratch.Aead));
        }

        // In TLS 1.3 the last flight is only the session ticket, which may leave with the first data; in 1.2 the client waits for it.
        client.Flush(moreFollows: facts is { Version: TlsVersion.Tls13 });
        if (complete)
        {
            // What the client sent behind its Finished waits for the session.
            client.SaveCipher(scratch.Bio.Input);
            End(new TlsOutcome(facts));
        }
        else if (refusal is not null)
        {
            Fail(new TlsOutcome(null, CloseReason.TlsClientCertificate, refusal));
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
    private bool TryChoose()
    {
        var scratch = connection.Loop.Scratch.CipherIn;
        client.SaveCipher(scratch.AsSpan(0, client.Socket.Receive(scratch, 0, LoopScratch.RecordBytes)));
        switch (_reader.Read(new ReadOnlySequence<byte>(client.Cipher), out _hello, out var refusal))
        {
            case OperationStatus.NeedMoreData:
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
        _clients = selection.Parameters.ClientCertificates;
        var context = contexts.Get(selection, policy.Certificates);
        var tls = new NativeTls(context.Handle, connection.Loop.Scratch.Bio, connection.Loop.Objects);
        client.SetTls(tls);
        tls.Accept(context.ScopeOf(_hello!.ServerName));
        return true;
    }

    private void WaitForMore()
    {
        if (client.Socket.Ended)
        {
            var detail = client.Socket.Broken ? "client reset the connection during the handshake" : "client left during the handshake";
            Fail(new TlsOutcome(null, CloseReason.TlsClientLeft, detail));
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

        Fail(refusal.Outcome);
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
