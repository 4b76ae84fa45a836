using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TlsFront.Fuzzing.Models;

/// <summary>
/// ManageSieve before the login, as the receiver of commands reads it: a command is all its lines, each literal read as a quoted string.
/// </summary>
/// <param name="lines">How lines are read.</param>
/// <param name="takesAny">Whether <c>{n}</c> announces a literal of the client's, too.</param>
internal sealed partial class SieveReading(LineRules lines, bool takesAny = false) : Reading(lines)
{
    private bool _isResponse;

    /// <inheritdoc/>
    public override bool IsInside => false;

    /// <inheritdoc/>
    protected override string Expected => _isResponse ? "response" : "command";

    /// <summary>The words of a command: a verb and strings without their quotes; null if anything else stands in it.</summary>
    public string[]? Split(string text)
    {
        var command = Command().Match(Lines.Canonical(text));
        return command.Success ? [.. command.Groups["word"].Captures.Select(static word => Unquote(word.Value))] : null;
    }

    /// <inheritdoc/>
    public override Act? Take()
    {
        var text = new StringBuilder();
        for (var at = 0; Lines.TryFind(Rest[at..], out var length, out var withEnd);)
        {
            var line = Rest.Slice(at, length).ToString();
            at += withEnd;
            var literal = Literal().Match(line);
            if (!literal.Success || (!takesAny && literal.Groups[2].Length == 0))
            {
                Cut(at);
                var whole = text.Append(line).ToString();
                var verb = FirstWords(Lines.Canonical(whole), 1);
                return _isResponse
                    ? new(ActKind.Response, "", whole)
                    : new(ActKind.Command, verb is "AUTHENTICATE" ? Lines.Canonical(whole) : verb, whole);
            }

            if (!int.TryParse(literal.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var octets)
                || octets > Rest.Length - at)
            {
                return null;
            }

            text.Append(line[..literal.Index]).Append(Quote(Rest.Slice(at, octets).ToString()));
            at += octets;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Answered(bool isGoAhead) => _isResponse = isGoAhead;

    /// <inheritdoc/>
    public override bool? TakeAnswer(Act act, ref ReadOnlySpan<char> answers)
    {
        var rest = answers;
        while (CutAnswer(ref rest) is { Length: > 0 } line)
        {
            var isString = line[0] is '"' or '{';
            var isChallenge = isString && (act.Kind == ActKind.Response || act.Name.StartsWith("AUTHENTICATE", StringComparison.OrdinalIgnoreCase));
            if (isChallenge || !isString)
            {
                answers = rest;
                return isChallenge;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool IsSame(Act ofServer, Act ofClient) =>
        ofServer.Kind == ofClient.Kind && (ofServer.Text == ofClient.Text || ofServer is { Kind: ActKind.Response, Text: "\"*\"" });

    // A line with its literal, which in an answer waits for nobody.
    private static ReadOnlySpan<char> CutAnswer(ref ReadOnlySpan<char> answers)
    {
        var whole = answers;
        var line = CutLine(ref answers);
        var literal = AnswerLiteral().Match(line.ToString());
        if (!literal.Success)
        {
            return line;
        }

        var octets = int.Parse(literal.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (octets > answers.Length)
        {
            return default;
        }

        answers = answers[octets..];
        return CutLine(ref answers).IsEmpty ? default : whole[..^answers.Length];
    }

    private static string Quote(string octets) => $"\"{Special().Replace(octets, @"\$0")}\"";

    private static string Unquote(string word) => word.StartsWith('"') ? Escaped().Replace(word[1..^1], "$1") : word;

    [GeneratedRegex(@"\{([0-9]+)(\+?)\}$")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\{([0-9]+)\}\r?\n$")]
    private static partial Regex AnswerLiteral();

    [GeneratedRegex("""
        ^(?<word>"(?:[^"\\]|\\.)*"|[^\s"]+)(?: (?<word>"(?:[^"\\]|\\.)*"|[^\s"]+))*$
        """)]
    private static partial Regex Command();

    [GeneratedRegex("""
        ["\\]
        """)]
    private static partial Regex Special();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}
