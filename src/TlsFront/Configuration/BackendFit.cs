using TlsFront.Configuration.Schema;
using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>Which backends can serve a protocol, by what is known before anything is connected.</summary>
internal static class BackendFit
{
    /// <summary>Why <paramref name="backend"/> cannot serve <paramref name="protocol"/>, or null.</summary>
    public static ValueProblem? Check(MailProtocol protocol, BackendSettings backend) =>
        ProtocolProfile.Of(protocol).IsUnderstood
            && BackendKindRules.Of(backend.Kind).Protocols is { Count: > 0 } spoken
            && !spoken.Contains(protocol)
            ? new(
                $"is a {BackendSchema.Kind.Type.Format(backend.Kind)}, which does not speak {ListenerSchema.Protocol.Type.Format(protocol)}",
                "name another backend, or correct its kind or the protocol")
            : null;

    /// <summary>Why <paramref name="backend"/> cannot be told of clients the way it wants to in <paramref name="protocol"/>, or null.</summary>
    public static ValueProblem? CheckIdentity(MailProtocol protocol, BackendSettings backend)
    {
        var profile = ProtocolProfile.Of(protocol);
        var isKnown = BackendKindRules.Of(backend.Kind).Identities.Contains(backend.Identity);
        var identities = BackendSchema.Identity.Type;
        return isKnown && backend.Identity != profile.IdentityInDialogue
            ? new(
                $"has identity {identities.Format(backend.Identity)}, which {profile.Name} does not have",
                profile.IdentityInDialogue == ClientIdentity.None
                    ? "write identity: proxy at the backend"
                    : $"write identity: {identities.Format(profile.IdentityInDialogue)} or proxy at the backend")
            : null;
    }

    /// <summary>The problem of a backend of one protocol that another listener needs for a second.</summary>
    public static ValueProblem Serves(MailProtocol taken, MailProtocol wanted) => new(
        $"serves another listener's {ListenerSchema.Protocol.Type.Format(taken)}; "
        + $"the same port cannot speak {ListenerSchema.Protocol.Type.Format(wanted)} too",
        "add a backend with the other port");
}
