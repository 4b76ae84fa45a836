using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A network, or a file with one network a line.</summary>
internal sealed class AddressSourceType : SettingType<AddressSource>
{
    public override string Description => "address, network or file with one a line";

    public override bool TryParse(string text, out AddressSource value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        if (NetworkType.Instance.TryParse(text, out var network, out problem))
        {
            value = new(network, null);
            return true;
        }

        // What has a letter that no address has is a path; a file named like an address is found by writing ./ before it.
        var isPath = text[0] is '.' or '/' || text.Any(letter => !char.IsAsciiHexDigit(letter) && letter is not ('.' or ':' or '/'));
        value = new(null, text);
        problem = isPath ? null : problem;
        return isPath;
    }

    public override string? FileOf(AddressSource value) => value.File;

    public override AddressSource Resolve(AddressSource value, string folder) =>
        value.File is { } file ? new(null, FilePath.Of(file, folder)) : value;

    /// <summary>Beside networks, whatever begins as a path does or holds a letter that no address has.</summary>
    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["pattern"] = $"^({AddressPatterns.Network}|[./].*|.*[^0-9A-Fa-f./:].*)$" };
}
