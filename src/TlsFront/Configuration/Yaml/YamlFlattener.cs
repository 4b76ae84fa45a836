using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TlsFront.Configuration.Yaml;

/// <summary>
/// Turns a parser's events into configuration keys. It works on events and not on the document tree, because the library builds the tree
/// recursively, without a bound, and resolves aliases.
/// </summary>
internal sealed class YamlFlattener(string file)
{
    /// <summary>Deeper than any setting. The library needs quadratic time for nested brackets, so what is deeper ends the reading.</summary>
    private const int MaximumNesting = 12;

    /// <summary>More than anybody reads.</summary>
    private const int MaximumProblems = 1000;

    private static readonly ValueProblem Anchors = new(
        "uses an anchor, an alias or a merge key, which are not supported here",
        "write the value out; if it only starts with * or &, quote it, such as \"*:465\"");

    private readonly List<Problem> _problems = [];
    private int _nesting;

    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, int> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Reads the whole stream. Throws <see cref="YamlException"/> where it is not YAML.</summary>
    public void Read(IParser parser)
    {
        var documents = 0;
        while (MoveNext(parser) && parser.Current is not StreamEnd)
        {
            if (parser.Current is DocumentStart start && ++documents == 2)
            {
                Report("", start.Start, null, new("holds more than one document", "remove the --- line and what follows it, or merge the two"));
                return;
            }
            if (parser.Current is MappingStart or SequenceStart or Scalar or AnchorAlias)
            {
                ReadRoot(parser);
            }
        }
    }

    private void ReadRoot(IParser parser)
    {
        var start = parser.Current!.Start;
        switch (parser.Current)
        {
            case MappingStart:
                ReadNode(parser, "", (int)start.Line);
                break;
            case Scalar { Value: "", Style: ScalarStyle.Plain }:
                break;
            default:
                Report("", start, null, new("is not a list of settings", "start with lines such as \"hostname: mail.example.com\""));
                Skip(parser);
                break;
        }
    }

    private void ReadNode(IParser parser, string path, int line)
    {
        var node = parser.Current!;
        if (path.Length > 0)
        {
            Lines[path] = line;
        }

        if (node is AnchorAlias || node is NodeEvent { Anchor.IsEmpty: false })
        {
            Report(path, node.Start, null, Anchors);
        }
        else if (node is NodeEvent { Tag.IsEmpty: false })
        {
            Report(path, node.Start, null, new("has a YAML tag", "remove the tag; every setting knows its type"));
        }

        switch (node)
        {
            case Scalar scalar:
                Values[path] = IsNull(scalar) ? null : scalar.Value;
                break;
            case MappingStart:
                ReadMapping(parser, path);
                break;
            case SequenceStart:
                ReadSequence(parser, path);
                break;
        }
    }

    private void ReadMapping(IParser parser, string path)
    {
        var isEmpty = true;
        for (Advance(parser); parser.Current is not MappingEnd; Advance(parser))
        {
            isEmpty = false;
            var start = parser.Current!.Start;
            if (parser.Current is not Scalar key)
            {
                Report(
                    path, start, null,
                    parser.Current is AnchorAlias ? Anchors : new("has a list or a mapping as a key", "write the setting's name before the colon"));
                Skip(parser);
                Advance(parser);
                Skip(parser);
                continue;
            }
            Advance(parser);
            var full = path.Length == 0 ? key.Value : $"{path}:{key.Value}";
            if (key.Value == "<<")
            {
                Report(path, start, null, Anchors);
            }
            else if (key.Value.Length == 0 || key.Value.Contains(':', StringComparison.Ordinal))
            {
                Report(path, start, key.Value, new("is a key that no setting has", "write the setting's name before the colon"));
            }
            else if (Lines.TryGetValue(full, out var first))
            {
                Report(full, start, null, new($"is set twice, first in line {first}", "remove one of the two"));
            }
            else
            {
                ReadNode(parser, full, (int)start.Line);
                continue;
            }
            Skip(parser);
        }
        if (isEmpty && path.Length > 0)
        {
            Values[path] = null;
        }
    }

    private void ReadSequence(IParser parser, string path)
    {
        var index = 0;
        for (Advance(parser); parser.Current is not SequenceEnd; Advance(parser))
        {
            ReadNode(parser, $"{path}:{index++}", (int)parser.Current!.Start.Line);
        }

        if (index == 0)
        {
            Values[path] = null;
        }
    }

    /// <summary>Leaves the parser on the last event of the node it is on.</summary>
    private void Skip(IParser parser)
    {
        for (var depth = parser.Current!.NestingIncrease; depth > 0; depth += parser.Current!.NestingIncrease)
        {
            Advance(parser);
        }
    }

    private void Advance(IParser parser)
    {
        if (!MoveNext(parser))
        {
            throw new YamlException("the file ends too early");
        }
    }

    /// <summary>
    /// Some malformed input trips the library's own assumptions (measured: InvalidOperationException) instead of its YamlException.
    /// </summary>
    private bool MoveNext(IParser parser)
    {
        try
        {
            if (!parser.MoveNext())
            {
                return false;
            }
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            var mark = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "the text makes no sense here");
        }

        _nesting += parser.Current!.NestingIncrease;
        return _nesting <= MaximumNesting ? true
            : throw new YamlException(parser.Current.Start, parser.Current.End, "it is nested deeper than any setting");
    }

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";

    private void Report(string path, Mark start, string? value, ValueProblem problem)
    {
        if (_problems.Count < MaximumProblems)
        {
            _problems.Add(new(Severity.Error, new(file, (int)start.Line), path.Replace(':', '.'), value, problem.Message, problem.Remedy));
        }
    }
}
