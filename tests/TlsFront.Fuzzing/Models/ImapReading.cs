using System.Text.RegularExpressions;

namespace TlsFront.Fuzzing.Models;

/// <summary>IMAP before the login, as the receiver of commands reads it: a line, and a literal wherever one is announced at its end.</summary>
/// <param name="lines">How lines are read.</param>
/// <param name="knowsPlus">Whether <c>{n+}</c> announces a literal, too (RFC 7888).</param>
internal sealed partial class ImapReading(LineRules lines, bool knowsPlus) : Reading(lines)
{
    private enum Next
    {
        Command,
        Rest,
        Response,
        Literal,
    }

    private Next _next;
    private long _literal = -1;

    /// <inheritdoc/>
    public override bool IsInside => _next is Next.Literal or Next.Rest;

    /// <inheritdoc/>
    protected override string Expected => _next == Next.Literal ? $"literal of {_literal}" : $"{_next}";

    /// <summary>The tag and the verb of a line, and the words behind them.</summary>
    public (string Tag, string Verb, string[] Words) Split(string line) =>
        Lines.Canonical(line).Split(' ') is [var tag, var verb, .. var words] ? (tag, verb.ToUpperInvariant(), words) : (line, "", []);

    /// <summary>A line without the announcement of a literal.</summary>
    public static string WithoutLiteral(string line) => Literal().Replace(line, "");

    /// <inheritdoc/>
    public override Act? Take()
    {
        if (_next == Next.Literal)
        {
            if (_literal > Rest.Length)
            {
                return null;
            }

            _next = Next.Rest;
            return new(ActKind.Content, "", Cut((int)_literal), IsAnswered: false);
        }

        if (CutLine() is not { } line)
        {
            return null;
        }

        var literal = Literal().Match(line);
        var isWaitedFor = literal.Groups[2].Length == 0;
        _literal = _next != Next.Response && literal.Success && (knowsPlus || isWaitedFor) ? Length(literal.Groups[1].ValueSpan) : -1;
        var act = _next switch
        {
            Next.Command => new Act(ActKind.Command, Name(line), line),
            Next.Rest => new(ActKind.Rest, "", line),
            _ => new(ActKind.Response, "", line),
        };
        if (_literal < 0 || isWaitedFor)
        {
            return act;
        }

        _next = Next.Literal;
        return act with { IsAnswered = false };
    }

    /// <inheritdoc/>
    public override void Answered(bool isGoAhead) => _next = !isGoAhead ? Next.Command : _literal >= 0 ? Next.Literal : Next.Response;

    /// <inheritdoc/>
    public override bool? TakeAnswer(Act act, ref ReadOnlySpan<char> answers)
    {
        while (CutLine(ref answers) is { Length: > 0 } line)
        {
            // Untagged ones but BAD, which answers what has no tag, come with a tagged one. The string of an ID may be a literal.
            if (!line.StartsWith("* ") && line is not (['x', '\r', '\n'] or [')', '\r', '\n']))
            {
                return line[0] == '+';
            }

            if (line.StartsWith("* BAD"))
            {
                return false;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    /// <remarks>An ID is written anew, and <c>{0n+}</c> becomes <c>{n}</c>.</remarks>
    public override bool IsSame(Act ofServer, Act ofClient) => ofServer.Kind == ofClient.Kind && ofServer.Name == ofClient.Name
        && (ofServer.Name.EndsWith(" ID", StringComparison.Ordinal) || IsCancelled(ofServer)
            || Announcement().Replace(ofServer.Text, "{$1}") == Announcement().Replace(ofClient.Text, "{$1}"));

    private static long Length(ReadOnlySpan<char> digits) => long.TryParse(digits, out var length) ? length : long.MaxValue;

    // The name of a command that logs in by SASL is all of it: what is in front of the mechanism matters.
    private string Name(string line)
    {
        var canonical = Lines.Canonical(line);
        var name = FirstWords(canonical, 2);
        return name.EndsWith(" AUTHENTICATE", StringComparison.Ordinal) ? canonical : name;
    }

    [GeneratedRegex(@"\{([0-9]+)(\+?)\}$")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{0*([0-9]+)\+?\}$")]
    private static partial Regex Announcement();
}
