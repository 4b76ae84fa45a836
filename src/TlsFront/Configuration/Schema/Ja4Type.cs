using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TlsFront.Configuration.Schema;

/// <summary>A JA4 fingerprint of a ClientHello.</summary>
internal sealed partial class Ja4Type : SettingType<string>
{
    private const string Pattern = "^t(1[0-3]|s3|00)[di][0-9]{4}[0-9a-zA-Z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$";

    public override string Description => "JA4 fingerprint";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = Shape().IsMatch(text) ? null
            : new("is not a JA4 fingerprint", "write it as ja4= of the log has it, such as t13d311000_e8f1e7e78f70_1f22a2ca17c4");
        return problem is null;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = Pattern };

    [GeneratedRegex(Pattern)]
    private static partial Regex Shape();
}
