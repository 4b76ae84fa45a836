using System.Collections.Immutable;
using System.Globalization;

namespace TlsFront.Demo.Pop3;

/// <summary>
/// One client of the demo POP3 server (RFC 1939, 2449, 5034). The maildrop is INBOX as it was at login; deletions happen at QUIT.
/// </summary>
internal sealed class Pop3Session(LineConnection connection, MailStore store)
{
    private const int MaximumErrors = 20;

    private readonly HashSet<StoredMessage> _deleted = [];
    private ImmutableArray<StoredMessage> _maildrop = [];
    private string? _user;
    private bool _authenticated;

    /// <summary>Greets and obeys until QUIT or until the client is gone.</summary>
    public async Task RunAsync()
    {
        var errors = 0;
        connection.WriteLine("+OK TlsFront demo store");
        await connection.FlushAsync();
        while (await connection.ReadLineAsync() is { Status: not LineStatus.End } line)
        {
            var words = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var verb = words.FirstOrDefault("").ToUpperInvariant();
            var success = line.Status == LineStatus.TooLong ? Refuse("Line too long") : await ExecuteAsync(verb, words);
            await connection.FlushAsync();
            if (verb == "QUIT" || (!success && ++errors == MaximumErrors))
            {
                return;
            }
        }
    }

    /// <summary>Writes the answer; false when it was a refusal.</summary>
    private async ValueTask<bool> ExecuteAsync(string verb, string[] words) => (verb, _authenticated) switch
    {
        ("QUIT", _) => Quit(),
        ("CAPA", _) => Capabilities(),
        ("AUTH", false) => await AuthenticateAsync(words),
        ("USER", false) => User(words),
        ("PASS", false) => Login(_user is not null && words.Length == 2 && MailStore.Authenticate(_user, words[1])),
        ("STAT", true) => Accept(
            string.Create(CultureInfo.InvariantCulture, $"{Remaining.Count()} {Remaining.Sum(message => (long)message.Content.Length)}")),
        ("LIST", true) => List(words, message => message.Content.Length.ToString(CultureInfo.InvariantCulture)),
        ("UIDL", true) => List(words, message => string.Create(CultureInfo.InvariantCulture, $"{store.Inbox.UidValidity}.{message.Uid}")),
        ("RETR", true) => await SendAsync(words, int.MaxValue),
        ("TOP", true) => words.Length == 3 && int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? await SendAsync(words, lines) : Refuse("TOP MESSAGE LINES"),
        ("DELE", true) => Delete(words),
        ("RSET", true) => Reset(),
        ("NOOP", true) => Accept("Ok"),
        _ => Refuse("Unknown command, or not now"),
    };

    private IEnumerable<StoredMessage> Remaining => _maildrop.Where(message => !_deleted.Contains(message));

    private bool Accept(string text)
    {
        connection.WriteLine("+OK " + text);
        return true;
    }

    private bool Refuse(string text)
    {
        connection.WriteLine("-ERR " + text);
        return false;
    }

    private bool Capabilities()
    {
        Accept("Capabilities follow");
        connection.Write(
            "USER\r\nSASL PLAIN\r\nUIDL\r\nTOP\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nIMPLEMENTATION TlsFront-demo-store\r\n.\r\n");
        return true;
    }

    private bool User(string[] words)
    {
        _user = words.Length == 2 ? words[1] : null;
        return _user is null ? Refuse("USER NAME") : Accept("And the password?");
    }

    private async ValueTask<bool> AuthenticateAsync(string[] words)
    {
        if (words.Length == 1)
        {
            Accept("Mechanisms follow");
            connection.Write("PLAIN\r\n.\r\n");
            return true;
        }

        if (!words[1].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse("PLAIN, please");
        }

        if (words.Length == 3)
        {
            return Login(SaslPlain.Authenticate(words[2]));
        }

        connection.WriteLine("+ ");
        await connection.FlushAsync();
        return Login(SaslPlain.Authenticate((await connection.ReadLineAsync()).Text));
    }

    private bool Login(bool? success)
    {
        if (success != true)
        {
            _user = null;
            return Refuse(success is null ? "Cancelled or malformed" : "[AUTH] Login failed: user demo, password demo");
        }

        _authenticated = true;
        _maildrop = store.Inbox.Messages;
        return Accept("Welcome");
    }

    private bool Delete(string[] words)
    {
        if (Find(words) is not { } message)
        {
            return Refuse("No such message");
        }

        _deleted.Add(message);
        return Accept("Gone at QUIT");
    }

    private bool Reset()
    {
        _deleted.Clear();
        return Accept("Ok");
    }

    private bool Quit()
    {
        store.Remove(store.Inbox, _deleted);
        return Accept("Bye");
    }

    /// <summary>The message that the first argument numbers, unless it is deleted.</summary>
    private StoredMessage? Find(string[] words) =>
        words.Length >= 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= _maildrop.Length && !_deleted.Contains(_maildrop[number - 1]) ? _maildrop[number - 1] : null;

    private bool List(string[] words, Func<StoredMessage, string> describe)
    {
        if (words.Length > 1)
        {
            return Find(words) is { } message ? Accept($"{words[1]} {describe(message)}") : Refuse("No such message");
        }

        Accept("List follows");
        for (var index = 0; index < _maildrop.Length; index++)
        {
            if (!_deleted.Contains(_maildrop[index]))
            {
                connection.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{index + 1} {describe(_maildrop[index])}"));
            }
        }

        connection.WriteLine(".");
        return true;
    }

    private async ValueTask<bool> SendAsync(string[] words, int bodyLines)
    {
        if (Find(words) is not { } message)
        {
            return Refuse("No such message");
        }

        Accept(string.Create(CultureInfo.InvariantCulture, $"{message.Content.Length} octets"));
        Pop3Message.Write(connection, message.Content.Span, bodyLines);
        await connection.FlushAsync();
        return true;
    }
}
