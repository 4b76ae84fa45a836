using System.Text;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Imap;
using TlsFront.Protocols.Introduction;
using TlsFront.Protocols.Pop3;
using TlsFront.Protocols.Sasl;
using TlsFront.Protocols.Sieve;
using TlsFront.Protocols.Smtp;
using TlsFront.Protocols.StartTls;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Protocols;

/// <summary>
/// What the gateway knows of a protocol beside its <see cref="MailMachine"/>: the names of its services, its ALPN id, and the words of a short visit
/// to a server, as probes and diagnosis pay them. A new protocol is one profile, one machine and, where it has STARTTLS, one
/// <see cref="PlaintextDialogue"/>.
/// </summary>
internal abstract class ProtocolProfile
{
    /// <summary>Every protocol, in the order of <see cref="MailProtocol"/>.</summary>
    public static IReadOnlyList<ProtocolProfile> All { get; } =
        [new SmtpProfile(), new ImapProfile(), new Pop3Profile(), new SieveProfile(), new TcpProfile()];

    /// <summary>The protocol described.</summary>
    public abstract MailProtocol Protocol { get; }

    /// <summary>Its name in settings, metrics and reports, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>Its name in sentences.</summary>
    public virtual string Title => Name.ToUpperInvariant();

    /// <summary>
    /// Service name of the protocol over implicit TLS, which is also its URL scheme (RFC 8314 section 7); null where there is none.
    /// </summary>
    public virtual string? ImplicitTlsService => null;

    /// <summary>TCP port of <see cref="ImplicitTlsService"/>; 0 where there is none.</summary>
    public virtual int ImplicitTlsPort => 0;

    /// <summary>TCP port of the protocol with STARTTLS, as clients have it configured; 0 where there is none.</summary>
    public virtual int StartTlsPort => 0;

    /// <summary>ALPN protocol id registered with IANA; null where there is none.</summary>
    public virtual string? ApplicationProtocol => null;

    /// <summary>What servers call the service in their own configuration; Dovecot expects the word in the ALPN field of a PROXY header.</summary>
    public virtual string? ServiceName => null;

    /// <summary>Whether the protocol is understood, which implies that the server speaks first. Otherwise bytes are relayed unread.</summary>
    public virtual bool IsUnderstood => true;

    /// <summary>Whether clients hand in messages: the rules of message submission apply (RFC 6409).</summary>
    public virtual bool IsSubmission => false;

    /// <summary>What a visitor says before it leaves; empty where nothing can be said.</summary>
    public virtual ReadOnlyMemory<byte> Farewell => ReadOnlyMemory<byte>.Empty;

    /// <summary>The command that asks for TLS, without its line end.</summary>
    public virtual string StartTlsCommand => throw Unknown();

    /// <summary>
    /// Whether <paramref name="line"/> agrees to <see cref="StartTlsCommand"/>, behind which nothing but TLS may come; null if it is not the last.
    /// </summary>
    public virtual bool? AgreesToStartTls(string line) => throw Unknown();

    /// <summary>A new machine for one session.</summary>
    /// <param name="rules">What the operator decided.</param>
    /// <param name="observer">Who is told what the session does.</param>
    /// <param name="isGreeted">Whether the client was greeted before TLS: the backend's greeting is for the gateway alone then.</param>
    public abstract MailMachine CreateMachine(SessionRules rules, ISessionObserver observer, bool isGreeted);

    /// <summary>Reads what <see cref="MailMachine.Export"/> wrote.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    public virtual MachineFactory ReadMachine(ref StateReader state) =>
        throw new HandoverException($"a session of {Title} has a state that is not known here");

    /// <summary>What is said before STARTTLS.</summary>
    /// <param name="offersTls">Whether TLS can be had.</param>
    /// <param name="mechanisms">The SASL mechanisms of a client that may log in without TLS; null for one that may not.</param>
    public virtual PlaintextDialogue CreatePlaintext(bool offersTls, IReadOnlyList<string>? mechanisms = null) =>
        throw new InvalidOperationException($"{Title} has no STARTTLS.");

