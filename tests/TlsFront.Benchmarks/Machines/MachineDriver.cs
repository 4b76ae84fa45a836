using System.Net;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Benchmarks.Machines;

/// <summary>The least an engine does for a machine: keeps the bytes it did not take and offers them again.</summary>
internal sealed class MachineDriver : ISessionObserver
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 16, 17, 0, TimeSpan.FromHours(1));
    private readonly EmitBuffer _buffer = new();
    private readonly SessionFacts _facts = new()
    {
        Id = "01J9ZQ7K3M",
        HostName = "mail.example.com",
        Client = new IPEndPoint(IPAddress.Parse("203.0.113.5"), 51000),
        Local = new IPEndPoint(IPAddress.Parse("198.51.100.10"), 465),
        Tls = new TlsFacts(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", null),
    };

    private MailMachine? _machine;

    /// <summary>Bytes the machine sent to the backend since <see cref="Begin"/>.</summary>
    public long SentToBackend { get; private set; }

    /// <summary>Starts a session with a connected backend; its greeting comes next.</summary>
    public void Begin(Func<ISessionObserver, MailMachine> create)
    {
        _machine = create(this);
        SentToBackend = 0;
        Signal(Protocols.Signal.Start);
        Signal(Protocols.Signal.BackendReady);
    }

    /// <summary>Offers bytes of the client, in pieces, until all are taken.</summary>
    /// <param name="bytes">What the client sends.</param>
    /// <param name="piece">Most bytes of one call.</param>
    public void Client(ReadOnlySpan<byte> bytes, int piece) => Offer(bytes, piece, fromClient: true);

    /// <summary>Offers bytes of the backend until all are taken.</summary>
    public void Backend(ReadOnlySpan<byte> bytes) => Offer(bytes, bytes.Length, fromClient: false);

    private void Offer(ReadOnlySpan<byte> bytes, int piece, bool fromClient)
    {
        while (!bytes.IsEmpty)
        {
            _buffer.Clear();
            var input = bytes[..Math.Min(piece, bytes.Length)];
            var emitter = new Emitter(input, _buffer, _facts, Now);
            var step = fromClient ? _machine!.FromClient(input, ref emitter) : _machine!.FromBackend(input, ref emitter);
            SentToBackend += _buffer.ToBackend.TotalLength;
            if (step is { Consumed: 0, Next: not Next.Transparent } or { Next: Next.Close })
            {
                throw new InvalidOperationException(
                    $"The machine stopped with {step} at: {System.Text.Encoding.Latin1.GetString(input[..Math.Min(60, input.Length)])}");
            }

            bytes = step.Next == Next.Transparent ? default : bytes[step.Consumed..];
        }
    }

    private void Signal(Signal signal)
    {
        _buffer.Clear();
        var emitter = new Emitter(default, _buffer, _facts, Now);
        _machine!.On(signal, ref emitter);
    }

    void ISessionObserver.LoginOffered(bool isOffered)
    {
    }

    void ISessionObserver.CredentialsExposed(string? user)
    {
    }

    void ISessionObserver.LoginSucceeded(string? user)
    {
    }

    void ISessionObserver.LoginFailed()
    {
    }

    void ISessionObserver.MessageAccepted()
    {
    }

    void ISessionObserver.MessageRefused()
    {
    }
}
