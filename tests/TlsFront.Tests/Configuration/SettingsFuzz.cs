using System.Text;
using CsCheck;
using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>Whatever stands in the file, reading it ends with settings or with an error, never with an exception.</summary>
public sealed class SettingsFuzz
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(SettingsFolder.Good);

    /// <summary>The pieces YAML is made of, and some of ours.</summary>
    private static readonly string[] Pieces =
    [
        "hostname", "listeners", "tls", "profile", "name", "a", "0", "1h", ": ", ":", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ",", "\"",
        "'", "|", ">", "|-\n",
        "*a", "&a ", "!!str ", "!", "<<", "? ", "# ", "---", "...", "%YAML 1.2\n", "%TAG ! x\n", "~", "null", "\\x", "\\", "@", "`", "\t", " ", "é",
        "\u2028", "\r", "\r\n",
    ];

    [Fact]
    public void Every_beginning_of_a_good_file_ends_with_settings_or_an_error()
    {
        for (var length = 0; length <= Good.Length; length++)
        {
            Read(Good[..length]);
        }
    }

    [Fact]
    public void Random_bytes_end_with_settings_or_an_error() => Gen.Byte.Array[0, 200].Sample(Read, iter: 3000);

    [Fact]
    public void Damaged_files_end_with_settings_or_an_error() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 20], Gen.Byte.Array[0, 6]).Sample(
            (at, removed, inserted) => Read([.. Good[..at], .. inserted, .. Good[Math.Min(Good.Length, at + removed)..]]), iter: 3000);

    [Fact]
    public void Heaps_of_YAML_syntax_end_with_settings_or_an_error() =>
        Gen.Int[0, Pieces.Length - 1]
            .Select(index => Pieces[index]).Array[0, 40]
            .Sample(pieces => Read(Encoding.UTF8.GetBytes(string.Concat(pieces))), iter: 6000);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: 1\n")]
    [InlineData("a: &a [*a]\n")]
    public void A_full_mebibyte_of_one_thing_is_refused_without_exhausting_anything(string piece) =>
        Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, SettingsFile.MaximumSize / piece.Length))));

    private static void Read(byte[] content)
    {
        var (settings, problems) = new SettingsLoader("tlsfront.yaml", [], []).Load(new SettingsFile("tlsfront.yaml", content, null));
        Assert.True(settings is not null || problems.Any(problem => problem.Severity == Severity.Error));
        Assert.All(problems, problem => Assert.DoesNotContain('\n', problem.ToString()));
        Assert.InRange(problems.Count, 0, 1000);
    }
}
