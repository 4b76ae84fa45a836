using System.Text;
using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Compatibility;

/// <summary>The file of a recorded hello: what is written is read again, and what is wrong is told with its line.</summary>
public sealed class HelloFileTests : IDisposable
{
    private const string Header = "client: Test 1.0\nrecorded: 2026-12-01\nsource: made up\n";

    private static readonly byte[] Record = new HelloBuilder().ServerName("mail.example.org").Versions(0x0304).Groups(29).Signatures(0x0403).Record();
    private static readonly string Octets = Convert.ToHexString(Record);

    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-hellos-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.True(HelloRecords.TryRead(Record, out var records, out _));
        var hello = new RecordedHello
        {
            Client = "Drucker im Büro",
            Library = "a library",
            Recorded = new DateOnly(2026, 2, 28),
            Source = "composed",
            Note = "key: value: with colons",
            Records = records,
        };

        var (read, problem) = Parse(HelloFile.Format(hello));

        Assert.Null(problem);
        Assert.Equal(hello with { Records = read!.Records }, read);
        Assert.Equal(Record, read.Records.Octets);
        Assert.Equal(HelloFile.Format(hello), HelloFile.Format(read));
    }

    [Fact]
    public void Lines_may_stand_in_any_order_and_end_as_windows_ends_them()
    {
        var (hello, problem) = Parse(
            $"source: x\r\nclient: y\r\nrecorded: 2026-12-01\r\n\r\n{Octets[..20].ToLowerInvariant()}\r\n{Octets[20..]}\r\n");

        Assert.Null(problem);
        Assert.Equal(("x", "y", null, null), (hello!.Source, hello.Client, hello.Library, hello.Note));
        Assert.Equal(Record, hello.Records.Octets);
    }

    [Theory]
    [InlineData("client Test\n\n", 1, "client Test", "is no line of a header")]
    [InlineData("client:Test\n\n", 1, "client:Test", "is no line of a header")]
    [InlineData("# client: Test\n\n", 1, "# client", "is not known here")]
    [InlineData("Client: Test\n\n", 1, "Client", "is not known here")]
    [InlineData("client: Test\nclient: Test\n\n", 2, "client", "is there twice")]
    [InlineData("client: \n\n", 1, "", "is no value")]
    [InlineData("client: a\tb\n\n", 1, "a\tb", "is no value")]
    [InlineData("client: a\u0085b\n\n", 1, "a\u0085b", "is no value")]
    [InlineData("recorded: 2026-12-01\nsource: x\n\n", null, null, "has no client")]
    [InlineData("client: x\nsource: x\n\n", null, null, "has no recorded")]
    [InlineData("client: x\nrecorded: 2026-12-01\n\n", null, null, "has no source")]
    [InlineData("", null, null, "has no client")]
    [InlineData("client: x\nsource: x\nrecorded: 2026-02-30\n\n", 3, "2026-02-30", "is no date")]
    [InlineData("client: x\nsource: x\nrecorded: 1.12.2026\n\n", 3, "1.12.2026", "is no date")]
    [InlineData(Header, null, null, "has no octets")]
    [InlineData(Header + "\n", null, null, "has no octets")]
    [InlineData(Header + "\n160\n", 5, "160", "is not octets")]
    [InlineData(Header + "\n1603 01\n", 5, "1603 01", "is not octets")]
    [InlineData(Header + "\n1603\n\n01\n", 6, "", "is not octets")]
    [InlineData(Header + "\nFgMB==\n", 5, "FgMB==", "is not octets")]
    [InlineData(Header + "\n160301\n", 5, null, "the octets from here on are no ClientHello: they end within the hello")]
    [InlineData(Header + "\n474554202F\n", 5, null, "the octets from here on are no ClientHello: client does not speak TLS: it sent an HTTP request")]
    [InlineData(Header + "\n150301000228\n", 5, null,
        "the octets from here on are no ClientHello: client breaks the protocol: another record comes in place of its hello")]
    public void What_is_wrong_is_told_with_its_line(string text, int? line, string? value, string message)
    {
        var (hello, problem) = Parse(text);

        Assert.Null(hello);
        Assert.Equal((line, value, message), (problem!.Line, problem.Text, problem.Problem.Message));
        Assert.NotEqual("", problem.Problem.Remedy);
    }

    [Fact]
    public void A_value_is_bounded()
    {
        Assert.Null(Parse($"{Header}note: {new string('x', 400)}\n\n{Octets}").Problem);
        Assert.Equal(4, Parse($"{Header}note: {new string('x', 401)}\n\n{Octets}").Problem!.Line);
    }

    [Fact]
    public void Octets_of_a_second_record_are_too_many()
    {
        var (hello, problem) = Parse($"{Header}\n{Octets}\n140303000101\n");

        Assert.Null(hello);
        Assert.EndsWith("more follows behind the hello", problem!.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t13d0404", "is not a JA4 fingerprint")]
    [InlineData("t13d311000_e8f1e7e78f70_1f22a2ca17c4", "is not that of the octets, which is t13d040400_")]
    public void A_fingerprint_has_to_be_that_of_the_octets(string fingerprint, string message)
    {
        var problem = Parse($"{Header}ja4: {fingerprint}\n\n{Octets}").Problem!;

        Assert.Equal((4, fingerprint), (problem.Line, problem.Text));
        Assert.StartsWith(message, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_utf8_is_told() => Assert.Equal("is not UTF-8", HelloFile.Parse([0xC3, 0x28]).Problem!.Problem.Message);

    [Fact]
    public void Files_are_read_in_the_order_of_their_names_and_each_that_is_wrong_is_named()
    {
        Write("b.hello", $"{Header}\n{Octets}\n");
        Write("a.hello", $"{Header.Replace("Test 1.0", "First", StringComparison.Ordinal)}\n{Octets}\n");
        Write("c.hello", "client\n");
        Write("d.hello", new string('x', HelloFile.MaximumLength + 1));
        Write("e.txt", "no hello");
        Directory.CreateDirectory(At("f.hello"));

        var (hellos, problems) = HelloSet.ReadFolder(_folder);

        Assert.Equal(["First", "Test 1.0"], hellos.Select(static hello => hello.Client));
        Assert.Equal(
            [$"{At("c.hello")}:1: error: \"client\" is no line of a header; write key: value, and an empty line before the octets",
                $"{At("d.hello")}: error: is longer than {HelloFile.MaximumLength / 1024} KB; remove what is not of one hello"],
            problems.Select(static problem => $"{problem}"));
    }

    [Fact]
    public void A_folder_without_hellos_is_a_mistake()
    {
        Assert.Contains("has no .hello file", Assert.Single(HelloSet.ReadFolder(_folder).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Single(HelloSet.ReadFolder(At("nowhere")).Problems).Message, StringComparison.Ordinal);
    }

    private static (RecordedHello? Hello, LineProblem? Problem) Parse(string text) => HelloFile.Parse(Encoding.UTF8.GetBytes(text));

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);
}
