namespace TlsFront.Fuzzing.Models;

/// <summary>POP3 before the login, as the receiver of commands reads it.</summary>
/// <param name="lines">How lines are read.</param>
internal sealed class Pop3Reading(LineRules lines) : Reading(lines)
{
    private bool _isResponse;

    /// <inheritdoc/>
    public override bool IsInside => false;

    /// <inheritdoc/>
    protected override string Expected => _isResponse ? "response" : "command";

    /// <summary>The verb of a line, and what stands behind it: null if it is a bare verb.</summary>
    public (string Verb, string? Argument) Split(string line)
    {
        var canonical = Lines.Canonical(line);
        var verb = FirstWords(canonical, 1);
        return (verb, verb.Length < canonical.Length ? canonical[(verb.Length + 1)..] : null);
    }

    /// <inheritdoc/>
    public override Act? Take()
    {
        if (CutLine() is not { } line)
        {
            return null;
        }

        var (verb, _) = Split(line);
        return _isResponse ? new(ActKind.Response, "", line) : new(ActKind.Command, verb is "AUTH" or "APOP" ? Lines.Canonical(line) : verb, line);
    }

    /// <inheritdoc/>
    public override void Answered(bool isGoAhead) => _isResponse = isGoAhead;

    /// <inheritdoc/>
    public override bool? TakeAnswer(Act act, ref ReadOnlySpan<char> answers)
    {
        var rest = answers;
        var line = CutLine(ref rest);
        var isList = act.Kind == ActKind.Command && line.StartsWith("+OK") && Split(act.Text) is ("CAPA", _) or ("AUTH" or "LANG", null or "");
        for (var item = isList ? CutLine(ref rest) : ".\r\n"; !item.SequenceEqual(".\r\n"); item = CutLine(ref rest))
        {
            if (item.IsEmpty)
            {
                return null;
            }
        }

        if (line.IsEmpty)
        {
            return null;
        }

        answers = rest;
        return !line.StartsWith("+OK") && !line.StartsWith("-ERR");
    }

    /// <inheritdoc/>
    public override bool IsSame(Act ofServer, Act ofClient) =>
        ofServer.Kind == ofClient.Kind && (ofServer.Text == ofClient.Text || IsCancelled(ofServer));
}
