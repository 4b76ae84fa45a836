using System.Net;
using System.Net.Sockets;

namespace TlsFront.Listeners;

/// <summary>Why an address could not be bound, in an operator's words.</summary>
internal static class BindFailure
{
    /// <summary>One sentence that names who, the address and the remedy.</summary>
    public static string Describe(string who, IPEndPoint address, Exception exception)
    {
        var error = exception as SocketException ?? exception.InnerException as SocketException;
        return error?.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"{who}: no right to listen on {address}; ports below 1024 need root or CAP_NET_BIND_SERVICE",
            SocketError.AddressNotAvailable => $"{who}: {address} is not an address of this host; use one of its own or '*'",
            SocketError.AddressFamilyNotSupported =>
                $"{who}: {address} is IPv6, which this host does not support; use one of its IPv4 addresses or '*'",
            null or SocketError.AddressAlreadyInUse => $"{who}: {address} is in use; stop the program that listens there or choose another address",
            _ => $"{who}: cannot listen on {address}: {error.Message}",
        };
    }
}
