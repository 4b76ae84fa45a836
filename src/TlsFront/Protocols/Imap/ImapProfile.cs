using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Introduction;
using TlsFront.Protocols.Sasl;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Imap;

/// <summary>IMAP (RFC 9051).</summary>
internal sealed class ImapProfile : ProtocolProfile
{
    private const string Tag = "probe";

    /// <inheritdoc/>
    public override MailProtocol Protocol => MailProtocol.Imap;

    /// <inheritdoc/>
    public override string Name => "imap";

    /// <inheritdoc/>
    public override string ImplicitTlsService => "imaps";

    /// <inheritdoc/>
    public override int ImplicitTlsPort => 993;

    /// <inheritdoc/>
    public override int StartTlsPort => 143;

    /// <inheritdoc/>
    public override string ApplicationProtocol => "imap";

    /// <inheritdoc/>
    public override string ServiceName => "imap";

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Farewell { get; } = "probe LOGOUT\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override string StartTlsCommand => $"{Tag} STARTTLS";

    /// <inheritdoc/>
    public override bool? AgreesToStartTls(string line) => line.StartsWith($"{Tag} ", StringComparison.OrdinalIgnoreCase)
        ? line.StartsWith($"{Tag} OK", StringComparison.OrdinalIgnoreCase)
        : null;

    /// <inheritdoc/>
    public override ClientIdentity IdentityInDialogue => ClientIdentity.Id;

    /// <inheritdoc/>
    public override BackendIntroduction CreateIntroduction() => new ImapIntroduction();

    /// <inheritdoc/>
    public override MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted) =>
        new ImapMachine(observer, rules.BareNewlines, isGreeted);

    /// <inheritdoc/>
    public override PlaintextDialogue CreatePlaintext(bool offersTls, IReadOnlyList<string>? mechanisms = null) =>
        new ImapPlaintext { OffersTls = offersTls, Mechanisms = mechanisms };

    /// <summary>The whole line that tells a client why the session ends; empty where nothing is said.</summary>
    public static ReadOnlySpan<byte> Goodbye(CloseReason reason) => reason switch
    {
        CloseReason.BackendUnavailable => "* BYE [UNAVAILABLE] The mail server is not available, try again later\r\n"u8,
        CloseReason.BackendClosed => "* BYE [UNAVAILABLE] The mail server closed the connection\r\n"u8,
        CloseReason.BackendTimeout => "* BYE [UNAVAILABLE] The mail server does not answer\r\n"u8,
        CloseReason.BackendProtocolError => "* BYE [UNAVAILABLE] The mail server gave an answer that is not IMAP\r\n"u8,
        CloseReason.Drained => "* BYE [UNAVAILABLE] Shutting down, connect again\r\n"u8,
        CloseReason.ClientIdle => "* BYE Autologout; idle for too long\r\n"u8,
        CloseReason.LineTooLong => "* BYE [LIMIT] Line or literal too long\r\n"u8,
        CloseReason.BareNewline => "* BYE Lines end in CRLF and contain no NUL\r\n"u8,
        CloseReason.ProtocolError => "* BYE Too many errors\r\n"u8,
        CloseReason.StartTlsInjection => "* BYE Data sent behind STARTTLS\r\n"u8,
        _ => default,
    };

    /// <inheritdoc/>
    public override LoginDialogue CreateLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) =>
        new ImapLoginDialogue(offer, certifiedOffer);

    /// <inheritdoc/>
    protected override IReadOnlyList<Capability> LeastOffer { get; } = [new("IMAP4rev1"), new("ID"), new("AUTH=PLAIN")];

    /// <inheritdoc/>
    /// <remarks>LANGUAGE would have to be said again to the backend.</remarks>
    protected override Capability? FilterForHeldLogin(Capability item) =>
        item.Name.Equals("LANGUAGE", StringComparison.OrdinalIgnoreCase)
        || (item.Name.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase) && !SaslLogin.CanHold(Encoding.ASCII.GetBytes(item.Name[5..])))
            ? null
            : item;

    /// <inheritdoc/>
    protected override void AddMechanism(List<Capability> offered, string mechanism) => offered.Add(new($"AUTH={mechanism}"));

    /// <inheritdoc/>
    protected override string Format(IReadOnlyList<Capability> offer) => string.Join(' ', offer);

    /// <inheritdoc/>
    public override GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length) =>
        JudgeLine(received, "* OK"u8, "* BYE"u8, out length) is var verdict
            && verdict == GreetingVerdict.Foreign
            && BeginsWith(received, "* PREAUTH"u8)
            ? GreetingVerdict.Ready
            : verdict;

    /// <inheritdoc/>
    /// <remarks>Dovecot says a second <c>* OK</c> while its authentication starts.</remarks>
    public override bool IsHeaderRefused(ReadOnlySpan<byte> reply) =>
        reply.StartsWith("* BAD"u8) || reply.StartsWith("PROXY BAD"u8) || reply.IndexOf("\n* BAD"u8) >= 0 || reply.IndexOf("\nPROXY BAD"u8) >= 0;

    /// <inheritdoc/>
    public override string CapabilityCommand(string hostName) => $"{Tag} CAPABILITY";

    /// <inheritdoc/>
    /// <remarks>
    /// Cyrus takes the end of an unwanted header and the command for one line: its BAD, which has no tag then, is all the answer there is.
    /// </remarks>
    public override bool EndsCapabilities(string line) =>
        line.StartsWith($"{Tag} ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("* BAD", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ServerCapabilities? ReadCapabilities(IReadOnlyList<string> answer)
    {
        if (answer.FirstOrDefault(static line => line.StartsWith("* CAPABILITY ", StringComparison.OrdinalIgnoreCase)) is not { } list)
        {
            return null;
        }

        var words = list.Split(' ');
        var isDisabled = words.Contains("LOGINDISABLED", StringComparer.OrdinalIgnoreCase);
        return new(
            list, words.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase), OffersLogin: !isDisabled,
            [.. words.Skip(2).Where(static word => word.Length > 0).Select(static word => new Capability(word))], ForbidsLogin: isDisabled);
    }
}
