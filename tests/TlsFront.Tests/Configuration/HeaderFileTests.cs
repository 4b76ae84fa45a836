using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>Files with headers for lookups: what is sent, and what is refused without being told to anybody.</summary>
public sealed class HeaderFileTests : IDisposable
{
    private const string Secret = "s3cr3t";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("X-Auth-Key: s3cr3t", "X-Auth-Key=s3cr3t")]
    [InlineData("# comment\r\n\r\nX-Auth-Key:s3cr3t  \r\nX-Site: a: b\r\n", "X-Auth-Key=s3cr3t", "X-Site=a: b")]
    [InlineData("# \u00c5: \u0085X-No: s3cr3t\nX-Auth-Key: s3cr3t", "X-Auth-Key=s3cr3t")]
    [InlineData("Authorization: Basic YTpiCg==\n", "Authorization=Basic YTpiCg==")]
    public void A_header_a_line(string text, params string[] expected) =>
        Assert.Equal(expected, Read(text).Content!.Select(static header => $"{header.Key}={header.Value}"));

    [Theory]
    [InlineData("s3cr3t", ":1 is not of the form \"Name: value\"")]
    [InlineData("X-A: b\n: s3cr3t", ":2 is not of the form \"Name: value\"")]
    [InlineData("X-A:", ":1 is not of the form \"Name: value\"")]
    [InlineData("X A: s3cr3t", ":1 is not of the form \"Name: value\"")]
    [InlineData(" X-A: s3cr3t", ":1 is not of the form \"Name: value\"")]
    [InlineData("X-A: s3cr3t\0", ":1 is not of the form \"Name: value\"")]
    [InlineData("X-A: s3cr3t\té", ":1 is not of the form \"Name: value\"")]
    [InlineData("Auth-Pass: s3cr3t", ":1 sets Auth-Pass, which the gateway sends itself, or which is HTTP's own")]
    [InlineData("client-ip: s3cr3t", ":1 sets client-ip, which the gateway sends itself, or which is HTTP's own")]
    [InlineData("Transfer-Encoding: s3cr3t", ":1 sets Transfer-Encoding, which the gateway sends itself, or which is HTTP's own")]
    [InlineData("Auth_User: s3cr3t", ":1 sets Auth_User, which the gateway sends itself, or which is HTTP's own")]
    [InlineData("If-None-Match: s3cr3t", ":1 sets If-None-Match, which the gateway sends itself, or which is HTTP's own")]
    [InlineData("Content-Type: s3cr3t", ":1 sets Content-Type, which is set already or is no header of a request")]
    [InlineData("X-A: b\nx-a: s3cr3t", ":2 sets x-a, which is set already or is no header of a request")]
    [InlineData("# s3cr3t", " holds 0 headers; 1 to 16 are allowed")]
    [InlineData("", " holds 0 headers; 1 to 16 are allowed")]
    public void What_is_none_is_told_by_its_line_and_never_quoted(string text, string expected)
    {
        var (content, problems, _) = Read(text);

        Assert.Null(content);
        var problem = Assert.Single(problems);
        Assert.Equal(_path + expected, problem.Message);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_not_too_many()
    {
        string Headers(int count) => string.Concat(Enumerable.Range(0, count).Select(static number => $"X-{number}: b\n"));
        Assert.Equal(HeaderFile.Most, Read(Headers(HeaderFile.Most)).Content!.Count);
        Assert.Null(Read(Headers(HeaderFile.Most + 1)).Content);
        Assert.EndsWith("is larger than 8 KiB", Assert.Single(Read(new string('#', 8193)).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_everybody_may_read_is_warned_of()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Null(Read("X-A: b").Warning);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.EndsWith($"chmod 640 {_path}", Read("X-A: b").Warning, StringComparison.Ordinal);
    }

    private (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems, string? Warning) Read(string text)
    {
        File.WriteAllText(_path, text, System.Text.Encoding.Latin1);
        return HeaderFile.Read(_path);
    }
}
