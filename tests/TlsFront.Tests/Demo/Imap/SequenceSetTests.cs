using TlsFront.Demo.Imap;

namespace TlsFront.Tests.Demo.Imap;

public sealed class SequenceSetTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("2:4", "2 3 4")]
    [InlineData("4:2", "2 3 4")]
    [InlineData("*", "5")]
    [InlineData("4:*", "4 5")]
    [InlineData("*:4", "4 5")]
    [InlineData("9:*", "5")]
    [InlineData("*:*", "5")]
    [InlineData("1,3,5:4,3", "1 3 4 5")]
    [InlineData("7,9:4294967294", "")]
    public void A_set_holds_its_numbers_of_one_to_five(string text, string numbers)
    {
        Assert.True(SequenceSet.TryParse(text, out var set));
        Assert.Equal(numbers, string.Join(' ', Enumerable.Range(1, 5).Where(number => set.Contains((uint)number, 5))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,")]
    [InlineData(",1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3")]
    [InlineData("1 2")]
    [InlineData("**")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("x")]
    public void What_is_no_set_is_refused(string text) => Assert.False(SequenceSet.TryParse(text, out _));
}
