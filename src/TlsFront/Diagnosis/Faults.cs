namespace TlsFront.Diagnosis;

/// <summary>Names of <see cref="Fault"/>.</summary>
internal static class Faults
{
    /// <summary>The value as the stable identifier in output, log and documentation.</summary>
    public static string Tag(this Fault fault) => fault switch
    {
        Fault.ProxyNotExpected => "proxy_not_expected",
        Fault.ProxyExpected => "proxy_expected",
        Fault.IdentityRefused => "identity_refused",
        Fault.BackendSpeaksTls => "backend_speaks_tls",
        Fault.BackendSpeaksPlain => "backend_speaks_plain",
        Fault.CertificateNotTrusted => "certificate_not_trusted",
        Fault.TlsFailed => "tls_failed",
        Fault.AuthHidden => "auth_hidden",
        Fault.LoginDisabled => "login_disabled",
        Fault.StartTlsOfferedInside => "starttls_offered_inside",
        Fault.OpenRelay => "open_relay",
        Fault.PerClientLimits => "per_client_limits",
        Fault.ProbeFineSessionsFail => "probe_fine_sessions_fail",
        Fault.Refusal => "refusal",
        Fault.NotTheProtocol => "not_the_protocol",
        Fault.NoGreeting => "no_greeting",
        Fault.Closed => "closed",
        Fault.Refused => "refused",
        Fault.Timeout => "timeout",
        Fault.Unreachable => "unreachable",
        Fault.Unresolvable => "unresolvable",
        Fault.GatewayExhausted => "gateway_exhausted",
        Fault.CertificateDoesNotCover => "certificate_does_not_cover",
        Fault.TrustedNetworkWideOpen => "trusted_network_wide_open",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
