namespace TlsFront.Fuzzing.Models;

/// <summary>Cuts one side's octets into <see cref="Act"/>s, as somebody reads them: a model of a server, the RFCs, or the client itself.</summary>
internal abstract class Reading(LineRules lines)
{
    private string _input = "";
    private int _at;

    /// <summary>How lines are read.</summary>
    protected LineRules Lines => lines;

    /// <summary>What was received and not taken yet.</summary>
    protected ReadOnlySpan<char> Rest => _input.AsSpan(_at);

    /// <summary>Whether there is anything that was not taken yet.</summary>
    public bool HasInput => !Rest.IsEmpty;

    /// <summary>What comes next, and how much of it is there.</summary>
    public string Position => $"{Expected}, {Rest.Length} octets of it there";

    /// <summary>Whether content is under way: its answer may come before its end.</summary>
    public abstract bool IsInside { get; }

    /// <summary>What comes next.</summary>
    protected abstract string Expected { get; }

    /// <summary>More octets arrive.</summary>
    public void Add(string octets) => (_input, _at) = (_input[_at..] + octets, 0);

    /// <summary>Forgets what arrived and was not taken, as a server does that knows no pipelining.</summary>
    public void Flush() => (_input, _at) = ("", 0);

    /// <summary>Takes the next act. One that <see cref="Act.IsAnswered"/> must be <see cref="Answered"/> before the next.</summary>
    public abstract Act? Take();

    /// <summary>The server answered the last act: with a request for more, or finally.</summary>
    public abstract void Answered(bool isGoAhead);

    /// <summary>
    /// Takes the answer to <paramref name="act"/> off the start of <paramref name="answers"/>, which are a server's words or the gateway's;
    /// null if it is not complete.
    /// </summary>
    public abstract bool? TakeAnswer(Act act, ref ReadOnlySpan<char> answers);

    /// <summary>Whether a server's act is what this client did, less what the gateway is known to rewrite.</summary>
    public abstract bool IsSame(Act ofServer, Act ofClient);

    /// <summary>Whether it ends a SASL dialogue: so does the gateway where the client says anything but base64.</summary>
    protected static bool IsCancelled(Act response) => response is { Kind: ActKind.Response, Text: "*" };

    /// <summary>Takes so many octets.</summary>
    protected string Cut(int length)
    {
        _at += length;
        return _input.Substring(_at - length, length);
    }

    /// <summary>Takes a line without its end; null if it is not complete.</summary>
    protected string? CutLine() => lines.TryFind(Rest, out var length, out var withEnd) ? Cut(withEnd)[..length] : null;

    /// <summary>Takes a line of <paramref name="answers"/> with its end; empty if it is not complete.</summary>
    protected static ReadOnlySpan<char> CutLine(ref ReadOnlySpan<char> answers)
    {
        var line = answers[..(answers.IndexOf('\n') + 1)];
        answers = answers[line.Length..];
        return line;
    }

    /// <summary>The words of a line before the <paramref name="count"/>th space, in upper case.</summary>
    protected static string FirstWords(string line, int count)
    {
        var end = -1;
        while (count-- > 0)
        {
            end = line.IndexOf(' ', end + 1);
            if (end < 0)
            {
                return line.ToUpperInvariant();
            }
        }

        return line[..end].ToUpperInvariant();
    }
}
