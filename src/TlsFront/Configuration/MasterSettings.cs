namespace TlsFront.Configuration;

/// <summary>An account of a backend that may log in as any other: for users whom a certificate and no password says to be who they are.</summary>
/// <param name="User">Its name; null for no such account.</param>
/// <param name="PasswordFile">File with its password, in one line.</param>
/// <param name="Separator">
/// What stands between the user's name and its own, as in Dovecot's <c>auth_master_user_separator</c>; null (default) where it logs in with the user
/// as the authorization identity (RFC 4616), which needs no setting of Dovecot's and is the only way of Cyrus.
/// </param>
internal sealed record MasterSettings(string? User = null, string? PasswordFile = null, string? Separator = null);
