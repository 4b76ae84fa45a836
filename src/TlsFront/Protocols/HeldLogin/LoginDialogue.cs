using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.HeldLogin;

/// <summary>
/// What a session hears in a backend's place until its login is complete, one subclass a protocol: greeting, capabilities, the questions of a login.
/// It hears what a backend would, commands that the session has checked already; and it says what a backend would, which the session rewrites for
/// the client as ever.
/// </summary>
/// <param name="offer">What all backends offer, as <see cref="ProtocolProfile.FormatOffer"/> wrote it.</param>
/// <param name="certifiedOffer">The same with EXTERNAL, for clients whose certificate names a user; empty where none may log in by it.</param>
internal abstract class LoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer)
{
    private SaslLogin _exchange;
    private string? _certifiedUser;

    /// <summary>Whose login it is, once it is complete; never null then.</summary>
    public string? User { get; private set; }

    /// <summary>Whether it is the client's certificate that says so, and no secret does.</summary>
    public bool IsByCertificate => _exchange.IsExternal;

    /// <summary>Whether what was read last begins a login, and what may have come before it is none.</summary>
    public bool BeginsLogin { get; private set; }

    /// <summary>
    /// Where in what was read last the space before an initial response stands; 0 if there is none. A login is handed on without one: a server that
    /// does not know them would take the next response for the first, and a password for a name.
    /// </summary>
    public int ResponseAt { get; private set; }

    /// <summary>Whether the backend may ask for more than what was said.</summary>
    public bool MayBeAsked => _exchange.MayBeAsked;

    /// <summary>What stands around a response; empty if nothing.</summary>
    public virtual ReadOnlySpan<byte> ResponseQuote => default;

    /// <inheritdoc cref="IHeldLogin.Method"/>
    public string Method => _exchange.Mechanism switch
    {
        SaslMechanism.XOAuth2 => "xoauth2",
        SaslMechanism.OAuthBearer => "oauthbearer",
        SaslMechanism.Scram => "scram",
        SaslMechanism.External => "external",
        _ => "plain",
    };

    /// <summary>What a backend must be told before a login; empty if nothing.</summary>
    public virtual ReadOnlySpan<byte> Preamble => default;

    /// <summary>Whether the client answers a challenge next.</summary>
    protected bool IsInExchange { get; private set; }

    /// <summary>What the client is offered: what all backends offer, and EXTERNAL if its certificate names a user.</summary>
    protected ReadOnlySpan<byte> Offer => (_certifiedUser is null ? offer : certifiedOffer).Span;

    /// <summary>
    /// Octets of <paramref name="input"/>, the client's, that the session gets at once: where it forwards several commands in one call, the replies
    /// to all of them would be too much for it.
    /// </summary>
    public virtual int InputLength(ReadOnlySpan<byte> input) => input.Length;

    /// <summary>Says the first words.</summary>
    public void Greet(SessionFacts facts, ref ReplyText reply)
    {
        _certifiedUser = certifiedOffer.IsEmpty ? null : facts.Tls?.ClientCertificate?.User;
        WriteGreeting(facts, ref reply);
    }

    /// <summary>Octets of what <see cref="Read"/> gets at once, at the start of <paramref name="pending"/>; 0 if it is not complete.</summary>
    public virtual int CommandLength(ReadOnlySpan<byte> pending) => pending.IndexOf((byte)'\n') + 1;

    /// <summary>Reads a command or the next part of one, line end included, and answers it unless it completes a login.</summary>
    public LoginAnswer Read(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply)
    {
        BeginsLogin = false;
        ResponseAt = 0;
        return ReadCommand(command, facts, ref reply);
    }

    /// <summary>
    /// Writes the command that begins a login by PLAIN in place of the client's. Its response is the next line, and its answer the client's.
    /// </summary>
    public void WritePlain(ref ReplyText command)
    {
        _exchange = default;
        WritePlainCommand(ref command);
    }

    /// <summary>Octets of what <see cref="Classify"/> gets at once, at the start of <paramref name="received"/>; 0 if it is not complete.</summary>
    public virtual int ReplyLength(ReadOnlySpan<byte> received) => received.IndexOf((byte)'\n') + 1;

    /// <summary>Whether somebody can log in behind <paramref name="greeting"/>, and nobody is logged in already.</summary>
    public virtual bool IsForLogin(ReadOnlySpan<byte> greeting) => true;

    /// <summary>What <paramref name="reply"/>, a line of the backend's, means for the login.</summary>
    public abstract BackendReply Classify(ReadOnlySpan<byte> reply);

