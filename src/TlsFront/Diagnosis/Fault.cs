namespace TlsFront.Diagnosis;

/// <summary>
/// What can be wrong between the gateway and a destination, or with the gateway's own settings. The README's table has them by their tags.
/// </summary>
internal enum Fault : byte
{
    /// <summary>The destination takes the PROXY header for something else.</summary>
    ProxyNotExpected,

    /// <summary>It waits for a PROXY header and gets none.</summary>
    ProxyExpected,

    /// <summary>It does not take the clients' addresses from the gateway in its own protocol.</summary>
    IdentityRefused,

    /// <summary>It speaks TLS and is spoken to in clear.</summary>
    BackendSpeaksTls,

    /// <summary>It is spoken to in TLS and does not speak it.</summary>
    BackendSpeaksPlain,

    /// <summary>It speaks TLS with a certificate that is not trusted.</summary>
    CertificateNotTrusted,

    /// <summary>TLS with it fails for another reason.</summary>
    TlsFailed,

    /// <summary>It offers no AUTH.</summary>
    AuthHidden,

    /// <summary>It allows no plaintext login.</summary>
    LoginDisabled,

    /// <summary>It offers STARTTLS inside TLS.</summary>
    StartTlsOfferedInside,

    /// <summary>It takes mail for anybody from anybody.</summary>
    OpenRelay,

    /// <summary>Its limits of clients count the gateway as one.</summary>
    PerClientLimits,

    /// <summary>It greets the gateway's own address, not those of clients.</summary>
    ProbeFineSessionsFail,

    /// <summary>It refuses in its greeting.</summary>
    Refusal,

    /// <summary>It speaks something else.</summary>
    NotTheProtocol,

    /// <summary>It says nothing.</summary>
    NoGreeting,

    /// <summary>It closes without a greeting.</summary>
    Closed,

    /// <summary>It refuses connections.</summary>
    Refused,

    /// <summary>It does not answer in time.</summary>
    Timeout,

    /// <summary>There is no way to it.</summary>
    Unreachable,

    /// <summary>Its name cannot be resolved.</summary>
    Unresolvable,

    /// <summary>The gateway itself lacks something to connect with.</summary>
    GatewayExhausted,

    /// <summary>No certificate covers a configured name.</summary>
    CertificateDoesNotCover,

    /// <summary>Everybody may say in a PROXY header who he is.</summary>
    TrustedNetworkWideOpen,
}
