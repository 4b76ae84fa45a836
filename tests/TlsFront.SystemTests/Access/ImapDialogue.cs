using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Access;

/// <summary>The usual steps of an IMAP session.</summary>
public static class ImapDialogue
{
    /// <summary>Opens a session over 993, logs in, selects the inbox and goes to IDLE (tag a3).</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="user">Who logs in.</param>
    /// <param name="authorityFile">What the client trusts, if not the gateway's own authority.</param>
    public static async Task<Session> IdleAsync(this GatewayProcess gateway, MailUser user, string? authorityFile = null)
    {
        var session = Session.Open(gateway.Ports.Imap, "ca=" + (authorityFile ?? gateway.AuthorityFile), "name=" + GatewayProcess.Name);
        await session.UntilAsync("* OK");
        await session.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");
        await session.AskAsync("a2 SELECT INBOX", "a2 OK");
        await session.AskAsync("a3 IDLE", "+ ");
        return session;
    }
}
