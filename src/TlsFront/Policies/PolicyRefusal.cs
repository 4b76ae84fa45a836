using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>What a client is told whose login a policy refuses. The same for every password: no backend was asked (RFC 8314 section 4.1).</summary>
internal static class PolicyRefusal
{
    /// <summary>Authentication is not the matter, and another password of no use.</summary>
    private const string Code = "530 5.7.0";

    /// <summary>The refusal by <paramref name="policy"/>.</summary>
    public static LoginRefusal Of(PolicySettings policy) =>
        new(policy.Message ?? Words(policy), Code, endsSession: false) { IsForTransport = policy.IsAboutTransport };

    private static string Words(PolicySettings policy) => (policy.Transport, policy.TlsBelow) switch
    {
        (ListenerSecurity.StartTls, null) => "This account needs implicit TLS: choose SSL/TLS in place of STARTTLS in your mail program",
        (_, { } version) => $"This account needs TLS {version.Number()} or later: update your mail program or device",
        _ => "This account may not log in from here in this way; ask your administrator",
    };
}
