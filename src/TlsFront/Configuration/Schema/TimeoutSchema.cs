namespace TlsFront.Configuration.Schema;

/// <summary><c>timeouts</c>.</summary>
internal static class TimeoutSchema
{
    private static readonly DurationType Span = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    public static readonly SettingsSection<TimeoutSettings> Section = new("timeouts", "Deadlines of a session's phases.", new(),
        // The specification gives senders 3 s at least, for a lost segment and its repetition.
        new Setting<TimeoutSettings, TimeSpan>("proxyHeader", new DurationType(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1)),
            static timeouts => timeouts.ProxyHeader, static (timeouts, value) => timeouts with { ProxyHeader = value },
            "From accept to the end of a load balancer's PROXY header."),
        new Setting<TimeoutSettings, TimeSpan>("handshake", Span,
            static timeouts => timeouts.Handshake, static (timeouts, value) => timeouts with { Handshake = value },
            "From accept, the PROXY header or STARTTLS to the end of the TLS handshake."),
        new Setting<TimeoutSettings, TimeSpan>("starttls", Span,
            static timeouts => timeouts.StartTls, static (timeouts, value) => timeouts with { StartTls = value },
            "From the greeting to STARTTLS, all commands together; the time for the handshake follows."),
        new Setting<TimeoutSettings, TimeSpan>("connect", Span,
            static timeouts => timeouts.Connect, static (timeouts, value) => timeouts with { Connect = value },
            "Reaching a backend, shared by all destinations tried; the greeting counts while another is left."),
        new Setting<TimeoutSettings, TimeSpan?>("greeting", new OptionalType<TimeSpan>(Span),
            static timeouts => timeouts.Greeting, static (timeouts, value) => timeouts with { Greeting = value },
            "The greeting of the last destination that is left. "
            + "SMTP servers may make clients wait for it (RFC 5321 section 4.5.3.2.1), others greet at once or hang.")
        { DefaultWords = "`5m` with smtp, otherwise `1m`" },
        new Setting<TimeoutSettings, TimeSpan>("preLogin", Span,
            static timeouts => timeouts.PreLogin, static (timeouts, value) => timeouts with { PreLogin = value },
            "The client's next command before login."),
        new Setting<TimeoutSettings, TimeSpan>("command", Span,
            static timeouts => timeouts.Command, static (timeouts, value) => timeouts with { Command = value },
            "The client's next command after login (SMTP).")
        { Advice = NotBelow(5, "RFC 5321 section 4.5.3.2.7") },
        new Setting<TimeoutSettings, TimeSpan>("reply", Span,
            static timeouts => timeouts.Reply, static (timeouts, value) => timeouts with { Reply = value },
            "The backend's reply.")
        { Advice = NotBelow(10, "RFC 5321 section 4.5.3.2.6") },
        new Setting<TimeoutSettings, TimeSpan>("data", Span,
            static timeouts => timeouts.Data, static (timeouts, value) => timeouts with { Data = value },
            "The client's next piece of message data.")
        { Advice = NotBelow(3, "RFC 5321 section 4.5.3.2.5") },
        new Setting<TimeoutSettings, TimeSpan>("relay", Span,
            static timeouts => timeouts.Relay, static (timeouts, value) => timeouts with { Relay = value },
            "Silence of both sides once a session is relayed unread.")
        { Advice = NotBelow(30, "RFC 9051 section 5.4") },
        new Setting<TimeoutSettings, TimeSpan>("write", Span,
            static timeouts => timeouts.Write, static (timeouts, value) => timeouts with { Write = value },
            "How long a side may take nothing of what is written to it."),
        new Setting<TimeoutSettings, TimeSpan>("linger", new DurationType(TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            static timeouts => timeouts.Linger, static (timeouts, value) => timeouts with { Linger = value },
            "How long the client's answer to the gateway's close_notify is awaited."));

    private static Func<TimeSpan, ValueProblem?> NotBelow(int minutes, string rule) => value =>
        value >= TimeSpan.FromMinutes(minutes) ? null : new($"is shorter than the {minutes}m that {rule} grants", $"write {minutes}m or more");
}
