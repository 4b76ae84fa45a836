using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A file or folder; whether it is there is checked where it is known what a relative path starts from.</summary>
internal sealed class PathType(string description) : SettingType<string>
{
    public override string Description => description;

    /// <summary>The complaint about a path where there is nothing.</summary>
    public static Complaint Missing(string path, string what) => new(
        $"there is no {what} {path}, or user {Environment.UserName} may not see it",
        "check the path and the permissions of its folders");

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out Complaint? complaint)
    {
        (value, complaint) = (text, null);
        return true;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "[^ ]" };
}
