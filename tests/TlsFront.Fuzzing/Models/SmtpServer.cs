using System.Text.RegularExpressions;

namespace TlsFront.Fuzzing.Models;

/// <summary>A model of SMTP servers, which trusts the gateway: it relays for everybody.</summary>
internal sealed partial class SmtpServer : ModelServer
{
    private static readonly SmtpTraits[] Kinds =
    [
        new("by the letter", LineRules.Strict),
        new("32 bits for a chunk", LineRules.Strict) { Count = number => (uint)number },
        new("31 bits for a chunk", LineRules.Strict) { Count = number => (int)number },
        new("no CHUNKING", LineRules.Strict) { Offers = ["PIPELINING"] },
        new("no PIPELINING", LineRules.Strict) { ForgetsInput = true },
        new("lenient lines", new(EndsAtLineFeed: true, Blanks: " \t")),
        new("CR ends lines", new(EndsAtLineFeed: true, EndsAtReturn: true, Blanks: " ")),
        new("verdict before the dot", LineRules.Strict) { InterruptsData = true },
        new("four letters of a verb", LineRules.Strict) { Verb = static verb => verb.Length > 4 && Shortened().IsMatch(verb) ? verb[..4] : verb },
        new("no initial response", LineRules.Strict) { IgnoresInitialResponse = true },
    ];

    private readonly SmtpTraits _traits;
    private readonly SmtpReading _reading;
    private readonly SaslServer _sasl;
    private bool _knowsPipelining;
    private bool _loggedIn;
    private bool _hasMail;
    private bool _isDead;
    private int _recipients;
    private string? _message;

