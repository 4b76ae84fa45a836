using System.Text;
using System.Text.RegularExpressions;
using TlsFront.Connections;

namespace TlsFront.Fuzzing.Models;

/// <summary>A model of IMAP servers before the login.</summary>
internal sealed partial class ImapServer : ModelServer
{
    private const string Capabilities = "IMAP4rev1 STARTTLS IDLE LOGINDISABLED AUTH=PLAIN AUTH=SCRAM-SHA-1-PLUS "
        + "LOGIN-REFERRALS UNAUTHENTICATE X-SECRET";

    private readonly LineRules _lines;
    private readonly ImapReading _reading;
    private readonly string _capabilities;
    private readonly SaslServer _sasl = new();

    // The command under way: its first line, and its words with those of its literals.
    private string _line = "";
    private readonly List<string> _words = [];
    private bool _isMalformed;

    private ImapServer(string name, LineRules lines, bool knowsPlus, ImapReading reading, byte[] dice)
        : base($"IMAP, {name}", reading, dice)
    {
        _lines = lines;
        _reading = reading;
        _capabilities = Capabilities + (knowsPlus ? " LITERAL+" : "");
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Func<byte[], ModelServer>> All { get; } =
    [
        Kind("LITERAL+", LineRules.Strict, knowsPlus: true),
        Kind("no LITERAL+", LineRules.Strict, knowsPlus: false),
        Kind("lenient lines", new(EndsAtLineFeed: true, Blanks: " "), knowsPlus: true),
    ];

    /// <inheritdoc/>
    public override string Greeting => $"* OK [CAPABILITY {_capabilities}] ready\r\n";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["STARTTLS", "LOGINDISABLED", "-PLUS", "REFERRALS", "UNAUTHENTICATE"];

    /// <inheritdoc/>
    public override Reading GatewayReading() => new ImapReading(LineRules.Strict, knowsPlus: true);

    /// <inheritdoc/>
    public override Reading ClientReading() => new ImapReading(new(EndsAtLineFeed: true), knowsPlus: true);

    /// <inheritdoc/>
    protected override (string Answer, bool IsGoAhead) Execute(Act act)
    {
        switch (act.Kind)
        {
            case ActKind.Response:
                return Follow(_sasl.Respond(_lines.Canonical(act.Text)));
            case ActKind.Content:
                _words.Add(act.Text);
                return ("", false);
            case ActKind.Command:
                _line = act.Text;
                _words.Clear();
                _isMalformed = false;
                break;
        }

        var isWhole = ImapReading.WithoutLiteral(act.Text) == act.Text || (act.Text.EndsWith("+}", StringComparison.Ordinal) && act.IsAnswered);
        AddWords(isWhole ? act.Text : ImapReading.WithoutLiteral(act.Text), !isWhole);
        return isWhole ? Finish() : Roll() % 4 == 0 ? (Tagged("NO no"), false) : ("+ go\r\n", true);
    }

    private static Func<byte[], ModelServer> Kind(string name, LineRules lines, bool knowsPlus) =>
        dice => new ImapServer(name, lines, knowsPlus, new(lines, knowsPlus), dice);

    private (string Answer, bool IsGoAhead) Finish()
    {
        var (_, verb, words) = _reading.Split(_line);
        Forbid(verb is "STARTTLS" or "XCLIENT" or "XFORWARD" or "COMPRESS", verb, "is executed");
        Forbid(verb == "ID" && _words.Skip(2).Where((_, index) => index % 2 == 0).Any(IsForgery), "An ID that forges:", _line);
        return verb switch
        {
            "AUTHENTICATE" => Follow(_sasl.Begin(words)),
            "LOGIN" when !_isMalformed && _words is [_, _, { Length: > 0 } user, { Length: > 0 }] =>
                (Tagged(LogIn(UserName.FromUtf8(Encoding.Latin1.GetBytes(user.Split('\0')[0]))) ? "OK in" : "NO no"), false),
            "LOGIN" => (Tagged("BAD no"), false),
            _ => (Answer(), false),
        };
    }

    private string Answer() => (Roll() % 8) switch
    {
        1 => $"* CAPABILITY {_capabilities}\r\n{Tagged("OK done")}",
        2 => $"* ID (\"a\" {{3}}\r\nx\r\n)\r\n{Tagged("NO no")}",
        3 => Tagged($"NO [CAPABILITY {_capabilities}] no"),
        _ => Tagged("BAD no"),
    };

    private (string Answer, bool IsGoAhead) Follow(SaslServer.Outcome outcome) => outcome switch
    {
        SaslServer.Outcome.Challenge => ("+ \r\n", true),
        SaslServer.Outcome.Credentials when LogIn(_sasl.User) => (Tagged("OK in"), false),
        _ => (Tagged("NO no"), false),
    };

    private string Tagged(string words) => $"{_reading.Split(_line).Tag} {words}\r\n";

    private static bool IsForgery(string word) => word.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    // One space between two words, or a word and a literal, unless the server is lenient.
    private void AddWords(string line, bool isBeforeLiteral)
    {
        var isLenient = _lines.Blanks.Length > 0;
        _isMalformed |= !(isLenient ? Lenient() : Strict()).IsMatch(line) || (isBeforeLiteral && !line.EndsWith(' '));
        _words.AddRange(Word().Matches(line).Select(word => word.Groups[1].Success ? Escape().Replace(word.Groups[1].Value, "$1") : word.Value));
    }

    [GeneratedRegex("""
        "((?:[^"\\]|\\.)*)"|[^\s()"]+
        """)]
    private static partial Regex Word();

    [GeneratedRegex("""
        ^ ?(("([^"\\]|\\.)*"|[^\s()"]+)( |$))*$
        """)]
    private static partial Regex Strict();

    [GeneratedRegex("""
        ^ *(("([^"\\]|\\.)*"|[^\s()"]+)( +|$))*$
        """)]
    private static partial Regex Lenient();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
