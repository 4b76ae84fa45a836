using CsCheck;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>
/// SMTP without pipelining, as a plain loop over commands that are answered one after the other: what the backend must see and the
/// client must hear. However commands were pipelined and bytes were cut, the machine must come to the same.
/// </summary>
internal sealed class SmtpModel
{
    private readonly List<(string Bytes, string Reply)> _backend = [];
    private readonly List<Turn> _client = [];
    private readonly List<string> _replies = [];
    private bool _loggedIn;
    private bool _open;
    private int _recipients;
    private bool _hasHeader;
    private bool _dead;
    private bool _internationalized;
    private string _hello = "unknown";
    private bool _extended;
    private bool _takesChunks;
    private bool _hasChunks;
    private bool _sawLastChunk;
    private int _octets;
    private int _maxSize = int.MaxValue;
    private int _messages;
    private bool _endsTurn;
    private int _fruitless;

    public enum Kind
    {
        Ehlo,
        Helo,
        Login,
        Mail,
        Recipient,
        Data,
        Chunk,
        Reset,
        Noop,
        Lookup,
        Withheld,
    }

    /// <summary>One thing the client does; <paramref name="Accepted"/> is what the backend says to it if it hears of it.</summary>
    public readonly record struct Action(Kind Kind, bool Accepted, bool Flag, string Content);

    /// <summary>What the client sends at once, after it has seen <paramref name="RepliesBefore"/> replies.</summary>
    public readonly record struct Turn(string Bytes, int RepliesBefore);

    public static readonly Gen<Action> Actions = Gen.Select(
        Gen.Frequency(
            (1, Kind.Ehlo), (1, Kind.Helo), (2, Kind.Login), (6, Kind.Mail), (6, Kind.Recipient),
            (5, Kind.Data), (6, Kind.Chunk), (2, Kind.Reset), (1, Kind.Noop), (1, Kind.Lookup), (1, Kind.Withheld)),
        Gen.Int[0, 3].Select(n => n > 0),
        Gen.Bool,
        Gen.String[Gen.OneOf('\r', '\n', '.', '\0', 'x', 'Q'), 0, 12],
        (kind, accepted, flag, content) => new Action(kind, accepted, flag, content));

    public SmtpModel(IEnumerable<Action> actions)
    {
        foreach (var action in actions)
        {
            Do(action);
        }
    }

    /// <summary>What the backend sees, cut where it replies, and its replies.</summary>
    public IReadOnlyList<(string Bytes, string Reply)> Backend => _backend;

    /// <summary>What the client sends.</summary>
    public IReadOnlyList<Turn> Client => _client;

    /// <summary>What the client hears.</summary>
    public string Replies => string.Concat(_replies);

    /// <summary>Whether too many commands led nowhere.</summary>
    public bool HasEnded { get; private set; }

    private void Do(Action action)
    {
        if (HasEnded)
        {
            return;
        }

        if (_fruitless >= 20)
        {
            HasEnded = true;
            Hear("NOOP\r\n", "421 4.7.0 mail.example.com Error: too many errors\r\n");
            return;
        }

        if (!_loggedIn)
        {
            _fruitless++;
        }

        switch (action.Kind)
        {
            case Kind.Ehlo or Kind.Helo:
                var name = $"host-{_replies.Count}.example.net";
                // Chunks are offered more often than not, and pipelining without them as well.
                var offered = (action.Content.Length % 4 < 3 ? "CHUNKING" : "X-NONE", action.Flag ? "PIPELINING" : "X-NEITHER");
                var maxSize = action.Content.Length % 3 == 0 ? 20 : int.MaxValue;
                var list = $"250-{name}\r\n250-{offered.Item1}\r\n{(maxSize == 20 ? "250-SIZE 1044\r\n" : "")}250 {offered.Item2}\r\n";
                Say(
                    $"{(action.Kind == Kind.Ehlo ? "EHLO" : "helo")} {name}\r\n",
                    action.Accepted ? 250 : 501,
                    reply: action.Accepted ? list : null,
                    heard: action.Kind == Kind.Ehlo ? list.Replace("SIZE 1044", "SIZE 20", StringComparison.Ordinal) : null);
                if (action.Accepted)
                {
                    (_hello, _extended) = (name, action.Kind == Kind.Ehlo);
                    _takesChunks = _extended && offered.Item1 == "CHUNKING";
                    _maxSize = _extended ? maxSize : int.MaxValue;
                    EndTransaction();
                }

                break;
            case Kind.Login when _loggedIn:
                Refuse("AUTH PLAIN AGEAYg==\r\n", "503 5.5.1 Already authenticated\r\n");
                break;
            case Kind.Login:
                Say("AUTH PLAIN AGEAYg==\r\n", action.Accepted ? 235 : 535);
                _loggedIn = action.Accepted;
                _fruitless = action.Accepted ? 0 : _fruitless;
                break;
            case Kind.Mail when _loggedIn:
                _recipients = _open ? _recipients : 0;
                Say($"MAIL FROM:<a@example.com>{(action.Flag ? " SMTPUTF8" : "")}\r\n", action.Accepted ? 250 : 503);
                if (action.Accepted)
                {
                    EndTransaction();
                    (_open, _internationalized) = (true, action.Flag);
                }

                break;
            case Kind.Recipient when _loggedIn:
                Say("RCPT TO:<\"never in a for clause\"@example.org>\r\n", action.Accepted ? 250 : 550);
                _recipients += action.Accepted ? 1 : 0;
                break;
            case Kind.Data when _loggedIn:
                Data(action);
                break;
            case Kind.Chunk when _loggedIn:
                Chunk(action);
                break;
            case Kind.Reset:
                Say("RSET\r\n", 250);
                EndTransaction();
                break;
            case Kind.Noop:
                Say("NOOP\r\n", 250);
                break;
            case Kind.Lookup when _loggedIn:
                Say("VRFY bob\r\n", 252);
                break;
            case Kind.Withheld:
                Refuse("XCLIENT ADDR=192.0.2.1\r\n", "502 5.5.1 Command not implemented\r\n");
                break;
            default:
                RefuseUnauthenticated(action);
                break;
        }
    }

