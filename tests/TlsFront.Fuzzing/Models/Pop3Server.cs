using System.Text;
using TlsFront.Connections;

namespace TlsFront.Fuzzing.Models;

/// <summary>A model of POP3 servers before the login.</summary>
internal sealed class Pop3Server : ModelServer
{
    private readonly Pop3Reading _reading;
    private readonly LineRules _lines;
    private readonly bool _listsMechanisms;

    // A name it refuses takes the place of the one before.
    private readonly bool _isForgetful;
    private readonly SaslServer _sasl = new();
    private string? _user;

    private Pop3Server(string name, LineRules lines, bool listsMechanisms, Pop3Reading reading, byte[] dice)
        : base($"POP3, {name}", reading, dice)
    {
        _reading = reading;
        _lines = lines;
        _listsMechanisms = listsMechanisms;
        _isForgetful = !listsMechanisms;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Func<byte[], ModelServer>> All { get; } =
    [
        Kind("by the letter", LineRules.Strict, listsMechanisms: false),
        Kind("lists mechanisms", LineRules.Strict, listsMechanisms: true),
        Kind("lenient lines", new(EndsAtLineFeed: true, Blanks: " "), listsMechanisms: true),
    ];

    /// <inheritdoc/>
    public override string Greeting => "+OK [XCLIENT] ready <1@x>\r\n";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["STLS", "XCLIENT", "-PLUS"];

    /// <inheritdoc/>
    public override Reading GatewayReading() => new Pop3Reading(LineRules.Strict);

    /// <inheritdoc/>
    public override Reading ClientReading() => new Pop3Reading(new(EndsAtLineFeed: true));

    /// <inheritdoc/>
    protected override (string Answer, bool IsGoAhead) Execute(Act act)
    {
        var answer = act.Kind == ActKind.Response ? Follow(_sasl.Respond(_lines.Canonical(act.Text))) : Command(act.Text);
        return (answer, answer[1] == ' ');
    }

    private static Func<byte[], ModelServer> Kind(string name, LineRules lines, bool listsMechanisms) =>
        dice => new Pop3Server(name, lines, listsMechanisms, new(lines), dice);

    private string Command(string line)
    {
        var (verb, argument) = _reading.Split(line);
        Forbid(verb is "STLS" or "XCLIENT" or "XOIP" or "XFORWARD", verb, "is executed");
        switch (verb)
        {
            case "CAPA":
                return IsWilling() ? "+OK\r\nSTLS\r\nSASL PLAIN SCRAM-SHA-1-PLUS\r\nXCLIENT A\r\n.\r\n" : "-ERR no\r\n";
            case "LANG" when argument is null or "":
                return "+OK\r\nen\r\n.\r\n";
            case "AUTH" when _listsMechanisms && (argument is null || argument.Trim(' ').Length == 0):
                return "+OK\r\nPLAIN\r\nSCRAM-SHA-1-PLUS\r\n.\r\n";
            case "AUTH":
                return Follow(_sasl.Begin(argument?.Split(' ') ?? []));
            case "USER":
                var isTaken = IsWilling() && argument is { Length: > 0 };
                _user = isTaken ? argument : _isForgetful ? null : _user;
                return isTaken ? "+OK\r\n" : "-ERR no\r\n";
            case "PASS":
                // Whoever fails may try again with another password.
                return _user is not null && argument is { Length: > 0 } && LogIn(UserOf(_user)) ? "+OK in\r\n" : "-ERR no\r\n";
            case "APOP":
                return argument?.Split(' ') is [{ Length: > 0 } user, { Length: > 0 }] && LogIn(UserOf(user)) ? "+OK in\r\n" : "-ERR no\r\n";
            case "QUIT":
                return "+OK bye\r\n";
            default:
                return IsWilling() ? "+OK\r\n" : "-ERR no\r\n";
        }
    }

    private string Follow(SaslServer.Outcome outcome) => outcome switch
    {
        SaslServer.Outcome.Challenge => "+ \r\n",
        SaslServer.Outcome.Credentials when LogIn(_sasl.User) => "+OK in\r\n",
        _ => "-ERR no\r\n",
    };

    private static string? UserOf(string user) => UserName.FromUtf8(Encoding.Latin1.GetBytes(user));
}
