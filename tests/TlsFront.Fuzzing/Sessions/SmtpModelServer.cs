using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TlsFront.Tests.Protocols.Smtp;

namespace TlsFront.Fuzzing.Sessions;

/// <summary>
/// An SMTP server that takes everything by the letter and answers as the dice say. It checks each command and message it gets: that the
/// client may give it, that it is one, and that a message is what the client sent with one <c>Received</c> field before it.
/// </summary>
/// <param name="dice">Decide its answers, one after the other and again from the start.</param>
/// <param name="client">All that the client sends, one char per octet.</param>
/// <param name="session">The session's id, by which its fields are told from the client's.</param>
internal sealed class SmtpModelServer(byte[] dice, string client, string session)
{
    private const string Ehlo = "250-backend\r\n250-STARTTLS\r\n250-PIPELINING\r\n250-AUTH PLAIN LOGIN GSSAPI\r\n250-XCLIENT ADDR\r\n250-SIZE 10240000\r\n250 CHUNKING\r\n";

    private string _input = "";
    private int _roll;
    private bool _inData;
    private bool _inLogin;
    private bool _loggedIn;
    private bool _open;
    private bool _dead;
    private bool _hasField;
    private long _chunk = -1;
    private bool _isLast;

    /// <summary>Messages it took.</summary>
    public int Accepted { get; private set; }

    /// <summary>Takes bytes, returns replies.</summary>
    public string Receive(string bytes)
    {
        _input += bytes;
        var replies = new StringBuilder();
        while (Take() is { } reply)
        {
            replies.Append(reply);
        }

        return replies.ToString();
    }

    private string? Take()
    {
        if (_chunk >= 0)
        {
            return _input.Length < _chunk ? null : TakeChunk(Cut((int)_chunk));
        }

        if (_inData)
        {
            var length = ReferenceData.EndOf(_input);
            return length < 0 ? null : TakeMessage(Cut(length));
        }

        var end = _input.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var line = Cut(end + 1);
        Assert.EndsWith("\r\n", line);
        Assert.Equal(line.Length - 2, line.AsSpan().IndexOfAny('\r', '\n', '\0'));
        return _inLogin ? AnswerLogin() : TakeCommand(line[..^2]);
    }

    private string TakeCommand(string line)
    {
        var words = line.Split(' ');
        var verb = words[0].ToUpperInvariant();
        Assert.True(_loggedIn || verb is not ("MAIL" or "RCPT" or "DATA" or "BDAT" or "VRFY" or "EXPN"), $"{verb} comes before the login.");
        switch (verb)
        {
            case "STARTTLS" or "XCLIENT" or "XFORWARD" or "RECEIVED:":
                Assert.Fail($"{verb} reaches the backend.");
                return "";
            case "EHLO" or "HELO":
                _open &= !Roll(out var greets);
                return greets ? verb == "EHLO" ? Ehlo : "250 hello\r\n" : "501 no\r\n";
            case "AUTH":
                return AnswerLogin();
            case "MAIL":
                if (!Roll(out var taken))
                {
                    return "550 no\r\n";
                }

                (_open, _dead, _hasField) = (taken, false, false);
                return "250 ok\r\n";
            case "RSET":
                _open = false;
                return "250 ok\r\n";
            case "DATA":
                return Roll(out _inData) ? "354 go\r\n" : "554 no\r\n";
            case "BDAT":
                _chunk = long.Parse(words[1], NumberStyles.None, CultureInfo.InvariantCulture);
                _isLast = words.Length > 2;
                return "";
            case "QUIT":
                return "221 bye\r\n";
            default:
                return Roll(out _) ? "250 ok\r\n" : "500-what\r\n500 now\r\n";
        }
    }

    private string AnswerLogin()
    {
        var answer = (dice.Length == 0 ? 1 : dice[_roll++ % dice.Length]) % 4;
        _inLogin = answer == 2;
        _loggedIn |= answer is 0 or 1;
        return answer switch
        {
            2 => "334 \r\n",
            3 => "535 no\r\n",
            _ => "235 ok\r\n",
        };
    }

    private string TakeMessage(string message)
    {
        _inData = _open = false;
        if (message != ".\r\n")
        {
            var content = WithoutField(message);
            Assert.True(content is not null, $"No Received field: {message}");
            Assert.True(IsMessageOfClient(content), $"Not what the client sent: {content}");
            SmtpSmugglingTests.AssertOneEnd(message);
        }

        return Verdict();
    }

    private string TakeChunk(string chunk)
    {
        _chunk = -1;
        var content = WithoutField(chunk);
        var mayHaveField = _open && !_hasField && !_dead;
        Assert.True(content is null || mayHaveField, $"A Received field too many: {chunk}");
        Assert.True(content is not null || !mayHaveField || (chunk.Length == 0 && !_isLast), $"No Received field: {chunk}");
        _hasField |= content is not null;
        content ??= chunk;
        Assert.True(IsChunkOfClient(content), $"Not what the client sent: {content}");
        var isLast = _isLast;
        _open &= !isLast;
        if (isLast)
        {
            return Verdict();
        }

        _dead |= !Roll(out _);
        return _dead ? "552 no\r\n" : "250 ok\r\n";
    }

    private string Verdict()
    {
        var taken = Roll(out _);
        Accepted += taken ? 1 : 0;
        return taken ? "250 queued\r\n" : "451 later\r\n";
    }

    // Leading zeros and more spaces are read as well, and not passed on.
    private bool IsChunkOfClient(string content) => Regex.Matches(client, @"(?i)BDAT +0*(\d+)( +LAST)? *\r\n").Any(command =>
        command.Groups[1].Value == content.Length.ToString(CultureInfo.InvariantCulture)
        && command.Groups[2].Success == _isLast
        && string.CompareOrdinal(client, command.Index + command.Length, content, 0, content.Length) == 0);

    /// <summary>The content behind the session's own field; null if that is not there.</summary>
    private string? WithoutField(string content)
    {
        var end = content.IndexOf($" id {session}.", StringComparison.Ordinal);
        if (!content.StartsWith("Received: from ", StringComparison.Ordinal) || end < 0)
        {
            return null;
        }

        // Folded lines belong to it.
        for (var at = content.IndexOf("\r\n", StringComparison.Ordinal); at >= 0; at = content.IndexOf("\r\n", at + 2, StringComparison.Ordinal))
        {
            if (at + 2 >= content.Length || content[at + 2] != '\t')
            {
                return at > end ? content[(at + 2)..] : null;
            }

            // The last of its lines has the date; a tab of the client's behind it does not belong to it.
            if (at > end && content.AsSpan(0, at).EndsWith(" +0100"))
            {
                return content[(at + 2)..];
            }
        }

        return null;
    }

    private bool IsMessageOfClient(string content)
    {
        // With white space behind it (RFC 5321 section 4.1.1) or an argument, which is for the server to refuse; this one takes it.
        foreach (Match command in Regex.Matches(client, @"(?i)DATA[^\r\n]*\r\n"))
        {
            var sent = client[(command.Index + command.Length)..];
            var length = ReferenceData.EndOf(sent);
            if (length >= 0 && ReferenceData.Normalize(sent[..length]) == content)
            {
                return true;
            }
        }

        return false;
    }

    private bool Roll(out bool isGood) => isGood = dice.Length == 0 || dice[_roll++ % dice.Length] % 8 != 0;

    private string Cut(int length)
    {
        var piece = _input[..length];
        _input = _input[length..];
        return piece;
    }
}
