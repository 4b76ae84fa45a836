using TlsFront.Protocols;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>A session that begins in cleartext, and the words of each protocol for it.</summary>
/// <param name="Protocol">What is spoken.</param>
/// <param name="Greeting">The gateway's first words.</param>
/// <param name="Command">The client's way to TLS.</param>
/// <param name="Agreement">The gateway's last words in cleartext.</param>
/// <param name="Injection">What is said to a client that does not wait for TLS.</param>
public sealed record StartTlsSession(string Protocol, string Greeting, string Command, string Agreement, string Injection)
{
    public static readonly StartTlsSession Smtp = new(
        "smtp", "220 mail.example.com ESMTP\r\n", "STARTTLS\r\n", "220 2.0.0 Ready to start TLS\r\n", "554 5.5.0 Data sent behind STARTTLS\r\n");

    public static readonly StartTlsSession Imap = new(
        "imap", "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED ID] mail.example.com ready\r\n", "a STARTTLS\r\n", "a OK Begin TLS\r\n",
        "* BYE Data sent behind STARTTLS\r\n");

    public static readonly StartTlsSession Pop3 = new(
        "pop3", "+OK mail.example.com ready\r\n", "STLS\r\n", "+OK Begin TLS\r\n", "-ERR Data sent behind STLS\r\n");

    public static readonly StartTlsSession Sieve = new(
        "sieve",
        "\"IMPLEMENTATION\" \"TlsFront\"\r\n\"SIEVE\" \"\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\n"
        + "\"VERSION\" \"1.0\"\r\nOK \"mail.example.com ready\"\r\n",
        "STARTTLS\r\n", "OK \"Begin TLS\"\r\n", "BYE \"Data sent behind STARTTLS\"\r\n");

    public static IReadOnlyList<StartTlsSession> All { get; } = [Smtp, Imap, Pop3, Sieve];

    /// <summary>How words that end the session begin.</summary>
    public string Goodbye => Protocol switch { "smtp" => "421 ", "imap" => "* BYE ", "sieve" => "BYE ", _ => "-ERR " };

    /// <summary>How a refused command is answered.</summary>
    public string Refusal => Protocol switch { "smtp" => "5", "imap" => "a BAD ", "sieve" => "NO ", _ => "-ERR " };

    public override string ToString() => Protocol;

    /// <summary>After the greeting, nothing said yet.</summary>
    internal MachineHarness Start(bool offersTls = true, int backends = 1)
    {
        var profile = ProtocolProfile.All.Single(profile => profile.Name == Protocol);
        return new MachineHarness(observer => new StartTlsMachine(
            profile.CreatePlaintext(offersTls), profile.CreateMachine(new SessionRules(), observer, isGreeted: true), observer))
        { BackendsLeft = backends }.Start();
    }

    /// <summary>Behind TLS, with a backend that has not greeted yet.</summary>
    internal MachineHarness Secured(int backends = 1)
    {
        var harness = Start(backends: backends);
        harness.Client(Command);
        harness.TakeToClient();
        return harness;
    }
}
