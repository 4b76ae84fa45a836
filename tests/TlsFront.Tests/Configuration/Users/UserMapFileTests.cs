using System.Text;
using CsCheck;
using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Configuration.Users;

/// <summary>Map files of an IMAP listener; the backends are those of <see cref="Targets"/>.</summary>
public sealed class UserMapFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-map-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Users_domains_and_everybody_in_any_case_with_spaces_tabs_and_comments()
    {
        var map = Good("""
            # moved in May
            Bob@Example.org   dovecot-a   # soon to b
            	@EXAMPLE.org	dovecot-b

            JÜRGEN  dovecot-b:10.0.0.6:143
            a#b@example.net dovecot-b:[fd00::6]:143
            * dovecot-a

            """);
        Assert.Equal(5, map.Count);
        Assert.Equal(
            ["dovecot-a", "dovecot-b", "dovecot-b:10.0.0.6:143", "dovecot-b:[fd00::6]:143", "dovecot-a"],
            new[] { "bob@example.org", "@example.org", "jürgen", "a#b@example.net", "*" }.Select(key => map.Targets[map.Find(key)].ToString()));
        Assert.Equal(-1, map.Find("Bob@Example.org"));
        Assert.Equal(["dovecot-a", "dovecot-b"], map.Backends);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_no_part_of_anything()
    {
        var map = Good("\uFEFFbob dovecot-a\r\n\r\njim dovecot-b \r\n");
        Assert.Equal((2, true, true), (map.Count, map.Find("bob") >= 0, map.Find("jim") >= 0));
    }

    [Theory]
    [InlineData("bob", "1 bob has no backend")]
    [InlineData("bob # dovecot-a", "1 bob has no backend")]
    [InlineData("bob dovecota", "1 dovecota is not the name of a backend; did you mean dovecot-a? ")]
    [InlineData("bob DOVECOT-A", "1 DOVECOT-A is not the name of a backend; ")]
    [InlineData("bob postfix", "1 postfix is a postfix, which does not speak imap; ")]
    [InlineData("bob sender", "1 sender has identity xclient, which imap does not have; ")]
    [InlineData("bob pop", "1 pop serves another listener's pop3; the same port cannot speak imap too; ")]
    [InlineData("bob dovecot-b:10.0.0.6", "1 dovecot-b:10.0.0.6 is no destination of backend dovecot-b; did you mean 10.0.0.6:143? ")]
    [InlineData("bob dovecot-a:10.0.0.6:143", "1 dovecot-a:10.0.0.6:143 is no destination of backend dovecot-a; did you mean 10.0.0.5:143? ")]
    [InlineData("bob dovecot-a:", "1 dovecot-a: is no destination of backend dovecot-a; write one as the backend has it: 10.0.0.5:143")]
    [InlineData("bob :", "1 : is not the name of a backend; the backends for this listener are dovecot-a, dovecot-b, spare")]
    [InlineData("bob dovecot-a dovecot-b", "1 dovecot-b is more than user and backend; ")]
    [InlineData("bob dovecot-a\nBOB dovecot-b", "2 BOB is listed twice; ")]
    [InlineData("@a.example dovecot-a\n\n@A.EXAMPLE dovecot-a", "3 @A.EXAMPLE is listed twice; ")]
    [InlineData("*@example.org dovecot-a", "1 *@example.org has a wildcard in the wrong place; ")]
    [InlineData("bob* dovecot-a", "1 bob* has a wildcard in the wrong place; ")]
    [InlineData("@ dovecot-a", "1 @ has no domain behind its @; ")]
    [InlineData("bob@ dovecot-a", "1 bob@ has no domain behind its @; ")]
    [InlineData("@a@b dovecot-a", "1 @a@b has more than one @ in its domain; ")]
    [InlineData("bo\u0001b dovecot-a", "1 bo\u0001b holds a space or a control character; ")]
    [InlineData("bo\u00A0b dovecot-a", "1 bo\u00A0b holds a space or a control character; ")]
    [InlineData("bob dovecot-\na dovecot-a\njim dovecot-\n", "1 dovecot- is not the name of a backend; ")]
    [InlineData("x y\nbob\n", "1 y is not the name of a backend; ", "2 bob has no backend; ")]
    public void Every_mistake_is_told_with_its_line_and_what_to_write(string text, params string[] expected)
    {
        var problems = Problems(Read(text + "\n"));
        Assert.Equal(expected.Length, problems.Count);
        Assert.All(expected.Zip(problems), static pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_whose_last_line_has_no_end_may_be_half_written()
    {
        var problem = Assert.Single(Problems(Read("bob dovecot-a\njim dovecot-a")));
        Assert.StartsWith("2 jim dovecot-a ends without a newline", problem, StringComparison.Ordinal);
        Assert.StartsWith("1 # ends without a newline", Assert.Single(Problems(Read("#"))), StringComparison.Ordinal);
        Assert.Equal(0, Good("").Count);
    }

    [Fact]
    public void What_is_not_UTF_8_is_told_and_so_is_every_length_beyond_the_bounds()
    {
        Assert.StartsWith(
            "1 b\uFFFDb is not UTF-8", Assert.Single(Problems(Read("b\u00FCb dovecot-a\n", Encoding.Latin1))), StringComparison.Ordinal);

        var longest = new string('ä', 256);
        Assert.True(Good($"{longest} dovecot-a\n").Find(longest) >= 0);
        Assert.Contains("is longer than 256 characters", Assert.Single(Problems(Read($"{longest}a dovecot-a\n"))), StringComparison.Ordinal);
        Assert.Contains("is longer than 256 characters", Assert.Single(Problems(Read($"{longest}😀 dovecot-a\n"))), StringComparison.Ordinal);

        var problems = Problems(Read($"# {new string('x', 4094)}\nbob {new string('x', 4093)}\n#{new string('x', 200_000)}\njim\n"));
        Assert.Equal(3, problems.Count);
        Assert.Contains("is longer than 4096 octets", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("2 bob", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("3 #", problems[1], StringComparison.Ordinal);
        Assert.StartsWith("4 jim has no backend", problems[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_and_octets_are_bounded()
    {
        using var four = new MemoryStream("a dovecot-a\nb dovecot-a\n#\nc dovecot-a\nd dovecot-a\ne dovecot-a\n"u8.ToArray());
        var file = new UserMapParser(Targets(), maxEntries: 3).Parse(new FileLines(four));
        Assert.Equal(
            ["5 d is one more than the 3 entries a map may have; write a line for each domain, such as \"@example.org backend\""], Problems(file));
        Assert.Equal(4_000_000, UserMapParser.MaxEntries);

        using var endless = new EndlessComments();
        file = new UserMapParser(Targets()).Parse(new FileLines(endless));
        Assert.Equal([" is larger than 512 MiB; check the path"], Problems(file));
    }

    [Fact]
    public void A_file_of_garbage_is_not_read_to_its_end()
    {
        var file = Read(string.Concat(Enumerable.Range(0, 1000).Select(static i => $"user{i}\n")));
        Assert.Equal((100, null), (file.Problems.Count, file.Map));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        foreach (var path in new[] { Path.Combine(_folder, "nowhere"), _folder })
        {
            var problem = Assert.Single(UserMapFile.Read(path, Targets()).Problems);
            Assert.Equal((null, $"there is no file {path}, or user {Environment.UserName} may not read it"), (problem.Line, problem.Problem.Message));
            Assert.Null(UserMapFile.LineOf(path, "bob"));
        }
    }

    [Fact]
    public void The_line_of_a_key_is_found_again_in_the_file()
    {
        var path = Write("\uFEFFbob dovecot-a\n# jim dovecot-a\n\nJim@Example.org\tdovecot-a\n@example.org dovecot-a\n* dovecot-a\n", Encoding.UTF8);
        Assert.Equal(
            [1, null, 4, 5, 6], new[] { "bob", "jim", "jim@example.org", "@example.org", "*" }.Select(key => UserMapFile.LineOf(path, key)));
    }

    /// <summary>However the file comes in pieces, and however long its lines are beside the buffer.</summary>
    [Fact]
    public void Lines_are_those_that_everybody_sees() =>
        Gen.Select(Gen.Int[0, 5000].List[1, 60], Gen.Bool).Sample((lengths, isFinished) =>
        {
            var lines = lengths.Select(static (length, i) => new string((char)('a' + (i % 26)), length)).ToList();
            using var stream = new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', lines) + (isFinished ? "\n" : "")));
            var reader = new FileLines(stream);
            List<string> seen = [];
            var isUnfinished = false;
            while (reader.TryRead(out var line))
            {
                seen.Add(Encoding.ASCII.GetString(line));
                isUnfinished = reader.IsUnfinished;
                if (reader.Number != seen.Count || reader.IsTooLong != (lines[seen.Count - 1].Length > FileLines.MaxLength))
                {
                    return false;
                }
            }

            var expected = isFinished || lines is [.., { Length: > 0 }] ? lines : lines.SkipLast(1);
            return expected.Select(static line => line[..Math.Min(line.Length, FileLines.MaxLength)]).SequenceEqual(seen)
                && isUnfinished == (!isFinished && lines is [.., { Length: > 0 and <= FileLines.MaxLength }]);
        }, iter: 300);

    [Fact]
    public void Whatever_stands_there_the_end_is_a_map_or_a_problem()
    {
        string[] pieces = ["bob", "@", "*", " ", "\t", "\n", "\r", "#", "dovecot-a", ":", "10.0.0.5:143", "é", "😀", "\0", "\uFEFF", "\u2028"];
        Gen.OneOf(Gen.Byte.Array[0, 100], Gen.Int[0, pieces.Length - 1].Array[0, 30].Select(
            chosen => Encoding.UTF8.GetBytes(string.Concat(chosen.Select(index => pieces[index]))))).Sample(bytes =>
        {
            using var stream = new MemoryStream(bytes);
            var file = new UserMapParser(Targets()).Parse(new FileLines(stream));
            return file.Map is null == file.Problems.Count > 0;
        }, iter: 5000);
    }

    private static UserMapTargets Targets()
    {
        var settings = TestGateway.Settings("/nowhere");
        BackendSettings Backend(string name, BackendKind kind, params string[] destinations) =>
            settings.Backends[0] with { Name = name, Kind = kind, Destinations = destinations };
        return UserMapTargets.Of(
            MailProtocol.Imap,
            [
                settings.Listeners.Single(static listener => listener.Name == "imaps") with { Backend = "dovecot-a" },
                settings.Listeners.Single(static listener => listener.Name == "pop3s") with { Backend = "pop" },
                settings.Listeners.Single(static listener => listener.Name == "echo") with { Backend = "spare" },
            ],
            [
                Backend("dovecot-a", BackendKind.Dovecot, "10.0.0.5:143"),
                Backend("dovecot-b", BackendKind.Dovecot, "10.0.0.6:143", "[fd00::6]:143"),
                Backend("pop", BackendKind.Dovecot, "10.0.0.5:110"),
                Backend("postfix", BackendKind.Postfix, "10.0.0.5:25"),
                Backend("sender", BackendKind.Generic, "10.0.0.5:26") with { Identity = ClientIdentity.XClient },
                Backend("spare", BackendKind.Generic, "10.0.0.7:143"),
            ]);
    }

    private static List<string> Problems(UserMapFile file)
    {
        Assert.Equal(file.Problems.Count > 0, file.Map is null);
        return
        [
            .. from problem in file.Problems
               let text = problem.Text is null ? "" : $"{problem.Text} "
               select $"{problem.Line} {text}{problem.Problem.Message}; {problem.Problem.Remedy}"
        ];
    }

    private UserMap Good(string text)
    {
        var file = Read(text);
        Assert.Empty(file.Problems);
        return file.Map!;
    }

    private UserMapFile Read(string text, Encoding? encoding = null) => UserMapFile.Read(Write(text, encoding), Targets());

    private string Write(string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_folder, "users.map");
        File.WriteAllBytes(path, (encoding ?? Encoding.UTF8).GetBytes(text));
        return path;
    }

    private sealed class EndlessComments : MemoryStream
    {
        private static readonly byte[] Line = [.. Enumerable.Repeat((byte)'#', 1023), (byte)'\n'];

        public override int Read(Span<byte> buffer)
        {
            for (var i = 0; i < buffer.Length; i += Line.Length)
            {
                var part = Math.Min(Line.Length, buffer.Length - i);
                Line.AsSpan(0, part).CopyTo(buffer[i..]);
            }

            return buffer.Length / Line.Length * Line.Length;
        }
    }
}
