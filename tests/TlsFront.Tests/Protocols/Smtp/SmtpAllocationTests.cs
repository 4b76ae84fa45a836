using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>Message content passes without an allocation, whatever its lines look like.</summary>
public sealed class SmtpAllocationTests : ISessionObserver
{
    private const int Piece = 16 * 1024;
    private readonly EmitBuffer _buffer = new();
    private readonly SessionFacts _facts = MachineHarness.DefaultFacts();
    private readonly SmtpMachine _machine;
    private long _sent;

    public SmtpAllocationTests()
    {
        _machine = new SmtpMachine(new SessionRules(), this);
        On(Signal.Start);
        On(Signal.BackendReady);
        Backend(SmtpSession.Greeting);
        Client("EHLO laptop.example.net\r\n"u8);
        Backend(SmtpSession.EhloReply);
        Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n"u8);
        Backend("235 2.7.0 Ok\r\n");
        Client("MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\n"u8);
        Backend("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n");
    }

    [Theory]
    [InlineData("an ordinary line\r\n")]
    [InlineData("a bare line feed\n")]
    [InlineData("a bare\rcarriage return and a \0 byte\r\n")]
    [InlineData("\n.\n")]
    [InlineData("..\r\n")]
    public void Message_data_allocates_nothing(string line)
    {
        Client("DATA\r\n"u8);
        Backend("354 Go ahead\r\n");
        AssertNoAllocation(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(line, Piece / line.Length * 4))));
    }

    [Fact]
    public void Octets_of_a_chunk_allocate_nothing()
    {
        Client("BDAT 9000000\r\n"u8);
        AssertNoAllocation(new byte[4 * Piece]);
    }

    private void AssertNoAllocation(byte[] content)
    {
        // The first octets bring the Received field with them.
        Client(content);
        var sent = _sent;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Client(content);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.True(_sent - sent >= content.Length, "The content did not reach the backend.");
    }

    private void Client(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var input = bytes[..Math.Min(Piece, bytes.Length)];
            var emitter = NewCall(input);
            var step = _machine.FromClient(input, ref emitter);
            if (step is { Consumed: 0 } or { Next: not Next.More })
            {
                Assert.Fail($"The machine stopped: {step}");
            }

            _sent += _buffer.ToBackend.TotalLength;
            bytes = bytes[step.Consumed..];
        }
    }

    private void Backend(string replies)
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(replies);
        while (!bytes.IsEmpty)
        {
            var emitter = NewCall(bytes);
            bytes = bytes[_machine.FromBackend(bytes, ref emitter).Consumed..];
        }
    }

    private void On(Signal signal)
    {
        var emitter = NewCall(default);
        _machine.On(signal, ref emitter);
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
