using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>A machine as a listener has it whose sessions go where their user is at home.</summary>
internal static class HeldLogins
{
    public static MailMachine Create(
        string protocol, ISessionObserver observer, string? capabilities = null, bool startTls = false, bool takesCertificates = false,
        bool isOptional = false)
    {
        var profile = ProtocolProfile.All.Single(profile => profile.Name == protocol);
        var items = capabilities is null ? null : profile.ReadCapabilities(capabilities.Split('|'))!.Items;
        var held = new HeldLoginMachine(
            profile,
            profile.CreateLoginDialogue(profile.FormatOffer(items), takesCertificates ? profile.FormatOffer(items, isCertified: true) : default),
            profile.CreateMachine(new SessionRules(), observer, isGreeted: startTls || isOptional));
        return startTls || isOptional
            ? new StartTlsMachine(profile.CreatePlaintext(offersTls: true, isOptional ? profile.MechanismsOf(items) : null), held, observer)
            : held;
    }

    /// <summary>The session of a client whose certificate names <paramref name="user"/>.</summary>
    public static MachineHarness StartCertified(string protocol, string? user, string? capabilities = null, bool startTls = false)
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = facts.Tls! with { ClientCertificate = new(user, CommonName: null, "ca.pem", "0A1B", "CN=Users") };
        return new MachineHarness(observer => Create(protocol, observer, capabilities, startTls, takesCertificates: true), facts).Start();
    }

    public static MachineHarness Start(string protocol, string? capabilities = null, int backends = 1) =>
        new MachineHarness(observer => Create(protocol, observer, capabilities)) { BackendsLeft = backends }.Start();
}