    private void RefuseUnauthenticated(Action action) => Hear(
        action.Kind switch
        {
            Kind.Mail => "MAIL FROM:<a@example.com>\r\n",
            Kind.Recipient => "RCPT TO:<b@example.org>\r\n",
            Kind.Data => "DATA\r\n",
            Kind.Chunk => $"BDAT {action.Content.Length}\r\n{action.Content}",
            _ => "EXPN list\r\n",
        },
        "530 5.7.0 Authentication required\r\n",
        endsTurn: action.Kind == Kind.Data);

    private void Data(Action action)
    {
        if (_hasChunks || _dead)
        {
            Refuse("DATA\r\n", "503 5.5.1 Send RSET first\r\n", endsTurn: true);
            return;
        }

        Say("DATA\r\n", action.Accepted ? 354 : 554, endsTurn: true);
        if (!action.Accepted)
        {
            return;
        }

        var sent = action.Content + "\r\n.\r\n";
        sent = sent[..ReferenceData.EndOf(sent)];
        var isEmpty = sent == ".\r\n" && _recipients == 0;
        Say(sent, action.Flag ? 250 : 451, bytes: isEmpty ? sent : Header() + ReferenceData.Normalize(sent));
        _fruitless = action.Flag ? 0 : _fruitless;
        EndTransaction();
    }

    private void Chunk(Action action)
    {
        var refusal = !_takesChunks ? "503 5.5.1 BDAT is not offered\r\n"
            : !_open ? "503 5.5.1 Send MAIL first\r\n"
            : _dead ? "503 5.5.1 Send RSET first\r\n"
            : _octets + action.Content.Length > _maxSize ? "552 5.3.4 Message is too large\r\n"
            : null;
        if (refusal is not null)
        {
            _dead |= refusal[0..3] == "552";
            if (refusal.EndsWith("RSET first\r\n", StringComparison.Ordinal))
            {
                // Of chunks as small as these only the first last one may be the rest of a message that was sent before its refusal was read.
                _fruitless -= action.Flag && !_sawLastChunk ? 1 : 0;
                _sawLastChunk |= action.Flag;
            }

            Refuse($"BDAT {action.Content.Length}{(action.Flag ? " LAST" : "")}\r\n{action.Content}", refusal);
            return;
        }

        var header = !_hasHeader && (action.Content.Length > 0 || action.Flag) ? Header() : "";
        _hasHeader |= header.Length > 0;
        _hasChunks = true;
        _octets += action.Content.Length;
        var last = action.Flag ? " LAST" : "";
        Say(
            $"bdat {action.Content.Length}{last}\r\n{action.Content}",
            action.Accepted ? 250 : 552,
            bytes: $"BDAT {action.Content.Length + header.Length}{last}\r\n{header}{action.Content}");
        _dead |= !action.Accepted;
        if (action.Flag)
        {
            _fruitless = action.Accepted ? 0 : _fruitless;
            EndTransaction();
        }
    }

    private void EndTransaction()
    {
        _open = _hasHeader = _dead = _hasChunks = _sawLastChunk = false;
        _octets = 0;
    }

    private string Header() => SmtpSession.Header(
        ++_messages, null, !_extended ? "SMTP" : _open && _internationalized ? "UTF8SMTPSA" : "ESMTPSA", _hello);

    private void Say(string sent, int code, bool endsTurn = false, string? bytes = null, string? reply = null, string? heard = null)
    {
        reply ??= _replies.Count % 3 == 0 ? $"{code}-{_replies.Count}\r\n{code} 354 and more\r\n" : $"{code} {_replies.Count}\r\n";
        _backend.Add((bytes ?? sent, reply));
        Hear(sent, heard is null || reply[0] != '2' ? reply : heard, endsTurn);
    }

    private void Refuse(string sent, string reply, bool endsTurn = false)
    {
        _fruitless += _loggedIn ? 1 : 0;
        Hear(sent, reply, endsTurn);
    }

    private void Hear(string sent, string reply, bool endsTurn = false)
    {
        _replies.Add(reply);
        if (_client.Count == 0 || _endsTurn)
        {
            _client.Add(new Turn("", _replies.Count - 1));
        }

        _client[^1] = _client[^1] with { Bytes = _client[^1].Bytes + sent };
        _endsTurn = endsTurn;
    }
}
