using System.Text.RegularExpressions;
using TlsFront.Tests.Protocols.Smtp;

namespace TlsFront.Fuzzing.Models;

/// <summary>SMTP as the receiver of commands reads it.</summary>
/// <param name="lines">How lines are read.</param>
/// <param name="count">How many octets a chunk is taken to have; less than none: BDAT is not understood.</param>
internal sealed partial class SmtpReading(LineRules lines, Func<ulong, long> count) : Reading(lines)
{
    private enum Next
    {
        Command,
        Response,
        Data,
        Chunk,
    }

    private Next _next;
    private string _lastName = "";
    private long _chunkLength;
    private string _chunkName = "";

    /// <summary>By the letter: numbers are as large as they say. What the client means, too.</summary>
    public static SmtpReading OfClient() => new(new(EndsAtLineFeed: true), Exact) { DataLines = LineRules.Strict };

    /// <summary>By the letter.</summary>
    public static SmtpReading OfGateway() => new(LineRules.Strict, Exact);

    /// <summary>Takes a number for what it is.</summary>
    public static long Exact(ulong number) => (long)Math.Min(number, long.MaxValue);

    /// <summary>How lines of message data are read.</summary>
    public LineRules DataLines { get; init; } = lines;

    /// <summary>Which verb a word is taken for.</summary>
    public Func<string, string> Verb { get; init; } = static verb => verb;

    /// <summary>Whether BDAT is a known command.</summary>
    public bool KnowsChunks { get; set; } = true;

    /// <summary>Whether a message's octets are due.</summary>
    public bool IsInData => _next == Next.Data;

    /// <inheritdoc/>
    public override bool IsInside => _next is Next.Chunk or Next.Data;

    /// <inheritdoc/>
    protected override string Expected => _next == Next.Chunk ? $"{_chunkName} of {_chunkLength}" : $"{_next}";

    /// <inheritdoc/>
    public override Act? Take()
    {
        if (_next is Next.Command or Next.Response)
        {
            if (CutLine() is not { } line)
            {
                return null;
            }

            var act = _next == Next.Response ? new Act(ActKind.Response, "", line) : Command(line);
            _lastName = act.Name;
            if (_next != Next.Chunk)
            {
                return act;
            }
        }

        var length = _next == Next.Chunk ? _chunkLength : EndOfData();
        return length < 0 || length > Rest.Length ? null : new(ActKind.Content, _next == Next.Chunk ? _chunkName : "DATA", Cut((int)length));
    }

    /// <inheritdoc/>
    public override void Answered(bool isGoAhead) => _next = !isGoAhead ? Next.Command : _lastName == "DATA" ? Next.Data : Next.Response;

    /// <inheritdoc/>
    public override bool? TakeAnswer(Act act, ref ReadOnlySpan<char> answers)
    {
        for (var rest = answers; CutLine(ref rest) is { Length: > 0 } line;)
        {
            if (line.Length > 3 && line[3] != '-')
            {
                answers = rest;
                return line[0] == '3';
            }
        }

        return null;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// MAIL gets room for the field in its SIZE, messages get the field, data is normalised, and blanks behind a command go (RFC 5321 section 4.1.1).
    /// </remarks>
    public override bool IsSame(Act ofServer, Act ofClient)
    {
        if (ofServer.Kind != ofClient.Kind || ofServer.Name.Split(' ')[0] != ofClient.Name.Split(' ')[0])
        {
            return false;
        }

        var sent = ReceivedField.Remove(ofServer.Text) ?? ofServer.Text;
        return ofServer.Kind switch
        {
            ActKind.Content when ofServer.Name == "DATA" => sent == ReferenceData.Normalize(ofClient.Text),
            ActKind.Content => ofServer.Name == ofClient.Name && sent == ofClient.Text,
            _ => ofServer.Name == "MAIL" || ofServer.Text.TrimEnd(' ') == ofClient.Text.TrimEnd(' ') || IsCancelled(ofServer),
        };
    }

    private long EndOfData()
    {
        var end = 0;
        while (DataLines.TryFind(Rest[end..], out var length, out var withEnd))
        {
            end += withEnd;
            if (length == 1 && Rest[end - withEnd] == '.')
            {
                return end;
            }
        }

        return -1;
    }

    private Act Command(string line)
    {
        var canonical = Lines.Canonical(line);
        var verb = Verb(FirstWords(canonical, 1));
        if (verb == "BDAT" && KnowsChunks && Chunk().Match(canonical) is { Success: true } chunk)
        {
            // A number that fits nothing is as good as the largest.
            var length = count(ulong.TryParse(chunk.Groups[1].ValueSpan, out var number) ? number : ulong.MaxValue);
            if (length >= 0)
            {
                (_next, _chunkLength, _chunkName) = (Next.Chunk, length, chunk.Groups[2].Success ? "BDAT LAST" : "BDAT");
            }
        }

        return new(ActKind.Command, verb == "AUTH" ? canonical : verb, line);
    }

    [GeneratedRegex("^BDAT +([0-9]+)( +LAST)? *$", RegexOptions.IgnoreCase)]
    private static partial Regex Chunk();
}
