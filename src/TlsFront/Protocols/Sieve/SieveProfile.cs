using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Sasl;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Sieve;

/// <summary>ManageSieve (RFC 5804): where users keep their Sieve scripts.</summary>
internal sealed class SieveProfile : ProtocolProfile
{
    /// <inheritdoc/>
    public override MailProtocol Protocol => MailProtocol.Sieve;

    /// <inheritdoc/>
    public override string Name => "sieve";

    /// <inheritdoc/>
    public override string Title => "ManageSieve";

    /// <inheritdoc/>
    /// <remarks>IANA has none: named like the others.</remarks>
    public override string ImplicitTlsService => "sieves";

    /// <inheritdoc/>
    /// <remarks>Nor is there a second port.</remarks>
    public override int ImplicitTlsPort => StartTlsPort;

    /// <inheritdoc/>
    public override int StartTlsPort => 4190;

    /// <inheritdoc/>
    public override string ApplicationProtocol => "managesieve";

    /// <inheritdoc/>
    public override string ServiceName => "sieve";

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Farewell { get; } = "LOGOUT\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override string StartTlsCommand => "STARTTLS";

    /// <inheritdoc/>
    public override bool? AgreesToStartTls(string line) => EndsCapabilities(line) ? IsStatus(line, "OK") : null;

    /// <inheritdoc/>
    /// <remarks>RFC 5804 section 2.2: behind STARTTLS a client waits for a second list, so that whoever was greeted is greeted again.</remarks>
    public override MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted) =>
        new SieveMachine(observer, rules.BareNewlines);

    /// <inheritdoc/>
    public override PlaintextDialogue CreatePlaintext(bool offersTls, IReadOnlyList<string>? mechanisms = null) =>
        new SievePlaintext { OffersTls = offersTls, Mechanisms = mechanisms };

    /// <inheritdoc/>
    public override LoginDialogue CreateLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) =>
        new SieveLoginDialogue(offer, certifiedOffer);

    /// <inheritdoc/>
    protected override IReadOnlyList<Capability> LeastOffer { get; } =
        [new("IMPLEMENTATION", ["TlsFront"]), new("SASL", ["PLAIN"]), new("SIEVE"), new("VERSION", ["1.0"])];

    /// <inheritdoc/>
    protected override Capability? FilterForHeldLogin(Capability item) =>
        item.Name.Equals("SASL", StringComparison.OrdinalIgnoreCase) ? FilterMechanisms(item) ?? new Capability(item.Name) : item;

    /// <inheritdoc/>
    /// <remarks>The lists of extensions and mechanisms have a value even when they are empty (RFC 5804 section 1.7).</remarks>
    protected override string Format(IReadOnlyList<Capability> offer) => string.Concat(offer.Select(static item =>
        item.Parameters.Count == 0 && item.Name.ToUpperInvariant() is not ("SIEVE" or "SASL" or "NOTIFY")
            ? $"\"{item.Name}\"\r\n"
            : $"\"{item.Name}\" \"{string.Join(' ', item.Parameters)}\"\r\n"));

    /// <summary>The whole line that tells a client why the session ends; empty where nothing is said.</summary>
    public static ReadOnlySpan<byte> Goodbye(CloseReason reason) => reason switch
    {
        CloseReason.BackendUnavailable => "BYE (TRYLATER) \"The mail server is not available, try again later\"\r\n"u8,
        CloseReason.BackendClosed => "BYE (TRYLATER) \"The mail server closed the connection\"\r\n"u8,
        CloseReason.BackendTimeout => "BYE (TRYLATER) \"The mail server does not answer\"\r\n"u8,
        CloseReason.BackendProtocolError => "BYE (TRYLATER) \"The mail server gave an answer that is not ManageSieve\"\r\n"u8,
        CloseReason.Drained => "BYE (TRYLATER) \"Shutting down, connect again\"\r\n"u8,
        CloseReason.ClientIdle => "BYE \"Idle for too long\"\r\n"u8,
        CloseReason.LineTooLong => "BYE \"Line or literal too long\"\r\n"u8,
        CloseReason.BareNewline => "BYE \"Lines end in CRLF and contain no NUL\"\r\n"u8,
        CloseReason.ProtocolError => "BYE \"Too many errors\"\r\n"u8,
        CloseReason.StartTlsInjection => "BYE \"Data sent behind STARTTLS\"\r\n"u8,
        _ => default,
    };

    /// <inheritdoc/>
    public override GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length)
    {
        length = SieveSyntax.ListLength(received, out var status);
        return length == 0 ? GreetingVerdict.Incomplete
            : SieveSyntax.IsStatus(status, "OK"u8) ? GreetingVerdict.Ready
            : SieveSyntax.IsStatus(status, "BYE"u8) || SieveSyntax.IsStatus(status, "NO"u8) ? GreetingVerdict.Refusal
            : GreetingVerdict.Foreign;
    }

    /// <inheritdoc/>
    public override bool IsHeaderRefused(ReadOnlySpan<byte> reply) => SieveSyntax.IsStatus(reply, "NO"u8);

    /// <inheritdoc/>
    public override string CapabilityCommand(string hostName) => "CAPABILITY";

    /// <inheritdoc/>
    public override bool EndsCapabilities(string line) => IsStatus(line, "OK") || IsStatus(line, "NO") || IsStatus(line, "BYE");

    /// <inheritdoc/>
    public override ServerCapabilities? ReadCapabilities(IReadOnlyList<string> answer)
    {
        if (answer is not [_, .., var last] || !IsStatus(last, "OK"))
        {
            return null;
        }

        var list = answer.SkipLast(1).ToList();
        var offersLogin = list.Exists(static line => ValueOf(line, "SASL") is { } value && value.Split(' ').Any(IsUsable));
        // An empty list is how it says so (RFC 5804 section 1.7).
        return new(
            string.Join(", ", list), list.Exists(static line => ValueOf(line, "STARTTLS") is not null), offersLogin,
            [.. list.Select(ReadItem).OfType<Capability>()], ForbidsLogin: !offersLogin);
    }

    // A value that needs an escape or a literal is none of those a client must know before its login.
    private static Capability? ReadItem(string line) => line.Split('"') switch
    {
        ["", { Length: > 0 } name, ""] => new Capability(name),
        ["", { Length: > 0 } name, " ", var value, ""] when !value.Contains('\\', StringComparison.Ordinal) =>
            new Capability(name, value.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        _ => null,
    };

    private static bool IsStatus(string line, string status) =>
        line.StartsWith(status, StringComparison.OrdinalIgnoreCase) && (line.Length == status.Length || line[status.Length] == ' ');

    /// <summary>The value of the capability in <paramref name="line"/> if it is this one, empty if it has none.</summary>
    private static string? ValueOf(string line, string name) =>
        line.StartsWith($"\"{name}\"", StringComparison.OrdinalIgnoreCase) ? line[(name.Length + 2)..].Trim().Trim('"') : null;

    private static bool IsUsable(string mechanism) =>
        mechanism.Length > 0 && SaslMechanisms.SurvivesTermination(Encoding.ASCII.GetBytes(mechanism));
}
