using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>Why <see cref="IMailTransport.RunAsync"/> returned.</summary>
/// <param name="Next"><see cref="Next.Secure"/>, <see cref="Next.Connect"/> or <see cref="Next.Close"/>.</param>
/// <param name="Reason">Why the session or the last backend ended.</param>
internal readonly record struct Outcome(Next Next, CloseReason Reason);