    /// <summary>What a session hears in a backend's place until its login is complete.</summary>
    /// <param name="offer">What all backends offer, as <see cref="FormatOffer"/> wrote it.</param>
    /// <param name="certifiedOffer">The same with EXTERNAL; empty where no client may log in by certificate.</param>
    public virtual LoginDialogue CreateLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) =>
        throw new InvalidOperationException($"{Title} has no login.");

    /// <summary>
    /// What a <see cref="LoginDialogue"/> says that it offers: what all backends do, less what depends on one of them. As long as nothing is known of
    /// them (null), what none of them can lack.
    /// </summary>
    /// <param name="items">What all backends offer.</param>
    /// <param name="isCertified">Whether it is for clients whose certificate names a user, who need no secret.</param>
    public byte[] FormatOffer(IReadOnlyList<Capability>? items, bool isCertified = false)
    {
        var offered = (items ?? LeastOffer).Select(FilterForHeldLogin).OfType<Capability>().ToList();
        if (!offered.Exists(IsLogin))
        {
            // Without one no client would try, and whether one works only the servers know.
            offered.AddRange(LeastOffer.Where(IsLogin));
        }

        if (isCertified)
        {
            AddMechanism(offered, "EXTERNAL");
        }

        while (true)
        {
            var text = Encoding.ASCII.GetBytes(Format(offered));
            if (text.Length <= Capability.MaxOffer)
            {
                return text;
            }

            // Whatever goes, clients must still see how to log in.
            offered.RemoveAt(offered.FindLastIndex(static item => !IsLogin(item)));
        }
    }

    /// <summary>The SASL mechanisms of an offer, before <see cref="FormatOffer"/> wrote it.</summary>
    /// <param name="items">What all backends offer.</param>
    public IReadOnlyList<string> MechanismsOf(IReadOnlyList<Capability>? items) =>
    [
        .. from item in (items ?? LeastOffer).Select(FilterForHeldLogin).OfType<Capability>()
           from name in item.Name.ToUpperInvariant() is "AUTH" or "SASL" ? item.Parameters
               : item.Name.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase) ? [item.Name["AUTH=".Length..]]
               : []
           select name,
    ];

    private static bool IsLogin(Capability item) =>
        item.Name.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase) || item.Name.ToUpperInvariant() is "SASL" or "USER";

    /// <summary>What is offered as long as nothing is known of the backends.</summary>
    protected virtual IReadOnlyList<Capability> LeastOffer => [];

    /// <summary>The item as far as a login that is held can use it; null if it cannot.</summary>
    protected virtual Capability? FilterForHeldLogin(Capability item) => item;

    /// <summary>Offers a mechanism beside others: one more word of the item that lists them.</summary>
    protected virtual void AddMechanism(List<Capability> offered, string mechanism)
    {
        var at = offered.FindIndex(static item => item.Name.ToUpperInvariant() is "AUTH" or "SASL");
        if (at < 0)
        {
            offered.Add(new("SASL", [mechanism]));
        }
        else
        {
            offered[at] = offered[at] with { Parameters = [.. offered[at].Parameters, mechanism] };
        }
    }

    /// <summary>The offer in the protocol's own shape.</summary>
    protected virtual string Format(IReadOnlyList<Capability> offer) => throw Unknown();

    /// <summary>Of a list of mechanisms those that can be handed on, or null if there are none.</summary>
    protected static Capability? FilterMechanisms(Capability item)
    {
        const int Most = 16;
        IReadOnlyList<string> mechanisms = [.. item.Parameters.Where(static name => SaslLogin.CanHold(Encoding.ASCII.GetBytes(name))).Take(Most)];
        return mechanisms.Count == 0 ? null : item with { Parameters = mechanisms };
    }

    /// <summary>By which words of its own a backend can be told of the client; <see cref="ClientIdentity.None"/> where there are none.</summary>
    public virtual ClientIdentity IdentityInDialogue => ClientIdentity.None;

    /// <summary>Tells a backend of the client by <see cref="IdentityInDialogue"/>.</summary>
    public virtual BackendIntroduction CreateIntroduction() => throw Unknown();

    /// <summary>The profile of <paramref name="protocol"/>.</summary>
    public static ProtocolProfile Of(MailProtocol protocol) => All[(int)protocol];

    /// <summary>
    /// Judges <paramref name="received"/>, all bytes a server sent so far. <paramref name="length"/> is how many of them the greeting takes, and all
    /// of them where it is none.
    /// </summary>
    public abstract GreetingVerdict JudgeGreeting(ReadOnlySpan<byte> received, out int length);

    /// <summary>
    /// Whether what came behind the greeting shows that the server took the PROXY header for commands. <paramref name="reply"/> otherwise begins with
    /// the answer to the visitor's first command, which no server calls an error.
    /// </summary>
    public virtual bool IsHeaderRefused(ReadOnlySpan<byte> reply) => false;

    /// <summary>The command that asks for capabilities, without its line end; <paramref name="hostName"/> is the visitor's name.</summary>
    public virtual string CapabilityCommand(string hostName) => throw Unknown();

    /// <summary>Whether <paramref name="line"/> ends the answer to <see cref="CapabilityCommand"/>.</summary>
    public virtual bool EndsCapabilities(string line) => throw Unknown();

    /// <summary>Reads the answer to <see cref="CapabilityCommand"/>; null if it is no list of capabilities.</summary>
    public virtual ServerCapabilities? ReadCapabilities(IReadOnlyList<string> answer) => throw Unknown();

    /// <summary>Judges a greeting of one line that begins with one of two words.</summary>
    protected static GreetingVerdict JudgeLine(ReadOnlySpan<byte> received, ReadOnlySpan<byte> ready, ReadOnlySpan<byte> refusal, out int length)
    {
        var end = received.IndexOf((byte)'\n');
        length = end < 0 ? received.Length : end + 1;
        return end < 0 ? GreetingVerdict.Incomplete
            : BeginsWith(received, ready) ? GreetingVerdict.Ready
            : BeginsWith(received, refusal) ? GreetingVerdict.Refusal
            : GreetingVerdict.Foreign;
    }

    /// <summary>Whether the first word of <paramref name="line"/>, which has an end, is <paramref name="word"/>.</summary>
    protected static bool BeginsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word) =>
        line.Length > word.Length && Ascii.EqualsIgnoreCase(line[..word.Length], word) && line[word.Length] is (byte)' ' or (byte)'\r' or (byte)'\n';

    private InvalidOperationException Unknown() => new($"Nothing can be asked in {Title}.");
}
