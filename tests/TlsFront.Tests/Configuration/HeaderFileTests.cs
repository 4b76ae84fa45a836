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
    [InlineData("Authorization: Basic YTpiCg==\n", "Authorization=Basic YTpiCg==")]
    public void A_header_a_line(string text, params string[] expected) =>
        Assert.Equal(expected, Read(text).Content!.Select(static header => $"{header.Key}={header.Value}"));

    [Theory]
    [InlineData("s3cr3t", ":1 is no \"Name: value\"")]
    [InlineData("X-A: b\n: s3cr3t", ":2 is no \"Name: value\"")]
    [InlineData("X-A:", ":1 is no \"Name: value\"")]
    [InlineData("X A: s3cr3t", ":1 is no \"Name: value\"")]
    [InlineData(" X-A: s3cr3t", ":1 is no \"Name: value\"")]
    [InlineData("X-A: s3cr3t\0", ":1 is no \"Name: value\"")]
    [InlineData("X-A: s3cr3t\té", ":1 is no \"Name: value\"")]
    [InlineData("Auth-Pass: s3cr3t", ":1 names Auth-Pass, which is the gateway's to say")]
    [InlineData("client-ip: s3cr3t", ":1 names client-ip, which is the gateway's to say")]
    [InlineData("Transfer-Encoding: s3cr3t", ":1 names Transfer-Encoding, which is the gateway's to say")]
    [InlineData("# s3cr3t", " holds 0 headers; 1 to 16 are possible")]
    [InlineData("", " holds 0 headers; 1 to 16 are possible")]
    public void What_is_none_is_told_by_its_line_and_never_quoted(string text, string expected)
    {
        var (content, problems) = Read(text);

        Assert.Null(content);
        var problem = Assert.Single(problems);
        Assert.Equal(_path + expected, problem.Message);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_not_too_many()
    {
        Assert.Equal(HeaderFile.Most, Read(string.Concat(Enumerable.Repeat("X-A: b\n", HeaderFile.Most))).Content!.Count);
        Assert.Null(Read(string.Concat(Enumerable.Repeat("X-A: b\n", HeaderFile.Most + 1))).Content);
        Assert.EndsWith("is larger than 8 KiB", Assert.Single(Read(new string('#', 8193)).Problems).Message, StringComparison.Ordinal);
    }

    private (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems) Read(string text)
    {
        File.WriteAllText(_path, text);
        return HeaderFile.Read(_path);
    }
}
