namespace TlsFront.Tests.Configuration;

public sealed class ReadmeTests
{
    [Fact]
    public void The_README_shows_every_setting_as_it_is_defined()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "README.md")).ReplaceLineEndings("\n");
        var table = readme.Split("<!-- settings -->\n", 2)[^1].Split("<!-- /settings -->", 2)[0];
        Assert.Equal(SettingsTable.Write(), table);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TlsFront.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("TlsFront.sln is not above the tests");
        }
        return folder;
    }
}
