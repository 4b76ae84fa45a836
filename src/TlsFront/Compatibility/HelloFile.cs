using System.Globalization;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Tls.Hello;

namespace TlsFront.Compatibility;

/// <summary>The file of a <see cref="RecordedHello"/>, as README.md in this folder describes it.</summary>
internal static class HelloFile
{
    /// <summary>What the names of such files end in.</summary>
    public const string Extension = ".hello";

    /// <summary>Most octets of a file: a hello of the largest size in hexadecimal, with line ends, and its header.</summary>
    public const int MaximumLength = (2 * ClientHelloReader.MaximumInput) + (32 * 1024);

    /// <summary>Most characters behind a key.</summary>
    private const int MaximumValue = 400;

    private const int OctetsPerLine = 32;
    private const string DateFormat = "yyyy-MM-dd";
    private const string ClientKey = "client";
    private const string LibraryKey = "library";
    private const string RecordedKey = "recorded";
    private const string SourceKey = "source";
    private const string NoteKey = "note";
    private const string Ja4Key = "ja4";

    private static readonly string[] Keys = [ClientKey, LibraryKey, RecordedKey, SourceKey, NoteKey, Ja4Key];
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the file at <paramref name="path"/>; what is wrong names it.</summary>
    public static (RecordedHello? Hello, Problem? Problem) Read(string path)
    {
        try
        {
            var (hello, problem) = BoundedFile.Read(path, MaximumLength) is { } content
                ? Parse(content)
                : (null, new(null, null, new($"is longer than {MaximumLength / 1024} KB", "remove what is not of one hello")));
            return (hello, problem?.In(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new(Severity.Error, new Origin(path), "", null, $"cannot be read: {exception.Message}", "give the right to read it"));
        }
    }

    /// <summary>Reads <paramref name="content"/>.</summary>
    public static (RecordedHello? Hello, LineProblem? Problem) Parse(ReadOnlySpan<byte> content)
    {
        string text;
        try
        {
            text = Utf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return (null, new(null, null, new("is not UTF-8", "write it as text in UTF-8")));
        }

        var lines = text.Split('\n');
        var values = new Dictionary<string, (string Value, int Line)>();
        var next = 0;
        for (; next < lines.Length && lines[next].TrimEnd('\r').Length > 0; next++)
        {
            if (ReadHeader(lines[next].TrimEnd('\r'), next + 1, values) is { } problem)
            {
                return (null, problem);
            }
        }

        return Read(values, lines, next + 1);
    }

    /// <summary>The text of the file of <paramref name="hello"/>.</summary>
    public static string Format(RecordedHello hello)
    {
        var text = new StringBuilder();
        Append(ClientKey, hello.Client);
        Append(LibraryKey, hello.Library);
        Append(RecordedKey, hello.Recorded.ToString(DateFormat, CultureInfo.InvariantCulture));
        Append(SourceKey, hello.Source);
        Append(NoteKey, hello.Note);
        Append(Ja4Key, Ja4.Of(hello.Hello));
        foreach (var octets in hello.Records.Octets.ToArray().Chunk(OctetsPerLine))
        {
            text.Append('\n').Append(Convert.ToHexStringLower(octets));
        }

        return text.Append('\n').ToString();

        void Append(string key, string? value)
        {
            if (value is not null)
            {
                text.Append(key).Append(": ").Append(value).Append('\n');
            }
        }
    }

    /// <summary>Why <paramref name="value"/> cannot stand behind a key; null if it can.</summary>
    public static ValueProblem? CheckValue(string value) =>
        value.Length is 0 or > MaximumValue || value.Any(static letter => char.IsControl(letter)) || value.Trim() != value
            ? new("is no value", $"write 1 to {MaximumValue} characters in one line, without control characters") : null;

    private static LineProblem? ReadHeader(string line, int number, Dictionary<string, (string Value, int Line)> values)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
        {
            return new(number, line, new("is no line of a header", "write key: value, and an empty line before the octets"));
        }

        var (key, value) = (line[..colon], line[(colon + 2)..].Trim());
        return !Keys.Contains(key) ? new(number, key, new("is not known here", $"write one of {string.Join(", ", Keys)}"))
            : CheckValue(value) is { } problem ? new(number, value, problem)
            : !values.TryAdd(key, (value, number)) ? new(number, key, new("is there twice", "remove one of both"))
            : null;
    }

    private static (RecordedHello? Hello, LineProblem? Problem) Read(
        Dictionary<string, (string Value, int Line)> values, string[] lines, int next)
    {
        foreach (var key in (string[])[ClientKey, RecordedKey, SourceKey])
        {
            if (!values.ContainsKey(key))
            {
                return (null, new(null, null, new($"has no {key}", $"add a line {key}: value above the empty line")));
            }
        }

        var recorded = values[RecordedKey];
        if (!DateOnly.TryParseExact(recorded.Value, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return (null, new(recorded.Line, recorded.Value, new("is no date", "write it as 2026-12-01")));
        }

        var first = next + 1;
        if (ReadOctets(lines, next, out var octets) is { } problem)
        {
            return (null, problem);
        }

        if (!HelloRecords.TryRead(octets, out var records, out var why))
        {
            return (null, new(first, null, new(
                $"the octets from here on are no ClientHello: {why}", "write the TLS records of one ClientHello whole, and nothing behind them")));
        }

        return Check(values, Ja4.Of(records.Hello)) is { } wrong ? (null, wrong) : (new()
        {
            Client = values[ClientKey].Value,
            Library = values.GetValueOrDefault(LibraryKey).Value,
            Recorded = date,
            Source = values[SourceKey].Value,
            Note = values.GetValueOrDefault(NoteKey).Value,
            Records = records,
        }, null);
    }

    private static LineProblem? Check(Dictionary<string, (string Value, int Line)> values, string? fingerprint) =>
        !values.TryGetValue(Ja4Key, out var told) ? null
            : !new Ja4Type().TryParse(told.Value, out _, out var problem) ? new(told.Line, told.Value, problem)
            : told.Value != fingerprint
                ? new(told.Line, told.Value, new($"is not that of the octets, which is {fingerprint}", "write that, or remove it"))
            : null;

    private static LineProblem? ReadOctets(string[] lines, int next, out byte[] octets)
    {
        var hexadecimal = new StringBuilder();
        octets = [];

        // What ends the last line is no line.
        var end = lines is [.., ""] ? lines.Length - 1 : lines.Length;
        for (; next < end; next++)
        {
            var line = lines[next].TrimEnd('\r');
            if (line.Length == 0 || line.Length % 2 != 0 || !line.All(char.IsAsciiHexDigit))
            {
                return new(next + 1, line, new("is not octets", "write an even number of hexadecimal digits, and nothing else in a line"));
            }

            hexadecimal.Append(line);
        }

        octets = Convert.FromHexString(hexadecimal.ToString());
        return octets.Length == 0 ? new(null, null, new("has no octets", "add the TLS records in hexadecimal behind an empty line")) : null;
    }
}
