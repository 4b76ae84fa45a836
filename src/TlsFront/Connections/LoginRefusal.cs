namespace TlsFront.Connections;

/// <summary>A login that is refused before any backend saw it.</summary>
internal sealed record LoginRefusal
{
    /// <summary>As any backend refuses a login, with another try.</summary>
    public static readonly LoginRefusal Plain = new(words: null, code: null, endsSession: false);

    /// <summary>Most characters of the words: with their line they fit into any reply.</summary>
    private const int MaxWords = 256;

    /// <summary>nginx's own default.</summary>
    private const string DefaultCode = "535 5.7.0";

    private const string DefaultWords = "Authentication failed";

    /// <param name="words">
    /// What somebody else wants the client to be told: nothing of it may end the line, or be read as anything but text.
    /// </param>
    /// <param name="code">What the reply code of SMTP should be; what is no code of a failure is not used.</param>
    /// <param name="endsSession">Whether the client gets no other try in this session.</param>
    public LoginRefusal(string? words, string? code, bool endsSession)
    {
        var printable = string.Concat((words ?? "").Take(MaxWords).Select(static letter => letter is >= ' ' and <= '~' ? letter : '?')).Trim();
        Words = printable.Length == 0 ? DefaultWords : printable;
        Code = code is not null && IsCode(code) ? code : DefaultCode;
        EndsSession = endsSession;
    }

    /// <summary>What the client is told, printable ASCII.</summary>
    public string Words { get; }

    /// <summary>In SMTP, the reply code and the enhanced status code, if there is one.</summary>
    public string Code { get; }

    /// <summary>Whether the session ends with it.</summary>
    public bool EndsSession { get; }

    /// <summary>What it is refused for.</summary>
    public LoginRefusalKind Kind { get; init; }

    /// <summary>RFC 5321 section 4.2, RFC 3463 section 2; 421 says goodbye, and whether the session ends is said elsewhere.</summary>
    private static bool IsCode(string text)
    {
        var parts = text.Split(' ');
        return parts.Length <= 2
            && parts[0] is ['4' or '5', >= '0' and <= '9', >= '0' and <= '9'] and not "421"
            && (parts.Length == 1
                || (parts[1].Split('.') is [var kind, var subject, var detail] && kind == parts[0][..1] && IsShort(subject) && IsShort(detail)));
    }

    private static bool IsShort(string digits) => digits.Length is >= 1 and <= 3 && digits.All(char.IsAsciiDigit);
}
