namespace TlsFront.Connections;

/// <summary>What a machine reports about its session, for log, metrics and limits. Called on the engine's thread: cheap, never throws.</summary>
internal interface ISessionObserver
{
    /// <summary>
    /// SMTP, where a login is required: the backend offers one that works through the gateway, or it does not and nobody can log in.
    /// </summary>
    void LoginOffered(bool isOffered);

    /// <summary>The client sent a password or a token in cleartext: whatever becomes of it, whoever is on the way has it.</summary>
    /// <param name="user">Whose they are, not verified; null if they do not show it.</param>
    void CredentialsExposed(string? user);

    /// <summary>
    /// The backend accepted a login. <paramref name="user"/> is the name the client gave, where the mechanism shows it; never a secret.
    /// </summary>
    void LoginSucceeded(string? user);

    /// <summary>The backend refused a login.</summary>
    void LoginFailed();

    /// <summary>The backend took responsibility for a message.</summary>
    void MessageAccepted();

    /// <summary>The backend or the gateway refused a message after its data was sent.</summary>
    void MessageRefused();
}
