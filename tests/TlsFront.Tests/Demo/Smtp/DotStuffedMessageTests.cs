using System.Buffers;
using System.Text;
using TlsFront.Demo.Smtp;

namespace TlsFront.Tests.Demo.Smtp;

public sealed class DotStuffedMessageTests
{
    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..a\r\n...\r\n.b\r\n.\r\n", ".a\r\n..\r\nb\r\n")]
    [InlineData("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n")]
    [InlineData("a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n")]
    [InlineData("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n")]
    [InlineData("a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n")]
    public void Only_a_dot_between_two_CRLF_ends_the_data_however_it_is_split(string data, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(data + "QUIT");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var message = new DotStuffedMessage(1000);
            var (consumed, done) = message.Consume(new(bytes.AsMemory(0, cut)));
            var taken = consumed.GetInteger();
            if (!done)
            {
                Assert.Equal(cut, taken);
                (consumed, done) = message.Consume(new(bytes.AsMemory(cut)));
                taken += consumed.GetInteger() - (cut < bytes.Length ? cut : 0);
            }

            Assert.True(done);
            Assert.Equal(data.Length, taken);
            Assert.Equal(expected, Encoding.Latin1.GetString(message.Content.Span));
            Assert.False(message.TooLarge);
        }
    }

    [Fact]
    public void What_exceeds_the_maximum_is_dropped_and_the_end_still_found()
    {
        var message = new DotStuffedMessage(4);
        Assert.True(message.Consume(new ReadOnlySequence<byte>("abc\r\ndef\r\n.\r\n"u8.ToArray())).Done);
        Assert.True(message.TooLarge);
        Assert.Equal(4, message.Content.Length);
    }
}
