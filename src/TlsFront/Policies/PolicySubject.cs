using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>A login as policies see it: whose it is said to be, and how the client is connected.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Client">Where the client is.</param>
/// <param name="User">The user, in lower case; not verified.</param>
/// <param name="ServerName">The server name the client asked for, in lower case, or null.</param>
/// <param name="Tls">The TLS version.</param>
/// <param name="Now">The moment.</param>
internal readonly record struct PolicySubject(
    ListenerSettings Listener, IPAddress Client, string User, string? ServerName, TlsVersion Tls, DateTimeOffset Now);
