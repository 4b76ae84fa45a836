using TlsFront.Demo.Imap;

namespace TlsFront.Tests.Demo.Imap;

public sealed class ImapArgumentsTests
{
    [Theory]
    [InlineData("atom", "atom")]
    [InlineData("\"\"", "")]
    [InlineData("\"a \\\"b\\\\ {3}\"", "a \"b\\ {3}")]
    [InlineData("{3}", "x y")]
    [InlineData("{3+}", "x y")]
    [InlineData("a[]", "a[]")]
    public void A_string_comes_in_three_forms(string text, string expected)
    {
        var arguments = new ImapArguments(text, ["x y"u8.ToArray()]);
        Assert.True(arguments.TryReadString(out var value));
        Assert.Equal(expected, value);
        Assert.True(arguments.AtEnd);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("\"a")]
    [InlineData("\"a\\")]
    [InlineData("\"a\\\"")]
    [InlineData("{3}")]
    [InlineData("{3")]
    [InlineData(")")]
    public void What_is_no_string_is_refused(string text) => Assert.False(new ImapArguments(text, []).TryReadString(out _));

    [Theory]
    [InlineData("(a \"b c\" d)", true)]
    [InlineData("()", true)]
    [InlineData("(a", false)]
    [InlineData("(a  b)", false)]
    [InlineData("(a )", false)]
    [InlineData("a", false)]
    public void A_list_needs_both_parentheses_and_single_spaces(string text, bool valid) =>
        Assert.Equal(valid, new ImapArguments(text, []).TryReadList(out _));

    [Theory]
    [InlineData("a APPEND x {0}", true, 0, true)]
    [InlineData("a APPEND x {12+}", true, 12, false)]
    [InlineData("{9223372036854775807}", true, long.MaxValue, true)]
    [InlineData("{9223372036854775808}", false, 0, true)]
    [InlineData("{}", false, 0, true)]
    [InlineData("{+}", false, 0, false)]
    [InlineData("{-1}", false, 0, true)]
    [InlineData("{1} ", false, 0, true)]
    [InlineData("1}", false, 0, true)]
    [InlineData("}", false, 0, true)]
    [InlineData("+}", false, 0, false)]
    [InlineData("", false, 0, true)]
    public void A_literal_is_announced_at_the_end_of_a_line(string line, bool announced, long length, bool synchronizing)
    {
        Assert.Equal(announced, ImapCommandReader.TryParseLiteral(line, out var parsed, out var waits));
        Assert.Equal(length, parsed);
        Assert.Equal(synchronizing, waits);
    }

    [Theory]
    [InlineData("*", "INBOX", true)]
    [InlineData("%", "INBOX", true)]
    [InlineData("in*", "INBOX", true)]
    [InlineData("*X", "INBOX", true)]
    [InlineData("I*B%X*", "INBOX", true)]
    [InlineData("", "INBOX", false)]
    [InlineData("INBO", "INBOX", false)]
    [InlineData("INBOXX", "INBOX", false)]
    [InlineData("*Y", "INBOX", false)]
    [InlineData("INBO?", "INBOX", false)]
    public void Folder_patterns_have_two_wildcards(string pattern, string name, bool matches) =>
        Assert.Equal(matches, FolderPattern.Matches(pattern, name));

    [Theory]
    [InlineData("(\\Seen \\Deleted)", @"(\Seen \Deleted)")]
    [InlineData("\\SEEN $Junk \\deleted", @"(\Seen \Deleted)")]
    [InlineData("()", "()")]
    [InlineData("($Forwarded)", "()")]
    public void Flags_are_taken_with_or_without_parentheses_and_unknown_ones_ignored(string text, string expected)
    {
        Assert.True(ImapFlags.TryRead(new(text, []), out var flags));
        Assert.Equal(expected, ImapFlags.Format(flags));
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("(\\Seen")]
    [InlineData("(\\Seen )")]
    public void Broken_flag_lists_are_refused(string text) => Assert.False(ImapFlags.TryRead(new(text, []), out _));

    [Theory]
    [InlineData(" 2-Jan-2026 03:04:05 +0130", "\"02-Jan-2026 03:04:05 +0130\"")]
    [InlineData("31-Dec-2025 23:59:59 -0800", "\"31-Dec-2025 23:59:59 -0800\"")]
    public void Dates_round_trip(string text, string expected)
    {
        Assert.True(ImapDate.TryParseTime(text, out var time));
        Assert.Equal(expected, ImapDate.Format(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("32-Jan-2026 00:00:00 +0000")]
    [InlineData("1-Jan-2026")]
    [InlineData("1-Foo-2026 00:00:00 +0000")]
    public void Broken_dates_are_refused(string text) => Assert.False(ImapDate.TryParseTime(text, out _));
}
