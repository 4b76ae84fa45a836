using System.Buffers;
using System.Globalization;

namespace TlsFront.Demo.Smtp;

/// <summary>
/// One client of the demo submission server (RFC 6409): AUTH before mail, DATA and BDAT, everything into INBOX whoever it is for.
/// </summary>
internal sealed class SmtpSession(LineConnection connection, MailStore store, TimeProvider time)
{
    private const string TooLarge = "552 5.3.4 Message too large for the demo store";
    private const int MaximumErrors = 20;

    private readonly SmtpLogin _login = new(connection);
    private string _client = "";
    private bool _extended;
    private int _errors;
    private SmtpTransaction? _transaction;

    /// <summary>Greets and obeys until QUIT or until the client is gone.</summary>
    public async Task RunAsync()
    {
        connection.WriteLine("220 store.demo.test ESMTP TlsFront demo store");
        await connection.FlushAsync();
        while (await connection.ReadLineAsync() is { Status: not LineStatus.End } line)
        {
            var reply = line.Status == LineStatus.TooLong ? "500 5.5.6 Line too long" : await ExecuteAsync(line.Text);
            if (reply is null)
            {
                return;
            }

            var closing = reply.StartsWith("221", StringComparison.Ordinal);
            if (reply[0] is '4' or '5' && ++_errors == MaximumErrors)
            {
                reply = "421 4.7.0 Too many errors";
                closing = true;
            }

            connection.WriteLine(reply);
            await connection.FlushAsync();
            if (closing)
            {
                return;
            }
        }
    }

    /// <summary>The reply, or null when the client left in the middle.</summary>
    private async ValueTask<string?> ExecuteAsync(string line)
    {
        var (verb, argument) = line.Split(' ', 2) is [var first, var rest] ? (first, rest.Trim(' ')) : (line, "");
        return verb.ToUpperInvariant() switch
        {
            "EHLO" => Hello(argument, extended: true),
            "HELO" => Hello(argument, extended: false),
            "AUTH" => await AuthenticateAsync(argument),
            "MAIL" => Mail(argument),
            "RCPT" => Recipient(argument),
            "DATA" => await DataAsync(argument),
            "BDAT" => await ChunkAsync(argument),
            "RSET" => Reset("250 2.0.0 Ok"),
            "NOOP" => "250 2.0.0 Ok",
            "VRFY" => "252 2.1.5 Send some mail, it will arrive",
            "QUIT" => "221 2.0.0 Bye",
            _ => "502 5.5.1 Command not implemented",
        };
    }

    private string Reset(string reply)
    {
        _transaction = null;
        return reply;
    }

    private string Hello(string name, bool extended)
    {
        if (name.Length is 0 or > 255 || name.Any(letter => letter is <= ' ' or >= '\x7f'))
        {
            return "501 5.5.4 Your host name, please";
        }

        _client = name;
        _extended = extended;
        return Reset(!extended ? "250 store.demo.test" : string.Create(CultureInfo.InvariantCulture, $"""
            250-store.demo.test
            250-PIPELINING
            250-SIZE {store.Limits.MessageBytes}
            250-AUTH PLAIN LOGIN
            250-ENHANCEDSTATUSCODES
            250-8BITMIME
            250-SMTPUTF8
            250 CHUNKING
            """).ReplaceLineEndings("\r\n"));
    }

    private async ValueTask<string?> AuthenticateAsync(string argument)
    {
        if (_client.Length == 0 || _login.Succeeded || _transaction is not null)
        {
            return "503 5.5.1 Not now";
        }

        return await _login.RunAsync(argument);
    }

    private string Mail(string argument)
    {
        if (!_login.Succeeded)
        {
            return "530 5.7.0 Authentication required: user demo, password demo";
        }

        if (_transaction is not null)
        {
            return "503 5.5.1 One sender at a time";
        }

        if (!SmtpPath.TryParse(argument, "FROM", out var path))
        {
            return "501 5.1.7 Bad sender address";
        }

        if (path.Parameters.Select(RefuseParameter).FirstOrDefault(refusal => refusal is not null) is { } refused)
        {
            return refused;
        }

        _transaction = new(path.Address);
        return "250 2.1.0 Ok";
    }

