using System.Buffers;
using System.Net;
using System.Net.Sockets;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.StartTls;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Compatibility;

/// <summary>Waits on a port for a client and takes its ClientHello. The client gets an alert: nothing is served here.</summary>
/// <param name="from">Whose connections are taken; null for everybody's.</param>
/// <param name="startTls">What is spoken before TLS; null where TLS comes first.</param>
/// <param name="time">Clock and timers.</param>
/// <param name="report">Told of connections that brought no hello, a line each.</param>
internal sealed class HelloCapture(IPNetwork? from, ProtocolProfile? startTls, TimeProvider time, Action<string> report)
{
    /// <summary>Longest time for one connection, so that one that says nothing does not keep the port from the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The records of the first hello that arrives at <paramref name="listener"/>.</summary>
    /// <exception cref="OperationCanceledException">None did until <paramref name="stop"/>.</exception>
    public async Task<HelloRecords> WaitAsync(Socket listener, CancellationToken stop)
    {
        while (true)
        {
            using var socket = await listener.AcceptAsync(stop);
            var client = (IPEndPoint)socket.RemoteEndPoint!;
            var address = client.Address.IsIPv4MappedToIPv6 ? client.Address.MapToIPv4() : client.Address;
            if (from is { } network && !network.Contains(address))
            {
                report($"{address}: not of {network}, closed");
                continue;
            }

            using var deadline = new CancellationTokenSource(Patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
            try
            {
                var (records, problem) = await new Visit(socket, client, startTls, time).ReadAsync(both.Token);
                if (records is not null)
                {
                    return records;
                }

                report($"{address}: {problem}");
            }
            catch (SocketException exception)
            {
                report($"{address}: {exception.Message}");
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                report($"{address}: no hello within {Patience.TotalSeconds} s");
            }
        }
    }

    /// <summary>One connection.</summary>
    private sealed class Visit(Socket socket, IPEndPoint client, ProtocolProfile? startTls, TimeProvider time) : IConnectionEvents
    {
        private readonly EmitBuffer _emitted = new();
        private byte[] _buffer = new byte[4096];
        private int _start;
        private int _end;

        /// <summary>What was received and not consumed. Whoever reads it bounds it: the machine and the reader of hellos.</summary>
        private ReadOnlyMemory<byte> Received => _buffer.AsMemory(_start.._end);

        public async Task<(HelloRecords? Records, string? Problem)> ReadAsync(CancellationToken stop)
        {
            if (startTls is not null && await BeginTlsAsync(startTls, stop) is { } problem)
            {
                return (null, problem);
            }

            var reader = new ClientHelloReader();
            while (true)
            {
                switch (reader.Read(new(Received), out _, out var refusal))
                {
                    case OperationStatus.Done:
                        var isRead = HelloRecords.TryRead(Received[..reader.Consumed], out var records, out var why);
                        try
                        {
                            // What clients take for trouble of the moment: none of them remembers it, or tries an older version for it.
                            await EndAsync(TlsAlert.InternalError, stop);
                        }
                        catch (SocketException)
                        {
                            // It left; its hello is here.
                        }

                        return isRead ? (records, null) : (null, why);
                    case OperationStatus.InvalidData:
                        await EndAsync(refusal!.Alert, stop);
                        return (null, refusal.Detail);
                }

                if (!await ReceiveAsync(stop))
                {
                    return (null, Received.IsEmpty ? "left without a byte" : "left within its hello");
                }
            }
        }

        /// <summary>Plays the gateway until the client may begin TLS; why it may not, or null.</summary>
        private async Task<string?> BeginTlsAsync(ProtocolProfile profile, CancellationToken stop)
        {
            var facts = new SessionFacts { Id = "capture", HostName = "localhost", Client = client, Local = (IPEndPoint)socket.LocalEndPoint! };
            var observer = new ConnectionRecord(facts, "capture", profile.Name, this);
            var machine = new StartTlsMachine(
                profile.CreatePlaintext(offersTls: true), profile.CreateMachine(new SessionRules(), observer, isGreeted: true), observer);
            var step = await SayAsync(Start(machine, facts), stop);
            while (true)
            {
                _start += step.Consumed;
                switch (step.Next)
                {
                    case Next.Secure:
                        return null;
                    case Next.Close:
                        return $"ended before TLS: {step.Reason.Words()}";
                }

                if ((Received.IsEmpty || step.Consumed == 0) && !await ReceiveAsync(stop))
                {
                    return "left before TLS";
                }

                step = await SayAsync(Offer(machine, facts), stop);
            }
        }

        private Step Start(StartTlsMachine machine, SessionFacts facts)
        {
            _emitted.Clear();
            var emitter = new Emitter(default, _emitted, facts, time.GetUtcNow());
            return machine.On(Signal.Start, ref emitter);
        }

        private Step Offer(StartTlsMachine machine, SessionFacts facts)
        {
            _emitted.Clear();
            var emitter = new Emitter(Received.Span, _emitted, facts, time.GetUtcNow());
            return machine.FromClient(Received.Span, ref emitter);
        }

        private async Task<Step> SayAsync(Step step, CancellationToken stop)
        {
            for (var i = 0; i < _emitted.ToClient.Count; i++)
            {
                await SendAsync(_emitted.ToClient.Get(i, Received.Span, _emitted).ToArray(), stop);
            }

            return step;
        }

        private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, stop)..];
            }
        }

        /// <summary>Receives more; false if the client left.</summary>
        private async Task<bool> ReceiveAsync(CancellationToken stop)
        {
            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            }

            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), stop);
            _end += count;
            return count > 0;
        }

        private async Task EndAsync(TlsAlert? alert, CancellationToken stop)
        {
            if (alert is { } reason)
            {
                await SendAsync(TlsRefusal.Record(reason), stop);
            }

            socket.Shutdown(SocketShutdown.Send);
        }
    }
}
