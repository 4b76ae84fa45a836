using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Access;

/// <summary>The usual steps of an IMAP session.</summary>
public static class ImapDialogue
{
    /// <summary>Opens a session over 993, logs in, selects the inbox and goes to IDLE (tag a3).</summary>
    public static async Task<Session> IdleAsync(this GatewayProcess gateway, MailUser user)
    {
        var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");
        await session.AskAsync("a2 SELECT INBOX", "a2 OK");
        await session.AskAsync("a3 IDLE", "+ ");
        return session;
    }
}
