namespace TlsFront.Migration;

/// <summary>What there is to leave, the most urgent last.</summary>
internal enum Urgency : byte
{
    /// <summary>Nothing: it is implicit TLS 1.2 or later.</summary>
    None,

    /// <summary>STARTTLS.</summary>
    StartTls,

    /// <summary>TLS before 1.2.</summary>
    OldTls,

    /// <summary>Cleartext.</summary>
    Cleartext,
}
