using System.Text;
using TlsFront.Demo.Imap;
using TlsFront.Demo.Mime;

namespace TlsFront.Tests.Demo.Mime;

public sealed class MimeParserTests
{
    private const string Mixed =
        "Content-Type: multipart/mixed; boundary=\"a;b\"\r\n\r\npreamble\r\n--a;b\r\n\r\none\r\n--a;b  \r\n"
        + "Content-Type: multipart/alternative; boundary=c\r\n\r\n"
        + "--c\r\nContent-Type: text/html\r\n\r\n<p>\r\n--c--\r\n--a;b\r\n"
        + "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner\r\n--a;b--\r\n--a;b\r\nafter\r\n";

    [Theory]
    [InlineData("1", "one")]
    [InlineData("2.1", "<p>")]
    [InlineData("3", "Subject: in\r\n\r\ninner")]
    [InlineData("3.1", "inner")]
    [InlineData("3.TEXT", "inner")]
    [InlineData("3.HEADER", "Subject: in\r\n\r\n")]
    [InlineData("3.MIME", "Content-Type: message/rfc822\r\n\r\n")]
    [InlineData("0", null)]
    [InlineData("4", null)]
    [InlineData("1.1", null)]
    [InlineData("2.2", null)]
    [InlineData("3.1.1", null)]
    [InlineData("2.TEXT", null)]
    public void Parts_are_found_by_number(string specifier, string? expected)
    {
        var parsed = BodySection.TryParse(specifier, out var path, out var text);
        var content = parsed ? new BodySection(path, text, [], true, null).Extract(null!, () => Parse(Mixed)) : null;
        Assert.Equal(expected, content is { } bytes ? Encoding.Latin1.GetString(bytes.Span) : null);
    }

    [Fact]
    public void The_structure_lists_all_parts() => Assert.Equal(
        "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 3 0)((\"text\" \"html\" NIL NIL NIL \"7bit\" 3 0) \"alternative\")"
        + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 20 (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) "
        + "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 5 0) 2) \"mixed\")",
        ImapStructure.Body(Parse(Mixed), extended: false));

    [Theory]
    [InlineData("")]
    [InlineData("no header at all")]
    [InlineData("\r\n")]
    [InlineData(": x\r\n\r\n")]
    [InlineData("Content-Type\r\n\r\n")]
    [InlineData("Content-Type: \r\n\r\n")]
    [InlineData("Content-Type: text\r\n\r\n")]
    [InlineData("Content-Type: text/\r\n\r\n")]
    public void A_header_that_makes_no_sense_means_plain_text(string message) => Assert.Equal("text/plain", Parse(message).ContentType.Value);

    [Theory]
    [InlineData("Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\na\r\n--x--\r\n", 0)]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing\r\n", 0)]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x", 1)]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n--x--", 2)]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nunfinished", 1)]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--xy\r\n\r\n--x-\r\n", 0)]
    public void Broken_multiparts_are_taken_as_far_as_they_go(string message, int parts)
    {
        var part = Parse(message);
        Assert.Equal(parts, part.Parts.Count);
        Assert.StartsWith("(", ImapStructure.Body(part, extended: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_number_of_parts_are_bounded()
    {
        var deep = Parse(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", 10_000)));
        var depth = 0;
        for (var part = deep; part is not null; part = part.Message)
        {
            depth++;
        }

        Assert.InRange(depth, 5, 20);
        var wide = Parse("Content-Type: multipart/mixed; boundary=x\r\n\r\n" + string.Concat(Enumerable.Repeat("--x\r\n\r\n", 10_000)));
        Assert.InRange(wide.Parts.Count, 100, 200);
    }

    [Fact]
    public void Folded_fields_are_unfolded_and_told_raw_as_they_were()
    {
        var header = Parse("A: 1\r\n 2\r\n\t3\r\nB : 4\r\n\r\n").Header;
        Assert.Equal("1 2\t3", header.Find("a"));
        Assert.Equal("4", header.Find("B"));
        Assert.Equal("A: 1\r\n 2\r\n\t3\r\n", Encoding.Latin1.GetString(header.Fields[0].Raw.Span));
    }

    [Theory]
    [InlineData("text/plain", "text/plain")]
    [InlineData("a/b; c=d; e=\"f;\\\"g\"", "a/b|c=d|e=f;\"g")]
    [InlineData("a/b;;=x;y;z=", "a/b|z=")]
    [InlineData("a/b; c=\"open", "a/b|c=\"open")]
    [InlineData("a/b; c=\"", "a/b|c=\"")]
    public void Parameters_are_taken_apart(string text, string expected)
    {
        var value = StructuredValue.Parse(text);
        Assert.Equal(expected, string.Join('|', [value.Value, .. value.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")]));
    }

    [Theory]
    [InlineData("a@b", "-|a|b")]
    [InlineData("A B <a@b>, \"C, D\" <c@d>", "A B|a|b / C, D|c|d")]
    [InlineData("<a@b> (comment (nested) \\) )", "-|a|b")]
    [InlineData("<@r1,@r2:a@b>", "-|a|b")]
    [InlineData("g: a@b, c@d;, e@f", "-|g|- / -|a|b / -|c|d / -|-|- / -|e|f")]
    [InlineData("g:;", "-|g|- / -|-|-")]
    [InlineData("root", "-|root|")]
    [InlineData("", "")]
    [InlineData(",,;", "-|;|")]
    [InlineData("\"open", "-|open|")]
    [InlineData("<open@b", "-|open|b")]
    [InlineData("(open", "")]
    [InlineData("(open\\", "")]
    [InlineData("g: a@b", "-|g|- / -|a|b / -|-|-")]
    public void Address_lists_never_fail(string text, string expected) => Assert.Equal(
        expected,
        string.Join(
            " / ", AddressList.Parse(text).Select(address => $"{address.DisplayName ?? "-"}|{address.Mailbox ?? "-"}|{address.Host ?? "-"}")));

    private static MimePart Parse(string message) => MimeParser.Parse(Encoding.Latin1.GetBytes(message));
}
