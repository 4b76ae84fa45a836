using System.Net;
using System.Net.Sockets;

namespace TlsFront.Demo;

/// <summary>
/// Accepts the clients of one demo protocol on an ephemeral loopback port. Plain sockets on purpose: the gateway in front is the thing
/// shown, and this is its "old server".
/// </summary>
internal sealed partial class LineServer : IAsyncDisposable
{
    private const int MaximumConnections = 64;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Func<LineConnection, Task> _session;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _free = new(MaximumConnections);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    /// <param name="session">Talks to one client until it is done.</param>
    /// <param name="patience">How long a client may take for each read or write.</param>
    /// <param name="time">Clock of the deadlines.</param>
    /// <param name="logger">Told of bugs only.</param>
    public LineServer(Func<LineConnection, Task> session, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        _session = session;
        _patience = patience;
        _time = time;
        _logger = logger;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Stops accepting, cuts the sessions and waits until they are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        for (var taken = 0; taken < MaximumConnections; taken++)
        {
            await _free.WaitAsync();
        }

        _free.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var taken = false;
            try
            {
                await _free.WaitAsync(_stopping.Token);
                taken = true;
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                taken = false;
                _ = ServeAsync(socket);
            }
            catch (OperationCanceledException)
            {
                // The stop.
            }
            catch (SocketException)
            {
                // A client that was gone before it was accepted, or no file descriptor left: then trying at once would only burn the processor.
                await Task.Delay(RetryDelay, _time, CancellationToken.None);
            }
            finally
            {
                if (taken)
                {
                    _free.Release();
                }
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await using var connection = new LineConnection(stream, _patience, _time, _stopping.Token);
            await _session(connection);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The client left, was silent too long, or the store stops.
        }
        catch (Exception exception)
        {
            Log.SessionFailed(_logger, exception);
        }
        finally
        {
            _free.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Error, "A session of the demo mail store failed.", EventName = "DemoSessionFailed")]
        public static partial void SessionFailed(ILogger logger, Exception exception);
    }
}
