using System.Net;
using System.Text;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

/// <summary>
/// A third engine, without sockets: it keeps the unconsumed bytes, calls the machine by the rules of <see cref="MailMachine"/>, and
/// checks what the machine owes every engine (bounds, nothing after the end) in each call.
/// </summary>
internal sealed class MachineHarness : ISessionObserver
{
    private readonly EmitBuffer _buffer = new();
    private readonly List<byte> _toClient = [];
    private readonly List<byte> _toBackend = [];
    private readonly List<Signal> _signals = [];
    private ReadOnlyMemory<byte> _clientCarry;
    private ReadOnlyMemory<byte> _backendCarry;
    private bool _clientHeld;
    private bool _backendHeld;
    private bool _clientWantsMore;
    private bool _backendWantsMore;
    private bool _clientEnded;
    private bool _backendEnded;
    private bool _connectPending;
    private MailMachine _machine;

    public MachineHarness(Func<ISessionObserver, MailMachine> create, SessionFacts? facts = null)
    {
        Facts = facts ?? DefaultFacts();
        _machine = create(this);
    }

    public SessionFacts Facts { get; }
    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 16, 17, 0, TimeSpan.FromHours(1));
    public string ToClient => Encoding.Latin1.GetString([.. _toClient]);
    public string ToBackend => Encoding.Latin1.GetString([.. _toBackend]);
    public int ToClientLength => _toClient.Count;
    public int ToBackendLength => _toBackend.Count;
    public int ClientCarry => _clientCarry.Length;
    public int BackendCarry => _backendCarry.Length;
    public bool ClientHasEnded => _clientEnded;
    public bool BackendHasEnded => _backendEnded;
    public bool Transparent { get; private set; }
    public CloseReason? Closed { get; private set; }
    public Phase Phase => _machine.Phase;
    public List<string> Reports { get; } = [];
    public string? ExposedUser { get; private set; }

    /// <summary>Whether each answer to EHLO had a login.</summary>
    public List<bool> LoginOffers { get; } = [];

    /// <summary>How many bytes the backend had when the first login was reported.</summary>
    public int? ToBackendAtLogin { get; private set; }

    /// <summary>Connect requests so far; answered at once with BackendReady while <see cref="BackendsLeft"/> lasts, then with BackendLost.</summary>
    public int Connects { get; private set; }
    public int BackendsLeft { get; set; } = 1;

    /// <summary>While set, what a login that asks for a backend gets instead.</summary>
    public LoginRefusal? Refusal { get; set; }

    /// <summary>Handshakes asked for so far; each succeeds at once, unless the client said more before it, which is no TLS.</summary>
    public int Handshakes { get; private set; }

    /// <summary>How often another machine took its place.</summary>
    public int Moves { get; private set; }

    /// <summary>While set, that side takes nothing, so the machine must not be called.</summary>
    public bool ClientBlocked { get; set; }
    public bool BackendBlocked { get; set; }

    public static SessionFacts DefaultFacts(string hostName = "mail.example.com") => new()
    {
        Id = "01J9ZQ7K3M",
        HostName = hostName,
        Client = new IPEndPoint(IPAddress.Parse("203.0.113.5"), 51000),
        Local = new IPEndPoint(IPAddress.Parse("198.51.100.10"), 465),
        Tls = new TlsFacts(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", null) { Group = "x25519" },
    };

    public MachineHarness Start()
    {
        Signal(TlsFront.Protocols.Signal.Start);
        return this;
    }

    public void Client(string bytes) => Client(Encoding.Latin1.GetBytes(bytes));

    public void Client(ReadOnlySpan<byte> bytes)
    {
        Assert.False(_clientEnded);
        _clientCarry = (byte[])[.. _clientCarry.Span, .. bytes];
        _clientWantsMore &= bytes.IsEmpty;
        Pump();
    }

    public void Backend(string bytes) => Backend(Encoding.Latin1.GetBytes(bytes));

    public void Backend(ReadOnlySpan<byte> bytes)
    {
        Assert.False(_backendEnded);
        _backendCarry = (byte[])[.. _backendCarry.Span, .. bytes];
        _backendWantsMore &= bytes.IsEmpty;
        Pump();
    }

    public void ClientEnds()
    {
        _clientEnded = true;
        Signal(TlsFront.Protocols.Signal.ClientEnded);
    }

    public void BackendEnds()
    {
        _backendEnded = true;
        Signal(TlsFront.Protocols.Signal.BackendEnded);
    }

    public void Signal(Signal signal)
    {
        _signals.Add(signal);
        Pump();
    }

    /// <summary>
    /// Puts a machine in its place that knows of the session what it exports, as another process would; false if it exports nothing now.
    /// </summary>
    public bool TryMove(ProtocolProfile profile, SessionRules rules)
    {
        if (Closed is not null || Transparent || _connectPending || !_machine.IsMovable)
        {
            return false;
        }

        using var state = new StateWriter();
        MachineState.Write(state, _machine);
        var phase = Phase;
        var reader = new StateReader(state.Written);
        _machine = MachineState.Read(ref reader, profile)(rules, this);
        Assert.True(reader.IsAtEnd);
        _clientHeld = _backendHeld = _clientWantsMore = _backendWantsMore = false;
        _signals.Insert(0, TlsFront.Protocols.Signal.Start);
        Pump();
        Assert.Equal(phase, Phase);
        Moves++;
        return true;
    }

    public string TakeToClient() => Take(_toClient);

    public string TakeToBackend() => Take(_toBackend);

    public void Pump()
    {
        for (var calls = 0; ; calls++)
        {
            Assert.True(calls < 2_000_000, "The machine makes no progress but asks to be called again.");
            if (Closed is not null)
            {
                return;
            }

            if (Transparent)
            {
                _toBackend.AddRange(_clientCarry.Span);
                _toClient.AddRange(_backendCarry.Span);
                _clientCarry = _backendCarry = default;
                return;
            }

            if (ClientBlocked || BackendBlocked)
            {
                return;
            }

            if (_connectPending)
            {
                _connectPending = false;
                if ((Facts.LoginRefusal = Refusal) is not null)
                {
                    Call(null, TlsFront.Protocols.Signal.LoginRefused);
                    continue;
                }

                Facts.CanFailOver = BackendsLeft > 1;
                _backendCarry = default;
                _backendEnded = _backendWantsMore = _backendHeld = false;
                Call(null, BackendsLeft-- > 0 ? TlsFront.Protocols.Signal.BackendReady : TlsFront.Protocols.Signal.BackendLost);
            }
            else if (_signals.FindIndex(IsDue) is >= 0 and var due)
            {
                var signal = _signals[due];
                _signals.RemoveAt(due);
                Call(null, signal);
            }
            else if (_backendCarry.Length > 0 && !_backendHeld && !_backendWantsMore)
            {
                Call(false, default);
            }
            else if (_clientCarry.Length > 0 && !_clientHeld && !_clientWantsMore)
            {
                Call(true, default);
            }
            else
            {
                return;
            }
        }
    }

    // An end is told only after all bytes before it were taken, but for a rest that waits for more.
    private bool IsDue(Signal signal) => signal switch
    {
        TlsFront.Protocols.Signal.ClientEnded => _clientCarry.Length == 0 || _clientWantsMore,
        TlsFront.Protocols.Signal.BackendEnded => _backendCarry.Length == 0 || _backendWantsMore,
        _ => true,
    };

    private void Call(bool? fromClient, Signal signal)
    {
        var input = fromClient switch { true => _clientCarry.Span, false => _backendCarry.Span, null => [] };
        if (input.Length > MailMachine.MaxCarry)
        {
            input = input[..MailMachine.MaxCarry];
        }

        _buffer.Clear();
        var emitter = new Emitter(input, _buffer, Facts, Now);
        var step = fromClient switch
        {
            true => _machine.FromClient(input, ref emitter),
            false => _machine.FromBackend(input, ref emitter),
            null => _machine.On(signal, ref emitter),
        };

        Assert.InRange(step.Consumed, 0, input.Length);
        Assert.InRange(
            _buffer.ToClient.TotalLength + _buffer.ToBackend.TotalLength, 0, input.Length + _buffer.Kept.Length + EmitBuffer.InsertCapacity);
        Collect(_buffer.ToClient, input, _toClient);
        Collect(_buffer.ToBackend, input, _toBackend);
        switch (fromClient)
        {
            case true:
                _clientCarry = _clientCarry[step.Consumed..];
                _clientHeld = step.Next == Next.Hold;
                _clientWantsMore = step is { Next: Next.More, Consumed: 0 };
                _backendHeld = false;
                break;
            case false:
                _backendCarry = _backendCarry[step.Consumed..];
                _backendHeld = step.Next == Next.Hold;
                _backendWantsMore = step is { Next: Next.More, Consumed: 0 };
                _clientHeld = false;
                break;
            case null:
                _clientHeld = _backendHeld = false;
                break;
        }

        switch (step.Next)
        {
            case Next.Close:
                Assert.NotEqual(CloseReason.None, step.Reason);
                Closed = step.Reason;
                break;
            case Next.Transparent:
                Transparent = true;
                break;
            case Next.Secure when _clientCarry.Length > 0:
                Closed = CloseReason.NotTls;
                break;
            case Next.Secure:
                Handshakes++;
                _signals.Insert(0, TlsFront.Protocols.Signal.Secured);
                break;
            case Next.Disconnect:
                _backendCarry = default;
                break;
            case Next.Connect:
                Connects++;
                _connectPending = true;
                break;
            case Next.More when fromClient == true && step.Consumed == 0 && input.Length == MailMachine.MaxCarry:
            case Next.More when fromClient == false && step.Consumed == 0 && input.Length == MailMachine.MaxCarry:
                Closed = CloseReason.LineTooLong;
                break;
        }
    }

    private void Collect(SegmentList segments, ReadOnlySpan<byte> input, List<byte> into)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            into.AddRange(segments.Get(i, input, _buffer));
        }
    }

    private static string Take(List<byte> from)
    {
        var text = Encoding.Latin1.GetString([.. from]);
        from.Clear();
        return text;
    }

    void ISessionObserver.LoginOffered(bool isOffered) => LoginOffers.Add(isOffered);

    void ISessionObserver.CredentialsExposed(string? user)
    {
        Reports.Add("credentials exposed");
        ExposedUser = user;
    }

    void ISessionObserver.LoginSucceeded(string? user)
    {
        ToBackendAtLogin ??= _toBackend.Count;
        Reports.Add($"login {user}");
    }

    void ISessionObserver.LoginFailed() => Reports.Add("login failed");

    void ISessionObserver.MessageAccepted() => Reports.Add("message accepted");

    void ISessionObserver.MessageRefused() => Reports.Add("message refused");
}
