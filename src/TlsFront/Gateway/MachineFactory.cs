using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;
using TlsFront.Protocols.Pop3;
using TlsFront.Protocols.Smtp;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Gateway;

/// <summary>The machine for each protocol.</summary>
internal static class MachineFactory
{
    /// <summary>A new machine for a session of <paramref name="listener"/> that reports to <paramref name="observer"/>.</summary>
    public static MailMachine Create(ListenerSettings listener, ISessionObserver observer) => listener.Protocol switch
    {
        MailProtocol.Smtp => new SmtpMachine(listener.Smtp, observer),
        MailProtocol.Imap => new ImapMachine(observer),
        MailProtocol.Pop3 => new Pop3Machine(observer),
        _ => new TcpMachine(),
    };
}
