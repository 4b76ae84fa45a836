namespace TlsFront.Demo.Imap;

/// <summary>One client of the demo IMAP4rev1 server (RFC 3501): the states, and the commands that are not about folders or messages.</summary>
internal sealed class ImapSession(LineConnection connection, MailStore store)
{
    private const string Capabilities =
        "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID NAMESPACE IDLE UIDPLUS MOVE UNSELECT SPECIAL-USE";

    private const int MaximumErrors = 20;

    private readonly ImapCommandReader _reader = new(connection);
    private readonly ImapFolderCommands _folders = new(connection, store);
    private bool _authenticated;
    private ImapMessageCommands? _selected;

    /// <summary>Greets and obeys until LOGOUT or until the client is gone.</summary>
    public async Task RunAsync()
    {
        var errors = 0;
        connection.WriteLine($"* OK [CAPABILITY {Capabilities}] TlsFront demo store");
        await connection.FlushAsync();
        while (await _reader.ReadAsync() is { } command)
        {
            if (command.Name == "LOGOUT")
            {
                connection.WriteLine("* BYE Logging out");
                connection.WriteLine(command.Tag + " OK Bye");
                await connection.FlushAsync();
                return;
            }

            var answer = await ExecuteAsync(command);
            if (answer.StartsWith("BAD", StringComparison.Ordinal) && ++errors == MaximumErrors)
            {
                connection.WriteLine("* BYE Too many errors");
                await connection.FlushAsync();
                return;
            }

            // Numbers in these commands and their answers must not shift under them.
            _selected?.View.Synchronize(connection, mayExpunge: command.Name is not ("FETCH" or "STORE" or "SEARCH"));
            connection.WriteLine($"{command.Tag} {answer}");
            await connection.FlushAsync();
        }
    }

    private async ValueTask<string> ExecuteAsync(TaggedCommand command)
    {
        switch (command.Name)
        {
            case "CAPABILITY":
                connection.WriteLine("* CAPABILITY " + Capabilities);
                return "OK Told";
            case "NOOP":
                return "OK Done";
            case "ID":
                connection.WriteLine("* ID (\"name\" \"TlsFront demo store\")");
                return "OK Told";
            case "LOGIN" when !_authenticated:
                return Login(command.Arguments);
            case "AUTHENTICATE" when !_authenticated:
                return await AuthenticateAsync(command.Arguments);
        }

        return !_authenticated ? "BAD Unknown command, or log in first"
            : await ExecuteOnFoldersAsync(command)
                ?? (_selected is null ? "BAD Unknown command, or select a folder first" : await ExecuteOnMessagesAsync(command, _selected));
    }

    private async ValueTask<string?> ExecuteOnFoldersAsync(TaggedCommand command)
    {
        switch (command.Name)
        {
            case "NAMESPACE":
                connection.WriteLine("* NAMESPACE ((\"\" \"/\")) NIL NIL");
                return "OK Told";
            case "LIST" or "LSUB":
                return _folders.List(command.Arguments, command.Name);
            case "STATUS":
                return _folders.Status(command.Arguments);
            case "SELECT" or "EXAMINE":
                var answer = _folders.Select(command.Arguments, command.Name == "EXAMINE", out var view);
                _selected = view is null ? null : new(connection, store, view);
                return answer;
            case "APPEND":
                return _folders.Append(command.Arguments);
            case "SUBSCRIBE" or "UNSUBSCRIBE":
                return _folders.Subscribe(command.Arguments);
            case "CREATE" or "DELETE" or "RENAME":
                return "NO [CANNOT] The folders of the demo store are fixed";
            case "IDLE":
                return await IdleAsync();
            default:
                return null;
        }
    }

    private async ValueTask<string> ExecuteOnMessagesAsync(TaggedCommand command, ImapMessageCommands messages)
    {
        switch (command.Name)
        {
            case "CHECK":
                return "OK Done";
            case "CLOSE" or "UNSELECT":
                _selected = null;
                if (command.Name == "CLOSE")
                {
                    messages.Close();
                }

                return "OK Closed";
            case "FETCH" or "UID FETCH":
                return await messages.FetchAsync(command.Arguments, command.Name != "FETCH");
            case "STORE" or "UID STORE":
                return messages.Store(command.Arguments, command.Name != "STORE");
            case "SEARCH" or "UID SEARCH":
                return messages.Search(command.Arguments, command.Name != "SEARCH");
            case "COPY" or "UID COPY":
                return messages.Copy(command.Arguments, command.Name != "COPY", move: false);
            case "MOVE" or "UID MOVE":
                return messages.Copy(command.Arguments, command.Name != "MOVE", move: true);
            case "EXPUNGE" or "UID EXPUNGE":
                return messages.Expunge(command.Arguments, command.Name != "EXPUNGE");
            default:
                return "BAD Unknown command";
        }
    }

    private string Login(ImapArguments arguments) =>
        arguments.Take(' ')
            && arguments.TryReadString(out var user)
            && arguments.Take(' ')
            && arguments.TryReadString(out var password)
            && arguments.AtEnd
            ? LoggedIn(MailStore.Authenticate(user, password))
            : "BAD Malformed arguments";

    /// <summary>AUTHENTICATE PLAIN, the response with the command (RFC 4959) or after it.</summary>
    private async ValueTask<string> AuthenticateAsync(ImapArguments arguments)
    {
        if (!arguments.Take(' ') || !arguments.TakeWord("PLAIN"))
        {
            return "NO [CANNOT] PLAIN, please";
        }

        if (!arguments.Take(' ') || !arguments.TryReadString(out var response))
        {
            connection.WriteLine("+ ");
            await connection.FlushAsync();
            response = (await connection.ReadLineAsync()).Text;
        }

        return LoggedIn(SaslPlain.Authenticate(response));
    }

    private string LoggedIn(bool? success)
    {
        _authenticated = success ?? false;
        _reader.MaximumMessage = _authenticated ? store.Limits.MessageBytes : 0;
        return success switch
        {
            true => $"OK [CAPABILITY {Capabilities}] Welcome",
            false => "NO [AUTHENTICATIONFAILED] User demo, password demo",
            null => "BAD Cancelled or malformed",
        };
    }

    /// <summary>IDLE (RFC 2177): tells of changes until the client says DONE.</summary>
    private async ValueTask<string> IdleAsync()
    {
        connection.WriteLine("+ Idling");
        await connection.FlushAsync();
        var done = connection.ReadLineAsync().AsTask();
        try
        {
            while (!done.IsCompleted)
            {
                var changed = _selected?.View.Folder.Changed ?? done;
                _selected?.View.Synchronize(connection, mayExpunge: true);
                await connection.FlushAsync();
                await Task.WhenAny(done, changed);
            }
        }
        finally
        {
            // A connection must not be taken down under a read in flight.
            if (!done.IsCompleted)
            {
                connection.Abort();
                await Task.WhenAny(done);
            }
        }

        return (await done).Text.Equals("DONE", StringComparison.OrdinalIgnoreCase) ? "OK Idled" : "BAD DONE, please";
    }
}