    /// <summary>The refusal of a parameter of MAIL, or null when it is fine.</summary>
    private string? RefuseParameter(string parameter) => parameter.ToUpperInvariant().Split('=', 2) switch
    {
        ["SIZE", var size] when long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) =>
            bytes > store.Limits.MessageBytes ? TooLarge : null,
        ["BODY", "7BIT" or "8BITMIME"] or ["SMTPUTF8"] or ["AUTH", _] => null,
        _ => "555 5.5.4 Unknown parameter of MAIL",
    };

    private string Recipient(string argument)
    {
        if (_transaction is null || _transaction.Chunks is not null)
        {
            return "503 5.5.1 MAIL first";
        }

        if (!SmtpPath.TryParse(argument, "TO", out var path) || path.Address.Length == 0)
        {
            return "501 5.1.3 Bad recipient address";
        }

        if (path.Parameters.Count != 0)
        {
            return "555 5.5.4 Unknown parameter of RCPT";
        }

        if (_transaction.Recipients.Count == SmtpTransaction.MaximumRecipients)
        {
            return "452 4.5.3 Too many recipients";
        }

        _transaction.Recipients.Add(path.Address);
        return "250 2.1.5 Ok";
    }

    private async ValueTask<string?> DataAsync(string argument)
    {
        if (argument.Length != 0 || _transaction is not { Chunks: null, Recipients.Count: > 0 } transaction)
        {
            return "503 5.5.1 MAIL and RCPT first, and no BDAT";
        }

        connection.WriteLine("354 End data with <CR><LF>.<CR><LF>");
        await connection.FlushAsync();
        var message = new DotStuffedMessage(store.Limits.MessageBytes);
        if (!await connection.ReadUntilAsync(message.Consume))
        {
            return null;
        }

        return message.TooLarge ? Reset(TooLarge) : Deliver(transaction, message.Content);
    }

    /// <summary>RFC 3030: whatever the reply, the chunk follows the command and is read.</summary>
    private async ValueTask<string?> ChunkAsync(string argument)
    {
        var words = argument.Split(' ');
        var last = words is [_, var second] && second.Equals("LAST", StringComparison.OrdinalIgnoreCase);
        if (words.Length > 2
            || words.Length == 2 != last
            || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            // How much follows is unknown, so the two sides cannot find together again.
            connection.WriteLine("501 5.5.4 BDAT SIZE [LAST]");
            await connection.FlushAsync();
            return null;
        }

        if (_transaction is not { Recipients.Count: > 0 } transaction)
        {
            return await connection.SkipAsync(length) ? "503 5.5.1 MAIL and RCPT first" : null;
        }

        transaction.Chunks ??= new();
        if (length > store.Limits.MessageBytes - transaction.Chunks.WrittenCount)
        {
            return await connection.SkipAsync(length) ? Reset(TooLarge) : null;
        }

        if (await connection.ReadBlockAsync((int)length) is not { } chunk)
        {
            return null;
        }

        transaction.Chunks.Write(chunk);
        return last ? Deliver(transaction, transaction.Chunks.WrittenMemory) : "250 2.0.0 Ok";
    }

    private string Deliver(SmtpTransaction transaction, ReadOnlyMemory<byte> content)
    {
        var traced = SmtpTrace.Prepend(transaction, _client, _extended, time.GetLocalNow(), content);
        return Reset(store.Add(store.Inbox, traced, MessageFlags.None, null, out var message) switch
        {
            StoreOutcome.Stored => $"250 2.0.0 Ok: stored as {message!.Uid}",
            StoreOutcome.TooLarge => TooLarge,
            _ => "452 4.3.1 The demo store is full; delete messages or restart it",
        });
    }
}
