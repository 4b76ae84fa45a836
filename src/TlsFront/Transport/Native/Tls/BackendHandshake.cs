using System.Net;
using System.Security.Authentication;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// The handshake with a backend, in a loop of its own choice: it ends before the session begins, which may be in another one. What is left of it
/// is an <c>SSL</c> and the ciphertext behind its Finished, such as a greeting.
/// </summary>
internal sealed class BackendHandshake(
    NativeSocket socket, EventLoop loop, BackendTlsParameters parameters, SslContextHandle context) : ISocketOwner, ILoopWork, IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NativeTls? _tls;
    private byte[] _cipher = [];
    private bool _queued;
    private volatile bool _cancelled;

    /// <summary>Runs it; the socket belongs to no loop afterwards.</summary>
    /// <exception cref="AuthenticationException">It failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set first.</exception>
    public async ValueTask<(NativeTls Tls, byte[] Cipher)> RunAsync(CancellationToken stop)
    {
        loop.Post(this);
        await using var registration = stop.UnsafeRegister(static state => ((BackendHandshake)state!).Cancel(), this);
        await _ended.Task;
        var tls = _tls!;
        _tls = null;
        return (tls, _cipher);
    }

    /// <summary>Frees what nobody took, once it ended.</summary>
    public void Dispose() => _tls?.Dispose();

    void ISocketOwner.OnSocketReady()
    {
        if (!_queued)
        {
            _queued = true;
            loop.QueueHandshake(this);
        }
    }

    public void RunOnLoop()
    {
        _queued = false;
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        try
        {
            if (_cancelled)
            {
                Fail(new OperationCanceledException("The handshake with the backend was given up."));
                return;
            }

            Step();
        }
        catch (Exception exception)
        {
            loop.Scratch.BackendBio.ClearOutput();
            Fail(exception);
        }
    }

    private void Step()
    {
        if (_tls is null)
        {
            Begin();
        }

        var scratch = loop.Scratch;
        var bio = scratch.BackendBio;
        while (true)
        {
            _cipher.CopyTo(scratch.CipherIn, 0);
            var received = socket.Receive(
                scratch.CipherIn, _cipher.Length, Math.Min(LoopScratch.RecordBytes, scratch.CipherIn.Length - _cipher.Length));
            bio.SetInput(_cipher.Length + received);
            var complete = _tls!.TryHandshake(out var error);
            socket.Send(bio.Output);
            bio.ClearOutput();
            _cipher = scratch.CipherIn.AsSpan(bio.InputOffset, bio.InputLeft).ToArray();
            if (complete)
            {
                socket.Release();
                _ended.TrySetResult();
                return;
            }

            if (error != 0)
            {
                throw _tls.DescribeFailure(error);
            }

            if (socket.Ended)
            {
                throw new AuthenticationException("TLS with it failed: it ended the connection in the handshake");
            }

            if (!socket.Readable)
            {
                return;
            }
        }
    }

    private void Begin()
    {
        _tls = new NativeTls(context, loop.Scratch.BackendBio, loop.Objects);
        _tls.Connect(parameters.ServerName, IPAddress.TryParse(parameters.ServerName, out _));
        socket.Attach(loop, this);
    }

    private void Cancel()
    {
        _cancelled = true;
        loop.Post(this);
    }

    private void Fail(Exception exception)
    {
        if (socket.Loop is not null)
        {
            socket.Release();
        }

        _ended.TrySetException(exception);
    }
}
