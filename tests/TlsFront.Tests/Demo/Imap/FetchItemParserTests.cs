using TlsFront.Demo.Imap;

namespace TlsFront.Tests.Demo.Imap;

public sealed class FetchItemParserTests
{
    [Theory]
    [InlineData("flags", "FLAGS")]
    [InlineData("FAST", "FLAGS INTERNALDATE RFC822.SIZE")]
    [InlineData("ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE")]
    [InlineData("FULL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY")]
    [InlineData("(UID BODYSTRUCTURE BODY)", "UID BODYSTRUCTURE BODY")]
    [InlineData("(RFC822 RFC822.HEADER RFC822.TEXT)", "RFC822 RFC822.HEADER RFC822.TEXT")]
    [InlineData("BODY[]", "BODY[]")]
    [InlineData("BODY.PEEK[]<0.100>", "BODY[]<0>")]
    [InlineData("(BODY.PEEK[header.fields (From \"To\" \"a b\")] BODY[1.2.MIME])", "BODY[HEADER.FIELDS (From To \"a b\")] BODY[1.2.MIME]")]
    [InlineData("body[3.header.fields.not (X)]<7.1>", "BODY[3.HEADER.FIELDS.NOT (X)]<7>")]
    public void Items_are_named_as_the_answer_names_them(string text, string labels)
    {
        var arguments = new ImapArguments(text, []);
        Assert.True(FetchItemParser.TryRead(arguments, out var items));
        Assert.True(arguments.AtEnd);
        Assert.Equal(labels, string.Join(' ', items.Select(item => item.Label)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("(FLAGS")]
    [InlineData("(FLAGS  UID)")]
    [InlineData("(FLAGS )")]
    [InlineData("WHAT")]
    [InlineData("(FAST)")]
    [InlineData("BODY[")]
    [InlineData("BODY[0]")]
    [InlineData("BODY[1.]")]
    [InlineData("BODY[.1]")]
    [InlineData("BODY[99999999999]")]
    [InlineData("BODY[MIME]")]
    [InlineData("BODY[1.WHAT]")]
    [InlineData("BODY[HEADER.FIELDS]")]
    [InlineData("BODY[HEADER.FIELDS ()]")]
    [InlineData("BODY[HEADER.FIELDS (X]")]
    [InlineData("BODY[]<1>")]
    [InlineData("BODY[]<1.0>")]
    [InlineData("BODY[]<1.2")]
    [InlineData("BODY[]<-1.2>")]
    [InlineData("BODY[1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1]")]
    public void What_is_no_item_is_refused(string text) => Assert.False(FetchItemParser.TryRead(new(text, []), out _));

    [Fact]
    public void A_command_cannot_multiply_a_message_without_end() =>
        Assert.False(FetchItemParser.TryRead(new($"({string.Join(' ', Enumerable.Repeat("BODY[]", 51))})", []), out _));
}
