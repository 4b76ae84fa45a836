namespace TlsFront.Connections;

/// <summary>A complete login that waits for its backend, for whoever decides about it, and as long as that takes.</summary>
internal interface IHeldLogin
{
    /// <summary>
    /// How the client authenticates, in the words of nginx's <c>Auth-Method</c>: <c>plain</c> for a password in clear, whatever the command or the
    /// mechanism; <c>external</c>, <c>xoauth2</c>, <c>oauthbearer</c>, <c>scram</c> otherwise.
    /// </summary>
    string Method { get; }

    /// <summary>Whether whoever reads it can log in with it: a proof of SCRAM is good for one exchange.</summary>
    bool ShowsSecret => Method != "scram";

    /// <summary>Copies the password as the client sent it; false if the method shows none, or there is no room for it.</summary>
    bool TryReadPassword(Span<byte> password, out int length);
}
