using Microsoft.AspNetCore.Connections;
using TlsFront.Transport;

namespace TlsFront.Backends;

/// <summary>What became of a try to connect. Neither connection nor failure: it was given up.</summary>
/// <param name="Connection">The connection, introduced and secured; its taker disposes it.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Words">The failure in an operator's words.</param>
internal readonly record struct DialResult(ConnectionContext? Connection, ConnectFailure Failure = ConnectFailure.None, string Words = "")
{
    /// <summary>The failure behind <paramref name="exception"/>.</summary>
    public static DialResult Failed(Exception exception)
    {
        var failure = ConnectFailures.Of(exception);
        return new DialResult(null, failure, failure == ConnectFailure.TlsFailed ? exception.Message + Setting(exception) : failure.Words());
    }

    /// <summary>The setting that would help, if one would.</summary>
    private static string Setting(Exception exception) => (exception as CertificateRefusedException)?.Doubt switch
    {
        CertificateDoubt.Authority => " (tls.ca must name its authority, or the certificate itself if it is self-signed)",
        CertificateDoubt.Name => " (tls.serverName must be a name it has)",
        _ => "",
    };
}
