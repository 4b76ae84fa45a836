namespace TlsFront.Protocols.Sasl;

/// <summary>
/// Follows one AUTH or AUTHENTICATE exchange as far as its user's name: the first response that is not empty has it, or nobody has. A name that a
/// server could have got from elsewhere is none.
/// </summary>
internal struct SaslDialogue
{
    private SaslMechanism _mechanism;
    private bool _isLogin;
    private int _responsesLeft;

    /// <summary>The name found so far, or null.</summary>
    public string? User { get; private set; }

    /// <summary>Whether the client's last word was a response: without one, no answer of the server's can be a login.</summary>
    public bool EndsInResponse { get; private set; }

    /// <summary>
    /// Whether the client sent any response: without one, no answer of the server's is a refused login. A client whose token was refused may end
    /// the exchange with <c>*</c> (RFC 7628 section 3.2.3), so that the last word does not tell.
    /// </summary>
    public bool HasCredentials { get; private set; }

    /// <summary>A command started the exchange; <paramref name="initialResponse"/> is empty when it carried none.</summary>
    public void Begin(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse)
    {
        User = null;
        HasCredentials = EndsInResponse = !initialResponse.IsEmpty;
        _mechanism = SaslMechanisms.Parse(mechanism);
        _isLogin = _mechanism == SaslMechanism.Login;
        // Behind the name come the password, or a proof; elsewhere nothing.
        _responsesLeft = _mechanism is SaslMechanism.Login or SaslMechanism.Scram ? 1 : 0;

        // In CRAM-MD5 the server speaks first, so it can make nothing of an initial response (RFC 2195, RFC 4954 section 4).
        if (_mechanism != SaslMechanism.CramMd5)
        {
            Respond(initialResponse);
        }
    }

    /// <summary>
    /// The client answered a challenge; returns what is forwarded. What is no response cancels the exchange: an error to the client either
    /// way (RFC 5034 section 4, RFC 9051 section 6.2.2), and nothing a server could take for a command.
    /// </summary>
    public ReadOnlySpan<byte> Answer(ReadOnlySpan<byte> line)
    {
        var response = SaslResponse.IsAnswer(line) ? line : "*"u8;
        EndsInResponse = !SaslResponse.IsCancellation(response);
        if (EndsInResponse)
        {
            HasCredentials = true;
            Respond(response);
            if (_isLogin && _mechanism != SaslMechanism.Other)
            {
                // It answered the question for the name with nothing. Whether the next question is the same again, nobody knows.
                (_mechanism, _responsesLeft) = (SaslMechanism.Other, 0);
            }
        }

        return response;
    }

    private void Respond(ReadOnlySpan<byte> line)
    {
        var isEmpty = line.IsEmpty || line.SequenceEqual("="u8);
        if (_mechanism == SaslMechanism.Other)
        {
            // A server that asks for more knew nothing to do with the initial response: which of the names counts is its secret. The
            // last word of a SCRAM dialogue is empty, and a password may be.
            if ((_isLogin || !isEmpty) && _responsesLeft-- == 0)
            {
                User = null;
            }
        }
        else if (!isEmpty)
        {
            // To an empty response a server asks again.
            User = SaslUserName.FromInitialResponse(_mechanism, line);
            _mechanism = SaslMechanism.Other;
        }
    }
}
