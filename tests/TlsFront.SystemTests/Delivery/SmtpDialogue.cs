using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Delivery;

/// <summary>The usual steps of a submission.</summary>
public static class SmtpDialogue
{
    /// <summary>Reads the greeting, says EHLO and logs in.</summary>
    /// <returns>The reply to EHLO.</returns>
    public static async Task<string> LogInAsync(this Session session, MailUser user)
    {
        await session.ReplyAsync("220");
        var extensions = await session.CommandAsync("EHLO client.example.test", "250");
        await session.CommandAsync($"AUTH PLAIN {user.PlainCredentials}", "235");
        return extensions;
    }

    /// <summary>Sends the envelope.</summary>
    public static async Task EnvelopeAsync(this Session session, MailUser user, string parameters = "")
    {
        await session.CommandAsync($"MAIL FROM:<{user.Address}>{parameters}", "250");
        await session.CommandAsync($"RCPT TO:<{user.Address}>", "250");
    }
}
