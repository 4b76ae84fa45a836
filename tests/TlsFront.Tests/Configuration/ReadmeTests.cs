namespace TlsFront.Tests.Configuration;

/// <summary>Documents that show settings.</summary>
[Trait("Writes", "Documents")]
public sealed class ReadmeTests
{
    [Fact]
    public void The_README_shows_every_setting_as_it_is_defined() => GeneratedDocument.AssertPart("README.md", "settings", SettingsTable.Write());
}
