using System.Net.Sockets;
using System.Text.Json;
using TlsFront.Handover;

namespace TlsFront.Listeners.Upgrade;

/// <summary>The process that is to replace this one, from its start to the moment it is ready.</summary>
internal sealed class Successor : IDisposable
{
    private readonly ISuccessorProcess _process;

    private Successor(ISuccessorProcess process, HandoverChannel channel, SuccessorHello greeting) =>
        (_process, Channel, SuccessorHello) = (process, channel, greeting);

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The channel to it.</summary>
    public HandoverChannel Channel { get; }

    /// <summary>Whether it did not end.</summary>
    public bool IsRunning => !_process.Exited.IsCompleted;

    /// <summary>What it said first.</summary>
    public SuccessorHello SuccessorHello { get; }

    /// <summary>Starts it, and waits until it introduces itself.</summary>
    /// <param name="launcher">Starts it.</param>
    /// <param name="patience">How long that may take, and later each step.</param>
    /// <exception cref="HandoverException">It does not start, or does not come.</exception>
    public static async Task<Successor> StartAsync(ISuccessorLauncher launcher, TimeSpan patience)
    {
        // A folder of its own, which nobody else may enter.
        var folder = Directory.CreateTempSubdirectory("tlsfront-");
        try
        {
            var path = Path.Combine(folder.FullName, "handover");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            var process = launcher.Launch(path);
            try
            {
                var socket = await AcceptAsync(listener, process, patience);
                return await Task.Run(() => Meet(process, socket, patience));
            }
            catch
            {
                process.Kill();
                process.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or ArgumentException)
        {
            throw new HandoverException($"cannot listen in {folder.FullName}: {exception.Message}", exception);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Ends it at once. Any thread.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends it: this process goes on.</summary>
    public void Reject(string reason)
    {
        try
        {
            Channel.Send(MessageKind.Failed, reason);
        }
        catch (HandoverException)
        {
            // It is gone, or hangs.
        }

        _process.Kill();
    }

    /// <summary>How it ended, for a message; empty while it runs.</summary>
    public async Task<string> DescribeExitAsync()
    {
        // The channel tells of an end a moment before the kernel does.
        await Task.WhenAny(_process.Exited, Task.Delay(TimeSpan.FromSeconds(1)));
        return DescribeExit(_process);
    }

    public void Dispose()
    {
        Channel.Dispose();
        _process.Dispose();
    }

    private static string DescribeExit(ISuccessorProcess process) =>
        process.Exited.IsCompletedSuccessfully ? $" (process {process.Id} ended with code {process.Exited.Result}; its own messages say more)" : "";

    private static async Task<Socket> AcceptAsync(Socket listener, ISuccessorProcess process, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            var accepting = listener.AcceptAsync(deadline.Token).AsTask();
            if (await Task.WhenAny(accepting, process.Exited) != accepting)
            {
                throw new HandoverException($"the new process did not start{DescribeExit(process)}");
            }

            Socket socket;
            try
            {
                socket = await accepting;
            }
            catch (OperationCanceledException)
            {
                throw new HandoverException(
                    $"the new process, {process.Id}, did not come forward within {patience.TotalSeconds:0} s (upgrade.timeout)");
            }

            // Only the process that was started, and not another one of the same user.
            if (PeerCredentials.ProcessIdOf(socket) == process.Id)
            {
                return socket;
            }

            socket.Dispose();
        }
    }

    private static Successor Meet(ISuccessorProcess process, Socket socket, TimeSpan patience)
    {
        // What was accepted by a wait is made for waits.
        socket.Blocking = true;
        var channel = new HandoverChannel(socket, patience);
        try
        {
            using var hello = channel.Expect(MessageKind.Hello);
            var greeting = JsonSerializer.Deserialize(hello.Payload, UpgradeJson.Default.SuccessorHello)
                ?? throw new HandoverException("the new process said nothing in its greeting");
            return new Successor(process, channel, greeting);
        }
        catch (JsonException exception)
        {
            channel.Dispose();
            throw new HandoverException($"the greeting of the new process cannot be read: {exception.Message}", exception);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }
}
