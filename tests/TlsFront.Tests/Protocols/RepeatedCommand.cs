using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

/// <summary>Drives one machine through the same command again and again, as a client may that never logs in, and weighs what that costs.</summary>
internal sealed class RepeatedCommand : ISessionObserver
{
    private readonly EmitBuffer _buffer = new();
    private readonly SessionFacts _facts = MachineHarness.DefaultFacts();
    private readonly MailMachine _machine;

    public RepeatedCommand(Func<ISessionObserver, MailMachine> create, byte[] greeting)
    {
        _machine = create(this);
        var emitter = NewCall([]);
        _machine.On(Signal.Start, ref emitter);
        _machine.On(Signal.BackendReady, ref emitter);
        FromBackend(greeting);
    }

    public long AllocatedBy(byte[] command, byte[] reply)
    {
        Once(command, reply);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Once(command, reply);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Once(byte[] command, byte[] reply)
    {
        var emitter = NewCall(command);
        Assert.True(_machine.FromClient(command, ref emitter).Consumed == command.Length);
        Assert.True(_buffer.ToBackend.TotalLength > 0);
        FromBackend(reply);
    }

    private void FromBackend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var emitter = NewCall(bytes);
            var step = _machine.FromBackend(bytes, ref emitter);
            Assert.True(step.Next == Next.More);
            bytes = bytes[step.Consumed..];
        }
    }

    private Emitter NewCall(ReadOnlySpan<byte> input)
    {
        _buffer.Clear();
        return new Emitter(input, _buffer, _facts, DateTimeOffset.UnixEpoch);
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
