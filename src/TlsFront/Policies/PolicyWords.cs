using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>What a client is told by a policy.</summary>
internal static class PolicyWords
{
    private static readonly LoginRefusal Cleartext =
        new("TLS is required", TransportCode, endsSession: false) { Kind = LoginRefusalKind.Transport };

    private static readonly LoginRefusal Legacy =
        new("TLS 1.2 or later is required", TransportCode, endsSession: false) { Kind = LoginRefusalKind.Transport };

    /// <summary>
    /// RFC 4954 section 6 has 530 for commands that need something first, which is what the client has to hear: it is not the password.
    /// </summary>
    private const string TransportCode = "530 5.7.0";

    /// <summary>The refusal of a login that no policy matches; null where it needs none.</summary>
    public static LoginRefusal? RefusalWithoutPolicy(in PolicySubject subject) =>
        subject.Transport == LoginTransport.Cleartext ? Cleartext : subject.IsLegacy ? Legacy : null;

    /// <summary>
    /// The refusal by <paramref name="policy"/>: the same for every password, because no backend was asked (RFC 8314 section 4.1).
    /// </summary>
    public static LoginRefusal Refusal(PolicySettings policy)
    {
        var kind = policy.IsTemporary ? LoginRefusalKind.Temporary
            : policy.IsAboutTransport ? LoginRefusalKind.Transport
            : LoginRefusalKind.Login;

        var code = kind switch
        {
            LoginRefusalKind.Temporary => "454 4.7.0",
            LoginRefusalKind.Transport => TransportCode,
            _ => null,
        };
        return new(Of(policy), code, endsSession: false) { Kind = kind };
    }

    /// <summary>The operator's words, or what there is to change.</summary>
    public static string Of(PolicySettings policy) => policy.Message ?? (policy.Transport, policy.TlsBelow, policy.Cipher) switch
    {
        (_, { } version, _) => $"This account needs TLS {version.Number()} or later: update your mail program or device",
        (LoginTransport.Cleartext, _, _) => "This account needs TLS: choose SSL/TLS in your mail program",
        (_, _, not null) => "This account needs a stronger cipher: update your mail program or device",
        (LoginTransport.StartTls, _, _) => "This account needs implicit TLS: choose SSL/TLS in place of STARTTLS in your mail program",
        _ => "This account may not log in from here in this way; ask your administrator",
    };
}
