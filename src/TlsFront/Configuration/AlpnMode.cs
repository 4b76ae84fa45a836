namespace TlsFront.Configuration;

/// <summary>What a client gets that offers ALPN ids, and not the one of the listener's protocol.</summary>
internal enum AlpnMode : byte
{
    /// <summary>The alert no_application_protocol (RFC 7301 section 3.2, RFC 9325 section 3.8).</summary>
    Strict,

    /// <summary>A handshake without ALPN, as if it had offered none: monitors offer HTTP's ids on every port.</summary>
    Ignore,
}
