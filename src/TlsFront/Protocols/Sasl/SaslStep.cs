namespace TlsFront.Protocols.Sasl;

/// <summary>Where a SASL exchange stands, seen from a server that wants to know the user and nothing else.</summary>
internal enum SaslStep : byte
{
    /// <summary>The client is to answer a challenge.</summary>
    Challenge,

    /// <summary>The client said all that can be said without its backend.</summary>
    Complete,

    /// <summary>The client gave it up.</summary>
    Cancelled,

    /// <summary>The mechanism cannot be handed on: a backend chooses the challenge, or shows the user too late.</summary>
    Unsupported,
}
