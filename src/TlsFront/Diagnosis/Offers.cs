namespace TlsFront.Diagnosis;

/// <summary>What a server offered before the login.</summary>
[Flags]
internal enum Offers : byte
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>Its list was read, so that what is missing here is missing there.</summary>
    Known = 1,

    /// <summary>A login that works through the gateway.</summary>
    Login = 2,

    /// <summary>It said <c>LOGINDISABLED</c>, or it has POP3 with no way to log in.</summary>
    LoginDisabled = 4,

    /// <summary>STARTTLS or STLS.</summary>
    StartTls = 8,

    /// <summary>It wants STARTTLS before anything else.</summary>
    StartTlsRequired = 16,

    /// <summary>It took a recipient elsewhere from a stranger.</summary>
    Relay = 32,
}
