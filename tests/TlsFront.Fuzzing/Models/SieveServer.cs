namespace TlsFront.Fuzzing.Models;

/// <summary>A model of ManageSieve servers before the login.</summary>
internal sealed class SieveServer : ModelServer
{
    private const string Capabilities =
        "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN SCRAM-SHA-1-PLUS\"\r\n\"STARTTLS\"\r\n\"XCLIENT\" \"ADDR\"\r\n\"UNAUTHENTICATE\"\r\n";

    private const string No = "NO \"no\"\r\n";

    private readonly SieveReading _reading;

    // One that is not takes a word without quotes for a string.
    private readonly bool _isStrict;
    private readonly SaslServer _sasl = new();

    private SieveServer(string name, bool isStrict, SieveReading reading, byte[] dice)
        : base($"ManageSieve, {name}", reading, dice)
    {
        _isStrict = isStrict;
        _reading = reading;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Func<byte[], ModelServer>> All { get; } =
    [
        dice => new SieveServer("by the letter", isStrict: true, new(LineRules.Strict), dice),
        dice => new SieveServer("any literal", isStrict: true, new(LineRules.Strict, takesAny: true), dice),
        dice => new SieveServer("lenient lines", isStrict: false, new(new(EndsAtLineFeed: true, Blanks: " \t")), dice),
    ];

    /// <inheritdoc/>
    public override string Greeting => Capabilities + "OK \"ready\"\r\n";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["STARTTLS", "XCLIENT", "-PLUS", "UNAUTHENTICATE"];

    /// <inheritdoc/>
    public override Reading GatewayReading() => new SieveReading(LineRules.Strict);

    /// <inheritdoc/>
    public override Reading ClientReading() => new SieveReading(new(EndsAtLineFeed: true));

    /// <inheritdoc/>
    protected override (string Answer, bool IsGoAhead) Execute(Act act)
    {
        var words = _reading.Split(act.Text);
        if (act.Kind == ActKind.Response)
        {
            return words is [var response] && (!_isStrict || act.Text.StartsWith('"')) ? Follow(_sasl.Respond(response)) : (No, false);
        }

        if (words is not [var verb, .. var strings])
        {
            return (No, false);
        }

        verb = verb.ToUpperInvariant();
        Forbid(verb is not ("AUTHENTICATE" or "CAPABILITY" or "NOOP" or "LOGOUT"), verb, "is executed");
        return verb switch
        {
            "AUTHENTICATE" when IsWilling() => Follow(_sasl.Begin([.. strings.Select(static word => word.Length == 0 ? "=" : word)])),
            "CAPABILITY" when IsWilling() => (Capabilities + "OK\r\n", false),
            "NOOP" when strings is [var tag] => ($"OK (TAG \"{tag}\") \"Done\"\r\n", false),
            "AUTHENTICATE" => (No, false),
            _ => (IsWilling() ? "OK \"done\"\r\n" : No, false),
        };
    }

    private (string Answer, bool IsGoAhead) Follow(SaslServer.Outcome outcome) => outcome switch
    {
        SaslServer.Outcome.Challenge => (Roll() % 2 == 0 ? "{4}\r\nAAAA\r\n" : "\"\"\r\n", true),
        SaslServer.Outcome.Credentials when LogIn(_sasl.User) => ("OK (SASL \"AAAA\") \"in\"\r\n", false),
        _ => (No, false),
    };
}
