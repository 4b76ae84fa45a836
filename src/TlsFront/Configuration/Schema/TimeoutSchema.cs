namespace TlsFront.Configuration.Schema;

/// <summary><c>timeouts</c>.</summary>
internal static class TimeoutSchema
{
    private static readonly TimeoutSettings Defaults = new();
    private static readonly DurationType Span = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    /// <summary>The specification gives senders 3 s at least, for a lost segment and its repetition.</summary>
    public static readonly Setting<TimeSpan> ProxyHeader = new("proxyHeader", new DurationType(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1)),
        "From accept to the end of a load balancer's PROXY header.")
    { Default = Defaults.ProxyHeader };

    public static readonly Setting<TimeSpan> Handshake = new("handshake", Span,
        "From accept, or the PROXY header, to the end of the TLS handshake.")
    { Default = Defaults.Handshake };

    public static readonly Setting<TimeSpan> Connect = new("connect", Span,
        "Reaching a backend, shared by all destinations tried; the greeting counts while another is left.")
    { Default = Defaults.Connect };

    public static readonly Setting<TimeSpan> Greeting = new("greeting", Span,
        "The greeting of the last destination that is left.")
    { Default = Defaults.Greeting };

    public static readonly Setting<TimeSpan> PreLogin = new("preLogin", Span,
        "The client's next command before login.")
    { Default = Defaults.PreLogin };

    public static readonly Setting<TimeSpan> Command = new("command", Span,
        "The client's next command after login (SMTP).")
    { Default = Defaults.Command, Advice = NotBelow(5, "RFC 5321 section 4.5.3.2.7") };

    public static readonly Setting<TimeSpan> Reply = new("reply", Span,
        "The backend's reply.")
    { Default = Defaults.Reply, Advice = NotBelow(10, "RFC 5321 section 4.5.3.2.6") };

    public static readonly Setting<TimeSpan> Data = new("data", Span,
        "The client's next piece of message data.")
    { Default = Defaults.Data, Advice = NotBelow(3, "RFC 5321 section 4.5.3.2.5") };

    public static readonly Setting<TimeSpan> Relay = new("relay", Span,
        "Silence of both sides once a session is relayed unread.")
    { Default = Defaults.Relay, Advice = NotBelow(30, "RFC 9051 section 5.4") };

    public static readonly Setting<TimeSpan> Write = new("write", Span,
        "How long a side may take nothing of what is written to it.")
    { Default = Defaults.Write };

    public static readonly Setting<TimeSpan> Linger = new("linger", new DurationType(TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        "How long the client's answer to the gateway's close_notify is awaited.")
    { Default = Defaults.Linger };

    public static readonly SettingsSection Section = new("timeouts", "Deadlines of a session's phases.",
        ProxyHeader, Handshake, Connect, Greeting, PreLogin, Command, Reply, Data, Relay, Write, Linger);

    private static Func<TimeSpan, Complaint?> NotBelow(int minutes, string rule) => value =>
        value >= TimeSpan.FromMinutes(minutes) ? null : new($"is shorter than the {minutes}m that {rule} grants", $"write {minutes}m or more");
}
