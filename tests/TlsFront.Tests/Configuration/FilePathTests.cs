using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>One file has one name, and a link leads where the kernel says.</summary>
public sealed class FilePathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-paths-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.pem", "a.pem")]
    [InlineData("./b//c/", "b/c")]
    [InlineData("b/../a.pem", "a.pem")]
    [InlineData("b/../link/a.pem", "link/a.pem")]
    [InlineData("link/../a.pem", "link/../a.pem")]
    [InlineData("..data/a.pem", "..data/a.pem")]
    public void A_detour_is_left_out_unless_it_leaves_a_link(string written, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), "/usr/share");
        Assert.Equal(Path.Combine(_folder, expected), FilePath.Of(written, _folder));
        Assert.Equal(Path.Combine(_folder, expected), FilePath.Of(Path.Combine(_folder, written), "/elsewhere"));
    }
}
