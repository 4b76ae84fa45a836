using System.Net.Sockets;
using System.Security.Authentication;

namespace TlsFront.Backends;

/// <summary>Names and origins of <see cref="ConnectFailure"/>.</summary>
internal static class ConnectFailures
{
    /// <summary>The value as a metric tag and log field.</summary>
    public static string Tag(this ConnectFailure failure) => failure switch
    {
        ConnectFailure.Refused => "refused",
        ConnectFailure.Timeout => "timeout",
        ConnectFailure.Unreachable => "unreachable",
        ConnectFailure.NameNotResolved => "name_not_resolved",
        ConnectFailure.NoLocalPort => "no_local_port",
        ConnectFailure.TooManyOpenFiles => "too_many_open_files",
        ConnectFailure.TlsFailed => "tls_failed",
        _ => "other",
    };

    /// <summary>The value in an operator's words.</summary>
    public static string Words(this ConnectFailure failure) => failure switch
    {
        ConnectFailure.Refused => "it refuses connections",
        ConnectFailure.Timeout => "it did not answer in time",
        ConnectFailure.Unreachable => "there is no way to it",
        ConnectFailure.NameNotResolved => "its name cannot be resolved",
        ConnectFailure.NoLocalPort => "the gateway has no local port left to connect from, or a source address that is not of this machine",
        ConnectFailure.TooManyOpenFiles => "the gateway is at its limit of open files",
        _ => "the connection failed",
    };

    /// <summary>Whether it says something of the gateway and nothing of the destination.</summary>
    public static bool IsOurs(this ConnectFailure failure) => failure is ConnectFailure.NoLocalPort or ConnectFailure.TooManyOpenFiles;

    /// <summary>The failure behind what a connect threw.</summary>
    public static ConnectFailure Of(Exception exception) => exception switch
    {
        OperationCanceledException => ConnectFailure.Timeout,
        AuthenticationException => ConnectFailure.TlsFailed,
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => ConnectFailure.Refused,
            SocketError.TimedOut => ConnectFailure.Timeout,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => ConnectFailure.Unreachable,
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ConnectFailure.NameNotResolved,
            SocketError.TooManyOpenSockets => ConnectFailure.TooManyOpenFiles,
            SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => ConnectFailure.NoLocalPort,
            _ => ConnectFailure.Other,
        },
        _ => ConnectFailure.Other,
    };
}
