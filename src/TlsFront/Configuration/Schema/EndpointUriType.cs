using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>An absolute http or https address.</summary>
/// <param name="example">One as it might be here.</param>
internal sealed class EndpointUriType(string example) : SettingType<Uri>
{
    public override string Description => "`http://` or `https://` URL";

    public override bool TryParse(string text, [NotNullWhen(true)] out Uri? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        var isValid = Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https";
        problem = isValid ? null : new("is not an http or https URL", $"write one such as {example}");
        return isValid && value is not null;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "^[Hh][Tt][Tt][Pp][Ss]?://[^/]" };
}
