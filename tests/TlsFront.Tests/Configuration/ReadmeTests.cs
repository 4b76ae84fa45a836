using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Configuration;

public sealed class ReadmeTests
{
    [Fact]
    public void The_README_shows_every_setting_as_it_is_defined()
    {
        var readme = File.ReadAllText(RepositoryRoot.PathOf("README.md")).ReplaceLineEndings("\n");
        var table = readme.Split("<!-- settings -->\n", 2)[^1].Split("<!-- /settings -->", 2)[0];
        Assert.Equal(SettingsTable.Write(), table);
    }
}