    private SmtpServer(SmtpTraits traits, SmtpReading reading, byte[] dice)
        : base($"SMTP, {traits.Name}", reading, dice)
    {
        _traits = traits;
        _sasl = new SaslServer(traits.IgnoresInitialResponse);
        _reading = reading;
        _reading.KnowsChunks = false;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Func<byte[], ModelServer>> All { get; } =
        [
            .. Kinds.Select(traits => (Func<byte[], ModelServer>)(
                dice => new SmtpServer(traits, new(traits.Lines, traits.Count) { Verb = traits.Verb }, dice)))
        ];

    /// <inheritdoc/>
    public override string Greeting => "220 hello\r\n";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["STARTTLS", "XCLIENT", "-PLUS"];

    /// <inheritdoc/>
    protected override bool ForgetsInput => _traits.ForgetsInput && !_knowsPipelining;

    /// <inheritdoc/>
    public override Reading GatewayReading() => SmtpReading.OfGateway();

    /// <inheritdoc/>
    public override Reading ClientReading() => SmtpReading.OfClient();

    /// <inheritdoc/>
    protected override (string Answer, bool IsGoAhead) Execute(Act act)
    {
        Forbid(EarlyVerdict is not null, "Octets follow a final reply that came before the end of the data.");
        var answer = act.Kind switch
        {
            ActKind.Content => Content(act),
            ActKind.Response => Follow(_sasl.Respond(_traits.Lines.Canonical(act.Text))),
            _ => Command(act),
        };
        return (answer, answer[0] == '3');
    }

    /// <inheritdoc/>
    protected override string Interrupt()
    {
        if (!_traits.InterruptsData || !_reading.IsInData || !_reading.HasInput || IsWilling())
        {
            return "";
        }

        EarlyVerdict = "552";
        _reading.Flush();
        return "552 5.3.4 too large\r\n";
    }

    private string Command(Act act)
    {
        var words = _traits.Lines.Canonical(act.Text).Split(' ');
        var verb = _traits.Verb(words[0].ToUpperInvariant());
        Forbid(Never().IsMatch(verb), verb, "is executed");
        Forbid(!_loggedIn && !BeforeLogin().IsMatch(verb), verb, "is executed before a login");
        switch (verb)
        {
            case "EHLO" or "HELO":
                return Greet(verb == "EHLO");
            case "AUTH":
                Forbid(words.Length > 1 && SaslServer.IsForbidden(words[1]), "AUTH with channel binding.");
                return _loggedIn ? "503 twice\r\n" : Follow(_sasl.Begin(words[1..]));
            case "MAIL":
                if (!IsWilling())
                {
                    return "550 no\r\n";
                }

                Begin(hasMail: true);
                return "250 ok\r\n";
            case "RCPT":
                var isTaken = _hasMail && IsWilling();
                _recipients += isTaken ? 1 : 0;
                return isTaken ? "250 ok\r\n" : "503 no\r\n";
            case "DATA":
                return _recipients > 0 && _message is null && IsWilling() ? "354 go\r\n" : "503 no\r\n";
            case "RSET":
                Begin(hasMail: false);
                return "250 ok\r\n";
            case "QUIT":
                return "221 bye\r\n";
            default:
                return verb is "NOOP" or "VRFY" && IsWilling() ? "250 ok\r\n" : "500-what\r\n500 now\r\n";
        }
    }

    // What was offered last is known, and nothing else.
    private string Greet(bool isExtended)
    {
        var roll = Roll();
        if (roll % 8 == 0)
        {
            return "501 no\r\n";
        }

        string[] offers = isExtended ? [.. _traits.Offers.Where((_, index) => (roll & (0x20 << index)) == 0)] : [];
        (_reading.KnowsChunks, _knowsPipelining) = (offers.Contains("CHUNKING"), offers.Contains("PIPELINING"));
        Begin(hasMail: false);
        return isExtended
            ? $"250-backend\r\n250-STARTTLS\r\n{string.Concat(offers.Select(offer => $"250-{offer}\r\n"))}"
                + "250-XCLIENT ADDR\r\n250 AUTH PLAIN LOGIN SCRAM-SHA-256 XOAUTH2 OAUTHBEARER CRAM-MD5 X-PLUS\r\n"
            : "250 backend\r\n";
    }

    private void Begin(bool hasMail) => (_hasMail, _isDead, _recipients, _message) = (hasMail, false, 0, null);

    private string Follow(SaslServer.Outcome outcome)
    {
        switch (outcome)
        {
            case SaslServer.Outcome.Challenge:
                return "334 \r\n";
            case SaslServer.Outcome.Credentials when LogIn(_sasl.User):
                _loggedIn = true;
                return "235 ok\r\n";
            default:
                return "535 no\r\n";
        }
    }

    private string Content(Act act)
    {
        var (isChunk, isLast) = (act.Name != "DATA", act.Name != "BDAT");
        if (isChunk)
        {
            Forbid(!_loggedIn, "A chunk before a login.");
            if (!_hasMail || _recipients == 0 || _isDead)
            {
                // As Exim has it: the transaction is what it was.
                return "503 no\r\n";
            }

            var roll = Roll();
            if (roll % 8 == 0)
            {
                _isDead = (roll & 8) != 0;
                return "552 no\r\n";
            }
        }

        Forbid(_message is { Length: > 0 } && ReceivedField.Remove(act.Text) is not null, "A second Received field.");
        _message += act.Text;
        return isLast ? Verdict() : "250 ok\r\n";
    }

    private string Verdict()
    {
        var (message, isTaken) = (_message!, IsWilling());
        Begin(hasMail: false);
        if (!isTaken)
        {
            return "554 no\r\n";
        }

        if (ReceivedField.Remove(message) is null)
        {
            throw Disagreement("no Received field", message);
        }

        Messages++;
        return "250 queued\r\n";
    }

    // Words that speak in the gateway's name, fetch content past it, or end the protocol; and the first line of a message.
    [GeneratedRegex("^(STARTTLS|XCLIENT|XFORWARD|PROXY|BURL|ETRN|ATRN|TURN|LHLO|RECEIVED:)$")]
    private static partial Regex Never();

    // What another word means to some server, nobody can know.
    [GeneratedRegex("^(EHLO|HELO|AUTH|NOOP|RSET|HELP|QUIT)$")]
    private static partial Regex BeforeLogin();

    // As Courier has it.
    [GeneratedRegex("^(MAIL|RCPT|DATA|BDAT)")]
    private static partial Regex Shortened();
}
