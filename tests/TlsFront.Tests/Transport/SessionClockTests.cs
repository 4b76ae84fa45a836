using System.Net;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Tests.Transport;

/// <summary>The deadline of a silent session continues where it stood in the process before; time spent frozen does not count.</summary>
public sealed class SessionClockTests
{
    private static readonly TimeoutSettings Limits = new() { Relay = TimeSpan.FromMinutes(30), Command = TimeSpan.FromMinutes(5) };
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(true, 30)]
    [InlineData(false, 5)]
    public void A_session_of_this_process_has_all_of_its_time(bool isTransparent, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Begin(isTransparent, idle: default).Deadline);

    [Theory]
    [InlineData(true, 26)]
    [InlineData(false, 1)]
    public void A_session_from_another_process_has_what_is_left(bool isTransparent, int minutes)
    {
        var session = Begin(isTransparent, TimeSpan.FromMinutes(4));
        Assert.Equal(TimeSpan.FromMinutes(minutes), session.Deadline);
        _time.Advance(TimeSpan.FromSeconds(1));
        session.Freeze();
        Assert.Equal(new TimeSpan(0, 4, 1), session.Idle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_whose_time_is_up_in_a_process_with_shorter_times_ends_at_once(bool isTransparent) =>
        Assert.Equal(TimeSpan.Zero, Begin(isTransparent, TimeSpan.FromHours(1)).Deadline);

    [Theory]
    [InlineData(true, 29)]
    [InlineData(false, 4)]
    public void A_session_that_nobody_wanted_goes_on_as_if_no_time_had_passed(bool isTransparent, int minutes)
    {
        var session = Begin(isTransparent, idle: default);
        _time.Advance(TimeSpan.FromMinutes(1));
        session.Freeze();
        _time.Advance(TimeSpan.FromSeconds(20));
        session.Thaw();
        Assert.Equal(TimeSpan.FromMinutes(minutes), session.Deadline);
        session.Freeze();
        Assert.Equal(TimeSpan.FromMinutes(1), session.Idle);
    }

    [Fact]
    public void A_byte_gives_a_session_from_another_process_all_of_its_time()
    {
        var session = Begin(isTransparent: true, TimeSpan.FromMinutes(29));
        session.Move();
        Assert.Equal(Limits.Relay, session.Deadline);
        _time.Advance(Limits.Relay);
        Assert.Equal(CloseReason.ClientIdle, session.Rest());
        Assert.Equal(Limits.Relay, session.Idle);
    }

    [Fact]
    public void A_transparent_session_ends_when_the_time_of_both_processes_is_up()
    {
        var session = Begin(isTransparent: true, TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(19));
        Assert.Null(session.Rest());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(CloseReason.ClientIdle, session.Rest());
    }

    private Driver Begin(bool isTransparent, TimeSpan idle)
    {
        var facts = new SessionFacts
        {
            Id = "x",
            HostName = "mail.example.com",
            Client = new IPEndPoint(IPAddress.Loopback, 1),
            Local = new IPEndPoint(IPAddress.Loopback, 2),
        };
        var known = new ConnectionRecord(facts, "smtps", "smtp", NullConnectionEvents.Instance).Capture();
        var record = ConnectionRecord.Restore(known with { Idle = idle }, NullConnectionEvents.Instance);
        var driver = new Driver(new Machine(isTransparent ? Phase.Relay : Phase.Command), record, _time);
        driver.Run();
        return driver;
    }

    private sealed class Driver(MailMachine machine, ConnectionRecord record, TimeProvider time)
        : SessionDriver(machine, record, Limits, time)
    {
        public TimeSpan Deadline { get; private set; }

        public TimeSpan Idle => Record.Idle;

        protected override bool DeadlinePassed => false;

        protected override SessionSide Client { get; } = new Side();

        protected override SessionSide? Backend { get; } = new Side();

        protected override EmitBuffer Emitted { get; } = new();

        public void Run() => Assert.Null(Begin());

        public void Freeze() => StopClock();

        public void Thaw() => ContinueClock();

        public void Move() => Assert.Null(AfterRelay(fromClient: 1, fromBackend: 0));

        public CloseReason? Rest() => AfterRelay(fromClient: 0, fromBackend: 0)?.Reason;

        protected override void SetDeadline(TimeSpan span) => Deadline = span;

        protected override bool TryTakeSignal(out Signal signal)
        {
            signal = default;
            return false;
        }
    }

    private sealed class Machine(Phase phase) : MailMachine
    {
        public override Phase Phase => phase;

        public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) => Step.More(0);

        public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => Step.More(0);

        public override Step On(Signal signal, ref Emitter to) => phase == Phase.Relay ? new Step(0, Next.Transparent) : Step.More(0);
    }

    private sealed class Side : SessionSide
    {
        public override int Available => 0;

        public override bool Blocked => false;

        public override int Unsent => 0;

        public override ReadOnlySpan<byte> Peek() => [];

        public override void Consume(int count)
        {
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }

        public override void Flush()
        {
        }

        public override bool TryRead() => false;

        public override void EndOutput()
        {
        }
    }
}
