using TlsFront.Protocols;

namespace TlsFront.Backends.Probes;

/// <summary>What a probe ended with.</summary>
/// <param name="Failure">The <c>error.type</c> of <c>tlsfront.backend.probe.failures</c>; null if it was good.</param>
/// <param name="Words">The failure in an operator's words.</param>
/// <param name="IsOurs">Whether the gateway itself failed, which says nothing of the destination.</param>
internal sealed record ProbeResult(string? Failure, string Words = "", bool IsOurs = false)
{
    /// <summary>Of a protocol that is not known there is nothing to look at: a connection is all.</summary>
    public static readonly ProbeResult Good = new(Failure: null);

    /// <summary>How the connection began.</summary>
    public Greeting Greeting { get; init; }

    /// <summary>Why there was no connection.</summary>
    public ConnectFailure Connect { get; init; }

    /// <summary>What it offers before a login; null where it was not asked, or gave no list.</summary>
    public IReadOnlyList<Capability>? Capabilities { get; init; }

    /// <summary>What should be spoken.</summary>
    public MailProtocol Protocol { get; init; } = MailProtocol.Tcp;

    /// <summary>Time it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether the destination greeted.</summary>
    public bool IsGood => Failure is null;

    /// <summary>No connection.</summary>
    public static ProbeResult NotConnected(DialResult result) =>
        new(result.Failure.Tag(), result.Words, result.Failure.IsOurs()) { Connect = result.Failure };

    /// <summary>What <paramref name="greeting"/> says of a server that should speak <paramref name="protocol"/>.</summary>
    public static ProbeResult Of(Greeting greeting, MailProtocol protocol) => greeting.Opening switch
    {
        Opening.Ready => new ProbeResult(Failure: null) { Greeting = greeting },
        Opening.HeaderRefused =>
            new("proxy_header_refused", $"it does not expect the PROXY header and answers it: {greeting.Line}") { Greeting = greeting },
        Opening.IdentityRefused =>
            new("identity_refused", $"it does not take the clients' addresses from the gateway: {greeting.Line}") { Greeting = greeting },
        Opening.Refusal => new("refusal", $"it greets with a refusal: {greeting.Line}") { Greeting = greeting },
        Opening.Tls => new("not_the_protocol", $"it does not speak {ProtocolProfile.Of(protocol).Title}, but TLS") { Greeting = greeting },
        Opening.Foreign =>
            new("not_the_protocol", $"it does not speak {ProtocolProfile.Of(protocol).Title}: {greeting.Line}") { Greeting = greeting },
        Opening.Silent => new("no_greeting", "it did not greet in time") { Greeting = greeting },
        _ => new("closed", "it closed the connection without a greeting") { Greeting = greeting },
    };
}
