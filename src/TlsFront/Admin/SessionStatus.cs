using TlsFront.Connections;

namespace TlsFront.Admin;

/// <summary>A running session.</summary>
/// <param name="Id">The connection's id, as the log has it.</param>
/// <param name="Listener">The listener.</param>
/// <param name="Protocol">What is spoken.</param>
/// <param name="Client">The client's address and port.</param>
/// <param name="User">Who logged in; null before that, and where the mechanism does not show it.</param>
/// <param name="RoutedBy">What decided which backend the user's login goes to: default, route, map, lookup or move; null without held logins.</param>
/// <param name="Backend">The backend; null while there is none.</param>
/// <param name="Destination">The server that serves it; null while there is none.</param>
/// <param name="Started">When the connection was accepted.</param>
/// <param name="BytesFromClient">Plaintext octets from the client.</param>
/// <param name="BytesToClient">Plaintext octets to the client.</param>
internal sealed record SessionStatus(
    string Id, string Listener, string Protocol, string Client, string? User, string? RoutedBy, string? Backend, string? Destination,
    DateTimeOffset Started, long BytesFromClient, long BytesToClient)
{
    /// <summary>What is known of <paramref name="record"/> now.</summary>
    public static SessionStatus Of(ConnectionRecord record) => new(
        record.Facts.Id, record.Listener, record.Protocol, record.Facts.Client.ToString(), record.User, record.RoutedBy.Tag(), record.Backend,
        record.Destination, record.Started, Volatile.Read(ref record.BytesFromClient), Volatile.Read(ref record.BytesToClient));
}
