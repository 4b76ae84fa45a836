using System.Text;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Introduction;
using TlsFront.Protocols.Sasl;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Smtp;

/// <summary>Message submission (RFC 6409). IANA has no ALPN id for it.</summary>
internal sealed class SmtpProfile : ProtocolProfile
{
    /// <inheritdoc/>
    public override MailProtocol Protocol => MailProtocol.Smtp;

    /// <inheritdoc/>
    public override string Name => "smtp";

    /// <inheritdoc/>
    public override string ImplicitTlsService => "submissions";

    /// <inheritdoc/>
    public override int ImplicitTlsPort => 465;

    /// <inheritdoc/>
    public override int StartTlsPort => 587;

    /// <inheritdoc/>
    public override string ServiceName => "submission";

    /// <inheritdoc/>
    public override bool IsSubmission => true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Farewell { get; } = "QUIT\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override string StartTlsCommand => "STARTTLS";

    /// <inheritdoc/>
    public override bool? AgreesToStartTls(string line) => IsLast(line) ? line.StartsWith("220", StringComparison.Ordinal) : null;

    /// <inheritdoc/>
    public override ClientIdentity IdentityInDialogue => ClientIdentity.XClient;

    /// <inheritdoc/>
    public override BackendIntroduction CreateIntroduction() => new SmtpIntroduction();

    /// <inheritdoc/>
    public override MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted) =>
        new SmtpMachine(rules, observer, isGreeted);

    /// <inheritdoc/>
    public override MachineFactory ReadMachine(ref StateReader state)
    {
        var checkpoint = SmtpCheckpoint.Read(ref state);
        return (rules, observer) => new SmtpMachine(rules, observer, checkpoint);
    }

    /// <inheritdoc/>
    public override PlaintextDialogue CreatePlaintext(bool offersTls, IReadOnlyList<string>? mechanisms = null) =>
        new SmtpPlaintext { OffersTls = offersTls, Mechanisms = mechanisms };

    /// <inheritdoc/>
    public override LoginDialogue CreateLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) =>
        new SmtpLoginDialogue(offer, certifiedOffer);

    /// <inheritdoc/>
    protected override IReadOnlyList<Capability> LeastOffer { get; } = [new("8BITMIME"), new("AUTH", ["PLAIN"])];

    /// <inheritdoc/>
    /// <remarks>"AUTH=PLAIN" is for clients that are older than TLS.</remarks>
    protected override Capability? FilterForHeldLogin(Capability item) =>
        item.Name.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase) ? null
        : item.Name.Equals("AUTH", StringComparison.OrdinalIgnoreCase) ? FilterMechanisms(item)
        : item;

    /// <inheritdoc/>
    protected override string Format(IReadOnlyList<Capability> offer) =>
        string.Concat(offer.Select((item, number) => $"250{(number < offer.Count - 1 ? '-' : ' ')}{item}\r\n"));

    /// <inheritdoc/>
    public override GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length)
    {
        length = received.Length;
        var at = 0;
        while (received[at..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = received.Slice(at, end).TrimEnd((byte)'\r');
            at += end + 1;
            if (line.Length < 3
                || line[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
            {
                return GreetingVerdict.Foreign;
            }

            if (line.Length == 3 || line[3] == ' ')
            {
                length = at;
                return line[..3].SequenceEqual("220"u8) ? GreetingVerdict.Ready
                    : line[0] is (byte)'4' or (byte)'5' ? GreetingVerdict.Refusal
                    : GreetingVerdict.Foreign;
            }
        }

        return GreetingVerdict.Incomplete;
    }

    /// <inheritdoc/>
    public override bool IsHeaderRefused(ReadOnlySpan<byte> reply) => reply is [(byte)'5', ..];

    /// <inheritdoc/>
    public override string CapabilityCommand(string hostName) => $"EHLO {hostName}";

    /// <inheritdoc/>
    public override bool EndsCapabilities(string line) => IsLast(line);

    /// <inheritdoc/>
    public override ServerCapabilities? ReadCapabilities(IReadOnlyList<string> answer)
    {
        if (answer is not [.., var last] || !IsLast(last) || !last.StartsWith("250", StringComparison.Ordinal))
        {
            return null;
        }

        var offers = answer.Skip(1).Select(static line => line.Length > 4 ? line[4..] : "").ToList();
        return new(
            string.Join(", ", offers),
            OffersStartTls: offers.Exists(
                static offer => Words(offer) is [var first, ..] && first.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase)),
            OffersLogin: offers.Exists(static offer =>
                Words(offer) is [var first, .. var mechanisms] && first.Equals("AUTH", StringComparison.OrdinalIgnoreCase) && mechanisms.Any(Works)),
            Items: [.. from offer in offers
                       let words = offer.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                       where words.Length > 0
                       select new Capability(words[0], words[1..])]);
    }

    /// <summary>Whether <paramref name="line"/> is the last one of a reply (RFC 5321 section 4.2.1).</summary>
    public static bool IsLast(string line) => line.Length < 4 || line[3] != '-';

    // "AUTH=PLAIN" is how servers wrote it before RFC 2554.
    private static string[] Words(string offer) => offer.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);

    private static bool Works(string mechanism) => SaslMechanisms.SurvivesReading(Encoding.ASCII.GetBytes(mechanism));
}
