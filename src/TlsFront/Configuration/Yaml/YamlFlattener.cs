using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TlsFront.Configuration.Yaml;

/// <summary>
/// Turns a parser's events into configuration keys. It works on events and not on the document tree, because the library builds the tree
/// recursively, without a bound, and resolves aliases.
/// </summary>
internal sealed class YamlFlattener(string file)
{
    /// <summary>Deeper than any setting.</summary>
    private const int MaximumDepth = 8;

    /// <summary>More than anybody reads.</summary>
    private const int MaximumProblems = 1000;

    private static readonly Complaint Anchors = new(
        "uses an anchor, an alias or a merge key, which are not supported here",
        "write the value out; if it only starts with * or &, quote it, such as \"*:465\"");

    private readonly List<Problem> _problems = [];

    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, int> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Reads the whole stream. Throws <see cref="YamlException"/> where it is not YAML.</summary>
    public void Read(IParser parser)
    {
        var documents = 0;
        while (parser.MoveNext() && parser.Current is not StreamEnd)
        {
            if (parser.Current is DocumentStart start && ++documents == 2)
            {
                Report("", start.Start, null, new("holds more than one document", "remove the --- line and what follows it, or merge the two"));
                return;
            }
            if (parser.Current is MappingStart or SequenceStart or Scalar or AnchorAlias)
                ReadRoot(parser);
        }
    }

    private void ReadRoot(IParser parser)
    {
        var start = parser.Current!.Start;
        switch (parser.Current)
        {
            case MappingStart:
                ReadNode(parser, "", (int)start.Line, 0);
                break;
            case Scalar { Value: "", Style: ScalarStyle.Plain }:
                break;
            default:
                Report("", start, null, new("is not a list of settings", "start with lines such as \"hostname: mail.example.com\""));
                Skip(parser);
                break;
        }
    }

    private void ReadNode(IParser parser, string path, int line, int depth)
    {
        var node = parser.Current!;
        if (path.Length > 0)
            Lines[path] = line;
        if (node is AnchorAlias || node is NodeEvent { Anchor.IsEmpty: false })
            Report(path, node.Start, null, Anchors);
        else if (node is NodeEvent { Tag: { IsEmpty: false } tag })
            Report(path, node.Start, null, new($"has the tag {tag}", "remove the tag; every setting knows its type"));

        switch (node)
        {
            case Scalar scalar:
                Values[path] = IsNull(scalar) ? null : scalar.Value;
                break;
            case MappingStart or SequenceStart when depth == MaximumDepth:
                Report(path, node.Start, null, new("is nested too deeply", "no setting has that many levels; check the brackets and the indentation"));
                Skip(parser);
                break;
            case MappingStart:
                ReadMapping(parser, path, depth);
                break;
            case SequenceStart:
                ReadSequence(parser, path, depth);
                break;
        }
    }

    private void ReadMapping(IParser parser, string path, int depth)
    {
        var isEmpty = true;
        for (Advance(parser); parser.Current is not MappingEnd; Advance(parser))
        {
            isEmpty = false;
            var start = parser.Current!.Start;
            if (parser.Current is not Scalar key)
            {
                Report(path, start, null, parser.Current is AnchorAlias ? Anchors : new("has a list or a mapping as a key", "write the setting's name before the colon"));
                Skip(parser);
                Advance(parser);
                Skip(parser);
                continue;
            }
            Advance(parser);
            var full = path.Length == 0 ? key.Value : $"{path}:{key.Value}";
            if (key.Value == "<<")
                Report(path, start, null, Anchors);
            else if (key.Value.Length == 0 || key.Value.Contains(':', StringComparison.Ordinal))
                Report(path, start, key.Value, new($"has the key \"{key.Value}\", which no setting has", "write the setting's name before the colon"));
            else if (Lines.TryGetValue(full, out var first))
                Report(full, start, null, new($"is set twice, first in line {first}", "remove one of the two"));
            else
            {
                ReadNode(parser, full, (int)start.Line, depth + 1);
                continue;
            }
            Skip(parser);
        }
        if (isEmpty && path.Length > 0)
            Values[path] = null;
    }

    private void ReadSequence(IParser parser, string path, int depth)
    {
        var index = 0;
        for (Advance(parser); parser.Current is not SequenceEnd; Advance(parser))
            ReadNode(parser, $"{path}:{index++}", (int)parser.Current!.Start.Line, depth + 1);
        if (index == 0)
            Values[path] = null;
    }

    /// <summary>Leaves the parser on the last event of the node it is on.</summary>
    private static void Skip(IParser parser)
    {
        for (var depth = parser.Current!.NestingIncrease; depth > 0; depth += parser.Current!.NestingIncrease)
            Advance(parser);
    }

    private static void Advance(IParser parser)
    {
        if (!parser.MoveNext())
            throw new YamlException("the file ends too early");
    }

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";

    private void Report(string path, Mark start, string? value, Complaint complaint)
    {
        if (_problems.Count < MaximumProblems)
            _problems.Add(new(Severity.Error, new(file, (int)start.Line), path.Replace(':', '.'), value, complaint.Message, complaint.Remedy));
    }
}
