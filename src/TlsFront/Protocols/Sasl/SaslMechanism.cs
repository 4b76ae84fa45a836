namespace TlsFront.Protocols.Sasl;

/// <summary>Mechanisms whose first response names the user; everything else is <see cref="Other"/>.</summary>
internal enum SaslMechanism : byte
{
    /// <summary>Unknown, or one that shows no name (GSSAPI, NTLM, ANONYMOUS).</summary>
    Other,

    /// <summary>RFC 4616: <c>authzid NUL authcid NUL password</c>.</summary>
    Plain,

    /// <summary>Never standardised: user and password in two responses.</summary>
    Login,

    /// <summary>RFC 4422 appendix A: the authorization identity, or nothing.</summary>
    External,

    /// <summary>RFC 2195: <c>user SP digest</c>.</summary>
    CramMd5,

    /// <summary>RFC 5802 and its successors: a GS2 header, then <c>n=user,r=nonce</c>.</summary>
    Scram,

    /// <summary>RFC 7628: a GS2 header whose <c>a=</c> is the user.</summary>
    OAuthBearer,

    /// <summary>OAUTHBEARER's forerunner: <c>user=name SOH auth=...</c>.</summary>
    XOAuth2,
}
