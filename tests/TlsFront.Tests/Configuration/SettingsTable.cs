using System.Text;
using TlsFront.Configuration.Schema;

namespace TlsFront.Tests.Configuration;

/// <summary>The settings as the README shows them, written from their definitions.</summary>
internal static class SettingsTable
{
    public static string Write()
    {
        var text = new StringBuilder("| Setting | Values | Default | Meaning |\n|---|---|---|---|\n");
        Append(text, SettingsSchema.Root, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, SettingsSection section, string prefix)
    {
        if (section.Key.Length > 0)
        {
            prefix += section.IsList ? $"{section.Key}[]." : $"{section.Key}.";
        }
        foreach (var setting in section.Settings)
        {
            var value = setting.IsRequired ? "required" : setting.DefaultText;
            text.Append($"| `{prefix}{setting.Key}` | {setting.Description} | {value} | {setting.Text}{(setting.IsCold ? " *" : "")} |\n");
        }
        foreach (var inner in section.Sections)
        {
            Append(text, inner, prefix);
        }
    }
}
