using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>A machine as a listener of STARTTLS has it.</summary>
internal static class StartTls
{
    public static MailMachine Create(string protocol, ISessionObserver observer)
    {
        var profile = ProtocolProfile.All.Single(profile => profile.Name == protocol);
        return new StartTlsMachine(
            profile.CreatePlaintext(offersTls: true), profile.CreateMachine(new SessionRules(), observer, isGreeted: true), observer);
    }
}
