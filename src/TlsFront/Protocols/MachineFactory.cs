using TlsFront.Connections;

namespace TlsFront.Protocols;

/// <summary>Makes the machine that continues a session of the process before this one. A feature of such a session's client connection.</summary>
/// <param name="rules">What the operator decided, here and now.</param>
/// <param name="observer">Who is told what the session does.</param>
internal delegate MailMachine MachineFactory(SessionRules rules, ISessionObserver observer);
