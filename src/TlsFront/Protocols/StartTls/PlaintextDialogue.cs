using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.StartTls;

/// <summary>
/// What is said before TLS, one subclass a protocol. All of it is ours: a greeting, the capabilities of somebody who cannot log in, and the way to
/// TLS. Whatever else the client asks for is refused, in the same words whether its password is right or wrong; but where some users may log in
/// without TLS, a login is left to the session.
/// </summary>
internal abstract class PlaintextDialogue
{
    /// <summary>Most octets of a literal or chunk that are dropped; what announces more ends the connection.</summary>
    protected const int MaxAnnounced = StartTlsMachine.MaxLine;

    private bool _mayBeResponse;
    private bool _endedInLiteral;

    /// <summary>Whether TLS can be had. Without a certificate it is not offered.</summary>
    public required bool OffersTls { get; init; }

    /// <summary>The SASL mechanisms of clients that may log in without TLS; null where nobody may.</summary>
    public IReadOnlyList<string>? Mechanisms { get; init; }

    /// <summary>Whether the client may log in without TLS, if a policy lets its user.</summary>
    protected bool OffersLogin => Mechanisms is not null;

    /// <summary>What a session must have heard before a login, line end included; empty if nothing.</summary>
    public virtual ReadOnlySpan<byte> Preamble => default;

    /// <summary>Octets the client announced to send behind its last line, which are no line: they are dropped.</summary>
    public int Announced { get; protected set; }

    /// <summary>Whether the last line had a password or a token in it, for everybody on the way to read.</summary>
    public bool HasExposedCredentials { get; protected set; }

    /// <summary>Whose they are; null if the line does not show it.</summary>
    public string? ExposedUser { get; protected set; }

    /// <summary>Whether the line is the rest of a refused command, behind a literal.</summary>
    protected bool IsRest { get; private set; }

    /// <summary>Whether the last line began a login; a client that does not wait for the answer sends its response all the same.</summary>
    protected bool AwaitsResponse { get; set; }

    /// <summary>The first words.</summary>
    public abstract void Greet(ref Emitter to);

    /// <summary>Reads <paramref name="line"/>, which has no end, and answers it unless it asks for TLS.</summary>
    public PlaintextRequest Read(ReadOnlySpan<byte> line, ref Emitter to)
    {
        Announced = 0;
        HasExposedCredentials = false;
        ExposedUser = null;
        (IsRest, _endedInLiteral) = (_endedInLiteral, false);
        _mayBeResponse = AwaitsResponse;
        AwaitsResponse = false;
        return ReadLine(line, ref to);
    }

    /// <summary>Whether <paramref name="line"/>, which is no command, is what a client sends that took its login for begun.</summary>
    protected bool IsResponse(ReadOnlySpan<byte> line)
    {
        var isResponse = _mayBeResponse && SaslResponse.IsInitial(line) && !line.SequenceEqual("="u8);
        // After the name the password.
        AwaitsResponse = isResponse;
        return isResponse;
    }

    /// <summary>Refuses <paramref name="line"/> with the literal it announces, whose octets come without a go-ahead (RFC 7888, RFC 5804).</summary>
    protected PlaintextRequest Drop(ReadOnlySpan<byte> line)
    {
        _endedInLiteral = StringSyntax.EndsInLiteral(line, out var literal, out var synchronising) && !synchronising;
        Announced = _endedInLiteral ? literal : 0;
        return Announced > MaxAnnounced ? PlaintextRequest.Abort : PlaintextRequest.Answered;
    }

    /// <summary>Agrees to TLS: the last words in cleartext.</summary>
    public abstract void Agree(ref Emitter to);

    /// <summary>Tells the client why the session ends.</summary>
    public abstract void SayGoodbye(CloseReason reason, ref Emitter to);

    /// <inheritdoc cref="Read"/>
    protected abstract PlaintextRequest ReadLine(ReadOnlySpan<byte> line, ref Emitter to);
}