    /// <summary>
    /// Whether the backend agrees to <see cref="Preamble"/>; null if its answer, at the start of <paramref name="received"/>, is not complete.
    /// Nothing was asked where there is none.
    /// </summary>
    /// <param name="received">What it said so far.</param>
    /// <param name="length">Octets of the answer.</param>
    public virtual bool? AgreesToPreamble(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        return true;
    }

    /// <summary>Refuses a login that is complete.</summary>
    public abstract void WriteRefusal(LoginRefusal refusal, ref ReplyText reply);

    /// <summary>Says something that a user has to see, in front of the answer to an accepted login; where the protocol has a way.</summary>
    public virtual void WriteAlert(string words, ref ReplyText reply)
    {
    }

    /// <summary>Copies the password of a login with the last part <paramref name="part"/>; false if it shows none, or one that is too long.</summary>
    public bool TryReadPassword(ReadOnlySpan<byte> part, Span<byte> password, out int length) =>
        _exchange.Mechanism == SaslMechanism.Other
            ? TryReadCommandPassword(part, password, out length)
            : SaslPassword.TryRead(_exchange.Mechanism, ResponseOf(part), password, out length);

    /// <summary>Says that there were too many failed logins, or commands without one.</summary>
    public abstract void WriteTooMany(SessionFacts facts, ref ReplyText reply);

    /// <inheritdoc cref="Greet"/>
    protected abstract void WriteGreeting(SessionFacts facts, ref ReplyText reply);

    /// <inheritdoc cref="Read"/>
    protected abstract LoginAnswer ReadCommand(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply);

    /// <inheritdoc cref="WritePlain"/>
    protected abstract void WritePlainCommand(ref ReplyText command);

    /// <summary>Whether <paramref name="command"/>, a line, is what a client may answer then.</summary>
    public bool MayAnswer(ReadOnlySpan<byte> command) => _exchange.MayAnswer(ResponseOf(command));

    /// <summary>The response in <paramref name="command"/>, a line that answers a challenge.</summary>
    protected virtual ReadOnlySpan<byte> ResponseOf(ReadOnlySpan<byte> command) => command.TrimEnd("\r\n"u8);

    /// <summary>The same for a login that is no SASL exchange.</summary>
    protected virtual bool TryReadCommandPassword(ReadOnlySpan<byte> part, Span<byte> password, out int length)
    {
        length = 0;
        return false;
    }

    /// <summary>A command began a login that is no SASL exchange.</summary>
    protected void BeginLogin()
    {
        BeginsLogin = true;
        _exchange = default;
    }

    /// <summary>
    /// A command began a SASL exchange; <paramref name="initialResponse"/> is empty when it carried none, otherwise the space before it stands
    /// at <paramref name="at"/>.
    /// </summary>
    protected LoginAnswer BeginExchange(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse, int at, ref ReplyText reply)
    {
        BeginsLogin = true;
        ResponseAt = initialResponse.IsEmpty ? 0 : at;
        return Follow(_exchange.Begin(mechanism, initialResponse, _certifiedUser), ref reply);
    }

    /// <summary>The client answered the challenge of the exchange.</summary>
    protected LoginAnswer ContinueExchange(ReadOnlySpan<byte> command, ref ReplyText reply) =>
        Follow(_exchange.Respond(ResponseOf(command)), ref reply);

    /// <summary>A login is complete; refused if it shows no name, or one with spaces, which some servers cut off and others do not.</summary>
    protected LoginAnswer Complete(string? user, ref ReplyText reply)
    {
        User = user is null || user.Any(char.IsWhiteSpace) ? null : user;
        if (User is not null)
        {
            return LoginAnswer.Complete;
        }

        Refuse(SaslStep.Complete, ref reply);
        return LoginAnswer.Refused;
    }

    /// <summary>Asks for the next response with <paramref name="challenge"/>, in base64.</summary>
    protected virtual void Ask(ReadOnlySpan<byte> challenge, ref ReplyText reply)
    {
        reply.Write("+ "u8);
        reply.Write(challenge);
        reply.Write("\r\n"u8);
    }

    /// <summary>Refuses a login that ended at <paramref name="end"/>; <see cref="SaslStep.Complete"/> is one that shows no name.</summary>
    protected abstract void Refuse(SaslStep end, ref ReplyText reply);

    private LoginAnswer Follow(SaslStep step, ref ReplyText reply)
    {
        IsInExchange = step == SaslStep.Challenge;
        switch (step)
        {
            case SaslStep.Challenge:
                Ask(_exchange.Challenge, ref reply);
                return LoginAnswer.Continued;
            case SaslStep.Complete:
                return Complete(_exchange.User, ref reply);
            default:
                Refuse(step, ref reply);
                return step == SaslStep.Cancelled ? LoginAnswer.Refused : LoginAnswer.Answered;
        }
    }
}
