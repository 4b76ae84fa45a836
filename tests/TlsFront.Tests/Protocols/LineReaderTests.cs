using System.Text;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

public class LineReaderTests
{
    [Theory]
    [InlineData("NOOP\r\nQUIT\r\n", "NOOP", 6)]
    [InlineData("NOOP\nQUIT\r\n", "NOOP", 5)]
    [InlineData("\n", "", 1)]
    [InlineData("\r\n", "", 2)]
    public void A_line_ends_in_CRLF_or_in_LF(string input, string line, int consumed) =>
        Assert.Equal((LineState.Complete, line, consumed), Read(input, BareNewlines.Normalize));

    [Theory]
    [InlineData("NOOP\n", 5)]
    [InlineData("\n", 1)]
    public void LF_alone_may_be_refused(string input, int consumed) =>
        Assert.Equal((LineState.Malformed, "", consumed), Read(input, BareNewlines.Reject));

    [Theory]
    [InlineData("NO\rOP\r\n")]
    [InlineData("NO\rOP\n")]
    [InlineData("NOOP\r\r\n")]
    [InlineData("\rNOOP\r\n")]
    [InlineData("NO\0OP\r\n")]
    [InlineData("NOOP\0\n")]
    public void A_CR_or_a_NUL_inside_is_refused_under_both_rules(string input)
    {
        Assert.Equal((LineState.Malformed, "", input.Length), Read(input, BareNewlines.Normalize));
        Assert.Equal((LineState.Malformed, "", input.Length), Read(input, BareNewlines.Reject));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("NOOP", 0)]
    [InlineData("NOOP\r", 0)]
    public void Without_LF_there_is_no_line_yet(string input, int consumed) =>
        Assert.Equal((LineState.Incomplete, "", consumed), Read(input, BareNewlines.Normalize));

    [Theory]
    [InlineData("12345678\r\n", LineState.Complete)]
    [InlineData("123456789\n", LineState.Complete)]
    [InlineData("123456789\r\n", LineState.TooLong)]
    [InlineData("1234567890", LineState.Incomplete)]
    [InlineData("12345678901", LineState.TooLong)]
    public void The_maximum_counts_the_line_end(string input, object state) =>
        Assert.Equal((LineState)state, Read(input, BareNewlines.Normalize).State);

    private static (LineState State, string Line, int Consumed) Read(string input, BareNewlines rule)
    {
        var state = LineReader.Read(Encoding.Latin1.GetBytes(input), 10, rule, out var line, out var consumed);
        return (state, Encoding.Latin1.GetString(line), consumed);
    }
}
