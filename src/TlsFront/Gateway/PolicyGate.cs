using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Routing;
using TlsFront.Tls.Hello;

namespace TlsFront.Gateway;

/// <summary>Asks the policies about a connection: what its client may be offered, and whether its login goes on.</summary>
internal sealed class PolicyGate(LoginPolicies policies, TimeProvider time)
{
    /// <summary>Whether some user may log in without TLS from where the client is, so that it is told how.</summary>
    public bool MayLogInWithoutTls(ConnectionRecord record, ListenerSettings listener) =>
        record.Transport == LoginTransport.Cleartext && policies.MayLetIn(AnybodyOf(record, listener));

    /// <summary>Whether some user may log in with this hello by TLS before 1.2, or with a weak cipher suite.</summary>
    public bool MayHaveLegacyTls(ConnectionRecord record, ListenerSettings listener, ClientHello hello) =>
        policies.MayLetIn(AnybodyOf(record, listener) with
        {
            Transport = record.HasImplicitTls ? LoginTransport.Implicit : LoginTransport.StartTls,
            ServerName = hello.ServerName,
            Tls = hello.MaximumVersion < TlsVersion.Tls12 ? hello.MaximumVersion : TlsVersion.Tls12,
            HasWeakCipher = true,
            Ja4 = Ja4.Of(hello),
        });

    /// <summary>Decides on the login that is held; nothing where none is.</summary>
    public LoginDecision Decide(ConnectionRecord record, ListenerSettings listener) =>
        record.Facts.User is { } user ? policies.Decide(SubjectOf(record, listener, UserOverrides.KeyOf(user))) : default;

    /// <summary>Whoever it will be: nothing counts that the client said before TLS.</summary>
    private PolicySubject AnybodyOf(ConnectionRecord record, ListenerSettings listener) =>
        SubjectOf(record, listener, user: "") with { Program = null };

    private PolicySubject SubjectOf(ConnectionRecord record, ListenerSettings listener, string user) => new()
    {
        Listener = listener,
        Connection = record.Facts.Id,
        Client = record.IsUnannounced ? null : record.Facts.Client.Address,
        User = user,
        Transport = record.Transport,
        ServerName = record.Facts.Tls?.ServerName,
        Tls = record.Facts.Tls?.Version,
        HasWeakCipher = record.Facts.Tls is { HasWeakCipher: true },
        Ja4 = record.Facts.Tls?.Ja4,
        Program = record.Facts.Program,
        Now = time.GetUtcNow(),
    };
}
