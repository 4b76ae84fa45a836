using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A file or folder; relative to the folder of the configuration file.</summary>
internal sealed class PathType(string description) : SettingType<string>
{
    public override string Description => description;

    /// <summary>The problem of a path where there is nothing.</summary>
    public static ValueProblem Missing(string path, string what) => new(
        $"there is no {what} {path}, or user {Environment.UserName} may not see it",
        "check the path and the permissions of its folders");

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (value, problem) = (text, null);
        return true;
    }

    public override string FileOf(string value) => value;

    public override string Resolve(string value, string folder) => FilePath.Of(value, folder);

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "[^ ]" };
}
