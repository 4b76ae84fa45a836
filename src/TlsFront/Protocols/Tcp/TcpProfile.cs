using TlsFront.Connections;

namespace TlsFront.Protocols.Tcp;

/// <summary>Any other protocol. Who speaks first is not known, so a connection is all there is to see.</summary>
internal sealed class TcpProfile : ProtocolProfile
{
    /// <inheritdoc/>
    public override MailProtocol Protocol => MailProtocol.Tcp;

    /// <inheritdoc/>
    public override string Name => "tcp";

    /// <inheritdoc/>
    public override bool IsUnderstood => false;

    /// <inheritdoc/>
    public override MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted) => new TcpMachine();

    /// <inheritdoc/>
    public override GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length)
    {
        length = received.Length;
        return GreetingVerdict.Ready;
    }
}
