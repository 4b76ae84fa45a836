namespace TlsFront.Protocols.Sasl;

/// <summary>
/// The server's part of a SASL exchange, as far as it is the same at every server: up to the client's last word, or to its first one in a mechanism
/// whose challenges are the backend's own. What the client said can then be said to any backend.
/// </summary>
internal struct SaslLogin
{
    private SaslDialogue _dialogue;
    private string? _certifiedUser;
    private bool _namesOne;
    private int _responsesLeft;

    /// <summary>The mechanism of the exchange; <see cref="SaslMechanism.Other"/> if there is none.</summary>
    public SaslMechanism Mechanism { readonly get; private set; }

    /// <summary>The user, if every server would find the same one, and no other whom it acts for; null otherwise.</summary>
    public readonly string? User => !_namesOne ? null : IsExternal ? _certifiedUser : _dialogue.User;

    /// <summary>Whether it is the client's certificate that says who it is, and no secret does (EXTERNAL, RFC 4422 appendix A).</summary>
    public readonly bool IsExternal => Mechanism == SaslMechanism.External;

    /// <summary>What the client is asked, in base64; empty where a mechanism asks nothing.</summary>
    public readonly ReadOnlySpan<byte> Challenge =>
        Mechanism != SaslMechanism.Login ? default : _responsesLeft == 2 ? "VXNlcm5hbWU6"u8 : "UGFzc3dvcmQ6"u8;

    /// <summary>
    /// Whether the user's server may still have something to ask: in SCRAM for the proof, and where it refused a token whether the client
    /// understood why (RFC 7628 section 3.2.3).
    /// </summary>
    public readonly bool MayBeAsked => Mechanism is SaslMechanism.Scram or SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2;

    /// <summary>
    /// Whether the mechanism called <paramref name="name"/> can be handed on to a backend that is found by its user. Not where the server speaks
    /// first (CRAM-MD5, DIGEST-MD5, APOP: the answer is good at that server alone), nor where no name can be read (GSSAPI, NTLM). EXTERNAL
    /// is about a certificate, which not every client has.
    /// </summary>
    public static bool CanHold(ReadOnlySpan<byte> name) => SaslMechanisms.Parse(name)
        is SaslMechanism.Plain or SaslMechanism.Login or SaslMechanism.XOAuth2 or SaslMechanism.OAuthBearer or SaslMechanism.Scram;

    /// <summary>
    /// A command starts the exchange; <paramref name="initialResponse"/> is empty when it carried none. <paramref name="certifiedUser"/> is whom the
    /// client's certificate names, null for nobody.
    /// </summary>
    public SaslStep Begin(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse, string? certifiedUser)
    {
        var isExternal = SaslMechanisms.Parse(mechanism) == SaslMechanism.External;
        if (isExternal ? certifiedUser is null : !CanHold(mechanism))
        {
            return SaslStep.Unsupported;
        }

        _dialogue.Begin(mechanism, initialResponse);
        Mechanism = SaslMechanisms.Parse(mechanism);
        _certifiedUser = certifiedUser;
        _responsesLeft = Mechanism == SaslMechanism.Login ? 2 : 1;
        if (!initialResponse.IsEmpty)
        {
            Take(initialResponse);
        }

        return _responsesLeft > 0 ? SaslStep.Challenge : SaslStep.Complete;
    }

    /// <summary>
    /// Whether the client may say <paramref name="response"/> to what its server asks then: a proof, but no second token, which could be another
    /// user's.
    /// </summary>
    public readonly bool MayAnswer(ReadOnlySpan<byte> response) =>
        Mechanism == SaslMechanism.Scram
        || (MayBeAsked
            && (response.IsEmpty || response.SequenceEqual("="u8) || response.SequenceEqual("AQ=="u8) || SaslResponse.IsCancellation(response)));

    /// <summary>The client answered with <paramref name="response"/>, which its session has checked.</summary>
    public SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (SaslResponse.IsCancellation(response))
        {
            return SaslStep.Cancelled;
        }

        _dialogue.Answer(response);
        Take(response);
        return _responsesLeft > 0 ? SaslStep.Challenge : SaslStep.Complete;
    }

    // The first response has the name; behind it LOGIN has the password.
    private void Take(ReadOnlySpan<byte> response)
    {
        _namesOne = _responsesLeft-- == 1 && Mechanism == SaslMechanism.Login ? _namesOne
            : IsExternal && (response.IsEmpty || response.SequenceEqual("="u8)) ? true
            : SaslUserName.NamesOne(Mechanism, response) && (!IsExternal || IsCertified(response));
    }

    // By the letter: to a server that folds case, or trims, another spelling might be somebody else.
    private readonly bool IsCertified(ReadOnlySpan<byte> response) =>
        SaslUserName.FromInitialResponse(SaslMechanism.External, response) == _certifiedUser;
}
