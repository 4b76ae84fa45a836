using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Introduction;
using TlsFront.Protocols.Sasl;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Pop3;

/// <summary>POP3 (RFC 1939).</summary>
internal sealed class Pop3Profile : ProtocolProfile
{
    /// <inheritdoc/>
    public override MailProtocol Protocol => MailProtocol.Pop3;

    /// <inheritdoc/>
    public override string Name => "pop3";

    /// <inheritdoc/>
    public override string ImplicitTlsService => "pop3s";

    /// <inheritdoc/>
    public override int ImplicitTlsPort => 995;

    /// <inheritdoc/>
    public override int StartTlsPort => 110;

    /// <inheritdoc/>
    public override string ApplicationProtocol => "pop3";

    /// <inheritdoc/>
    public override string ServiceName => "pop3";

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Farewell { get; } = "QUIT\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override string StartTlsCommand => "STLS";

    /// <inheritdoc/>
    public override bool? AgreesToStartTls(string line) => line.StartsWith('+');

    /// <inheritdoc/>
    public override ClientIdentity IdentityInDialogue => ClientIdentity.XClient;

    /// <inheritdoc/>
    public override BackendIntroduction CreateIntroduction() => new Pop3Introduction();

    /// <inheritdoc/>
    public override MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted) =>
        new Pop3Machine(observer, rules.BareNewlines, isGreeted);

    /// <inheritdoc/>
    public override PlaintextDialogue CreatePlaintext(bool offersTls, IReadOnlyList<string>? mechanisms = null) =>
        new Pop3Plaintext { OffersTls = offersTls, Mechanisms = mechanisms };

    /// <summary>The whole line that tells a client why the session ends; empty where nothing is said.</summary>
    public static ReadOnlySpan<byte> Goodbye(CloseReason reason) => reason switch
    {
        CloseReason.BackendUnavailable => "-ERR [SYS/TEMP] The mail server is not available, try again later\r\n"u8,
        CloseReason.BackendClosed => "-ERR [SYS/TEMP] The mail server closed the connection\r\n"u8,
        CloseReason.BackendTimeout => "-ERR [SYS/TEMP] The mail server does not answer\r\n"u8,
        CloseReason.BackendProtocolError => "-ERR [SYS/TEMP] The mail server gave an answer that is not POP3\r\n"u8,
        CloseReason.Drained => "-ERR [SYS/TEMP] Shutting down, connect again\r\n"u8,
        CloseReason.ClientIdle => "-ERR Idle for too long\r\n"u8,
        CloseReason.LineTooLong => "-ERR Line too long\r\n"u8,
        CloseReason.BareNewline => "-ERR Lines end in CRLF and contain no NUL\r\n"u8,
        CloseReason.ProtocolError => "-ERR Too many errors\r\n"u8,
        CloseReason.StartTlsInjection => "-ERR Data sent behind STLS\r\n"u8,
        _ => default,
    };

    /// <inheritdoc/>
    public override LoginDialogue CreateLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) =>
        new Pop3LoginDialogue(offer, certifiedOffer);

    /// <inheritdoc/>
    protected override IReadOnlyList<Capability> LeastOffer { get; } = [new("USER")];

    /// <inheritdoc/>
    /// <remarks>What LANG and UTF8 (RFC 6856) changed would have to be said again to the backend.</remarks>
    protected override Capability? FilterForHeldLogin(Capability item) => item.Name.ToUpperInvariant() switch
    {
        "LANG" or "UTF8" or ['.', ..] => null,
        "SASL" => FilterMechanisms(item),
        _ => item,
    };

    /// <inheritdoc/>
    protected override string Format(IReadOnlyList<Capability> offer) => string.Concat(offer.Select(static item => $"{item}\r\n"));

    /// <inheritdoc/>
    public override GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length) => JudgeLine(received, "+OK"u8, "-ERR"u8, out length);

    /// <inheritdoc/>
    public override bool IsHeaderRefused(ReadOnlySpan<byte> reply) => reply.StartsWith("-ERR"u8);

    /// <inheritdoc/>
    public override string CapabilityCommand(string hostName) => "CAPA";

    /// <inheritdoc/>
    public override bool EndsCapabilities(string line) => line == "." || line.StartsWith("-ERR", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ServerCapabilities? ReadCapabilities(IReadOnlyList<string> answer)
    {
        if (answer is not [var first, .., "."] || !first.StartsWith('+'))
        {
            return null;
        }

        var list = answer.Skip(1).SkipLast(1).ToList();
        var offersLogin = list.Exists(IsLogin);
        // RFC 2449 section 6.3: a server that takes USER says so.
        return new(
            string.Join(", ", list), list.Exists(IsStartTls), offersLogin,
            [.. from line in list
                let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                where words.Length > 0
                select new Capability(words[0], words[1..])],
            ForbidsLogin: !offersLogin);
    }

    private static bool IsStartTls(string line) => line.Trim().Equals("STLS", StringComparison.OrdinalIgnoreCase);

    private static bool IsLogin(string line) =>
        line.Trim().Equals("USER", StringComparison.OrdinalIgnoreCase)
        || (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, .. var mechanisms]
            && first.Equals("SASL", StringComparison.OrdinalIgnoreCase)
            && mechanisms.Any(static name => SaslMechanisms.SurvivesTermination(Encoding.ASCII.GetBytes(name))));
}
