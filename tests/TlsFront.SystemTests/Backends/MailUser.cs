using System.Text;

namespace TlsFront.SystemTests.Backends;

/// <summary>An account of <see cref="MailBackends"/>.</summary>
/// <param name="Name">Login name.</param>
/// <param name="Inbox">The folder Postfix delivers into.</param>
public sealed record MailUser(string Name, string Inbox)
{
    /// <summary>Its password.</summary>
    public string Password { get; } = Dovecot.Password;

    /// <summary>Its address.</summary>
    public string Address => $"{Name}@{Postfix.Domain}";

    /// <summary>The argument of AUTH PLAIN.</summary>
    public string PlainCredentials => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{Name}\0{Password}"));

    /// <summary>How many messages were delivered that nobody has read.</summary>
    public int DeliveredCount => Directory.Exists(Inbox) ? Directory.GetFiles(Inbox).Length : 0;

    /// <summary>
    /// Waits for the one message delivered and reads it from disk, octet by octet as Latin-1, lines ended by LF as Maildir has them.
    /// </summary>
    public async Task<string> DeliveredAsync()
    {
        await Eventually.TrueAsync($"a message for {Name}", () => DeliveredCount > 0);
        var file = Assert.Single(Directory.GetFiles(Inbox));
        return await File.ReadAllTextAsync(file, Encoding.Latin1);
    }
}
