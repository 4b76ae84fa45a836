namespace TlsFront.Migration;

/// <summary>What there is to leave, the most urgent last.</summary>
internal enum Urgency : byte
{
    /// <summary>Nothing: it is implicit TLS 1.2 or later, with a strong cipher suite.</summary>
    None,

    /// <summary>STARTTLS.</summary>
    StartTls,

    /// <summary>A cipher suite without forward secrecy or without authenticated encryption (RFC 9325 section 4).</summary>
    WeakCipher,

    /// <summary>TLS before 1.2.</summary>
    OldTls,

    /// <summary>Cleartext.</summary>
    Cleartext,
}
