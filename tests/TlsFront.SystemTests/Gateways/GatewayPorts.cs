namespace TlsFront.SystemTests.Gateways;

/// <summary>Where a gateway listens on 127.0.0.1.</summary>
/// <param name="Smtp">Submission over implicit TLS.</param>
/// <param name="Imap">IMAP over implicit TLS.</param>
/// <param name="Pop3">POP3 over implicit TLS.</param>
/// <param name="Admin">The admin endpoint.</param>
/// <param name="StartTls">The three protocols with STARTTLS, in that order, where the setup has them.</param>
/// <param name="Sieve">ManageSieve over implicit TLS and with STARTTLS, where the setup has it.</param>
/// <param name="Tcp">Anything else over implicit TLS, where the setup has it.</param>
public sealed record GatewayPorts(
    int Smtp, int Imap, int Pop3, int Admin, (int Smtp, int Imap, int Pop3) StartTls = default, (int Implicit, int StartTls) Sieve = default,
    int Tcp = 0);
