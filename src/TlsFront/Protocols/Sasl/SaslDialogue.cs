namespace TlsFront.Protocols.Sasl;

/// <summary>Follows one AUTH or AUTHENTICATE exchange as far as its user's name: the first response has it or nobody has.</summary>
internal struct SaslDialogue
{
    private SaslMechanism _mechanism;

    /// <summary>The name found so far, or null.</summary>
    public string? User { get; private set; }

    /// <summary>A command started the exchange; <paramref name="initialResponse"/> is empty when it carried none.</summary>
    public void Begin(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse)
    {
        User = null;
        _mechanism = SaslMechanisms.Parse(mechanism);
        if (!initialResponse.IsEmpty)
        {
            Respond(initialResponse);
        }
    }

    /// <summary>The client answered a challenge, with base64 or with <c>*</c>.</summary>
    public void Respond(ReadOnlySpan<byte> line)
    {
        if (_mechanism != SaslMechanism.Other)
        {
            User = SaslUserName.FromInitialResponse(_mechanism, line);
            _mechanism = SaslMechanism.Other;
        }
    }
}
