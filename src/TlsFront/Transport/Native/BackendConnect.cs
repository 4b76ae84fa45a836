using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TlsFront.Connections;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native;

/// <summary>One attempt to connect one address. It starts on the calling thread and waits, if it must, in a loop.</summary>
internal sealed class BackendConnect(EndPoint endpoint, EventLoop loop) : LoopHandle, ILoopWork
{
    private readonly TaskCompletionSource<int> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _cancelled;

    /// <summary>A connected, non-blocking descriptor, owned by the caller.</summary>
    /// <exception cref="SocketException">The address cannot be connected.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set first.</exception>
    public async ValueTask<int> ConnectAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Open();
        var error = Begin();
        if (error == Linux.InProgress)
        {
            // On a near network it is done already, and asking costs less than two ways to the loop.
            error = Poll();
        }

        if (error != Linux.InProgress)
        {
            return Finish(error);
        }

        loop.Post(this);
        await using var registration = stop.UnsafeRegister(static state => ((BackendConnect)state!).Cancel(), this);
        error = await _connected.Task;
        if (_cancelled && error != 0)
        {
            _ = Libc.Close(Descriptor);
            throw new OperationCanceledException(stop);
        }

        return Finish(error);
    }

    /// <summary>Starts to wait, or stops.</summary>
    public void RunOnLoop()
    {
        if (_cancelled)
        {
            Complete(Linux.InProgress);
        }
        else if (!loop.Watch(this, Linux.EventOut | Linux.EventEdgeTriggered))
        {
            _connected.TrySetResult(Marshal.GetLastPInvokeError());
        }
    }

    public override void OnEvents(uint events)
    {
        if (Poll() is var error and not Linux.InProgress)
        {
            Complete(error);
        }
    }

    private void Cancel()
    {
        _cancelled = true;
        loop.Post(this);
    }

    private void Complete(int error)
    {
        if (_connected.TrySetResult(error))
        {
            loop.Unwatch(this);
        }
    }

    private void Open()
    {
        var family = endpoint.AddressFamily switch
        {
            AddressFamily.Unix => 1,
            AddressFamily.InterNetworkV6 => 10,
            _ => 2,
        };
        Descriptor = Libc.Socket(family, Linux.SocketStream | Linux.SocketFlags, 0);
        if (Descriptor < 0)
        {
            throw Failure(Marshal.GetLastPInvokeError());
        }

        if (endpoint is IPEndPoint address)
        {
            SetOptions(isNear: IPAddress.IsLoopback(address.Address));
        }

        if (endpoint is OutboundEndPoint outbound)
        {
            Bind(outbound.Source);
        }
    }

    /// <summary>The port is left to the connect, which may share it among destinations; chosen here, it would be taken for all of them.</summary>
    private unsafe void Bind(IPAddress source)
    {
        Set(Linux.LevelIp, Linux.OptionBindAddressNoPort, 1);
        var address = new IPEndPoint(source, 0).Serialize();
        fixed (byte* start = address.Buffer.Span)
        {
            // Safe: the kernel copies.
            if (Libc.Bind(Descriptor, start, address.Size) != 0)
            {
                Finish(Marshal.GetLastPInvokeError());
            }
        }
    }

    private void SetOptions(bool isNear)
    {
        Set(Linux.LevelTcp, Linux.OptionNoDelay, 1);
        if (isNear)
        {
            // The same kernel is the peer: it cannot vanish unnoticed, and each option is a system call.
            return;
        }

        var settings = loop.Settings;
        Set(Linux.LevelSocket, Linux.OptionKeepAlive, 1);
        Set(Linux.LevelTcp, Linux.OptionKeepIdle, (int)settings.KeepAlive.TotalSeconds);
        Set(Linux.LevelTcp, Linux.OptionUserTimeout, (int)settings.UserTimeout.TotalMilliseconds);
    }

    private unsafe void Set(int level, int option, int value) =>
        // Safe: the kernel copies.
        _ = Libc.SetOption(Descriptor, level, option, &value, sizeof(int));

    private unsafe int Begin()
    {
        var address = endpoint.Serialize();
        fixed (byte* start = address.Buffer.Span)
        {
            // Safe: the kernel copies.
            return Libc.Connect(Descriptor, start, address.Size) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>0 once connected, the kernel's reason if that failed, <see cref="Linux.InProgress"/> while it is open.</summary>
    private unsafe int Poll()
    {
        // struct pollfd: descriptor, events asked for (POLLOUT), events returned. Safe: written within its eight bytes.
        var entry = stackalloc short[4];
        *(int*)entry = Descriptor;
        entry[2] = (short)Linux.EventOut;
        if (Libc.Poll(entry, 1, 0) <= 0)
        {
            return Linux.InProgress;
        }

        return entry[3] == (short)Linux.EventOut ? 0 : Reason();
    }

    private unsafe int Reason()
    {
        // Safe: the kernel writes one int.
        int error;
        var length = sizeof(int);
        return Libc.GetOption(Descriptor, Linux.LevelSocket, Linux.OptionError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    private int Finish(int error)
    {
        if (error == 0)
        {
            return Descriptor;
        }

        _ = Libc.Close(Descriptor);
        throw Failure(error);
    }

    private static SocketException Failure(int error) => new((int)ToSocketError(error));

    /// <summary>The kernel's number in the words of <see cref="SocketException"/>, as far as anyone tells them apart.</summary>
    private static SocketError ToSocketError(int error) => error switch
    {
        2 or 111 => SocketError.ConnectionRefused, // ENOENT (no such Unix socket), ECONNREFUSED
        13 => SocketError.AccessDenied,
        23 or 24 => SocketError.TooManyOpenSockets,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        101 => SocketError.NetworkUnreachable,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
