using System.Diagnostics;
using System.Security.Authentication;

namespace TlsFront.SystemTests.Faults;

/// <summary>A client that stays logged in and at work, and comes again whenever it is cut off.</summary>
internal abstract class Client(FaultyService service, TimeSpan pace)
{
    private int _done;

    /// <summary>Where it is logged in now; null while it is nowhere.</summary>
    public Server? Server { get; private set; }

    /// <summary>Things it did so far.</summary>
    public int Done => Volatile.Read(ref _done);

    protected abstract int Port { get; }

    protected abstract IReadOnlyList<Server> Servers { get; }

    /// <summary>What a greeting begins with.</summary>
    protected abstract string Welcome { get; }

    /// <summary>Works until it is told to finish, then says goodbye.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await SessionAsync(end);
        }
    }

    /// <summary>Logs in.</summary>
    protected abstract Task LogInAsync(MailClient client);

    /// <summary>Does something.</summary>
    protected abstract Task WorkAsync(MailClient client);

    /// <summary>Says goodbye.</summary>
    protected abstract Task LeaveAsync(MailClient client);

    /// <summary>What the server said must begin like this, or the session is of no use any more.</summary>
    protected static void Expect(string start, string line)
    {
        if (!line.StartsWith(start, StringComparison.Ordinal))
        {
            throw new IOException($"'{line}' where {start} was expected");
        }
    }

    private async Task SessionAsync(CancellationToken end)
    {
        var faults = Servers.ToDictionary(server => server, server => server.Faults);
        Server? server = null;
        var entered = false;
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var client = await MailClient.ConnectAsync(service.Gateway, Port);
            var greeting = await client.LineAsync();
            service.Experience.Greet(Stopwatch.GetElapsedTime(started));
            Expect(Welcome, greeting);
            server = Servers.Single(candidate => greeting.Contains(candidate.Name, StringComparison.Ordinal));
            await LogInAsync(client);
            server.Enter();
            entered = true;
            Server = server;
            service.Experience.Open();
            while (!end.IsCancellationRequested)
            {
                await WorkAsync(client);
                Interlocked.Increment(ref _done);
                await Task.Delay(pace, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await LeaveAsync(client);
        }
        catch (Exception exception) when (
            exception is IOException or AuthenticationException or System.Net.Sockets.SocketException or TimeoutException)
        {
            if (server is null)
            {
                service.Experience.Refuse(exception.Message);
            }
            else
            {
                service.Experience.End(server.Faults > faults[server], $"{server.Name}: {exception.Message}");
            }
        }
        finally
        {
            if (entered)
            {
                Server = null;
                server!.Leave();
            }
        }
    }
}
