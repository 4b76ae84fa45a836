using System.Text;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

public sealed class ServerNameTests
{
    private static readonly string Label = new('a', 63);

    [Theory]
    [InlineData("mail.example.com", "mail.example.com")]
    [InlineData("MAIL.Example.com.", "mail.example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("4you.example", "4you.example")]
    [InlineData("192.0.2.1", null)]
    [InlineData("2130706433", null)]
    [InlineData("::1", null)]
    [InlineData("[2001:db8::1]", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("mail..example.com", null)]
    [InlineData(".example.com", null)]
    [InlineData("mail.example.com..", null)]
    [InlineData("-mail.example.com", null)]
    [InlineData("mail-.example.com", null)]
    [InlineData("ma_il.example.com", null)]
    [InlineData("mail.example.com\r\nX: y", null)]
    [InlineData("mail.example.com\0", null)]
    [InlineData("*.example.com", null)]
    [InlineData("mäil.example.com", null)]
    public void Only_host_names_pass_and_come_out_in_one_form(string name, string? expected)
    {
        Assert.Equal(expected, ServerName.Normalize(Encoding.Latin1.GetBytes(name)));
    }

    [Fact]
    public void Labels_have_at_most_63_and_names_253_octets()
    {
        Assert.NotNull(ServerName.Normalize(Encoding.ASCII.GetBytes(Label)));
        Assert.Null(ServerName.Normalize(Encoding.ASCII.GetBytes(Label + "a")));
        var longest = string.Join('.', Label, Label, Label, Label[..61]);
        Assert.Equal(253, longest.Length);
        Assert.NotNull(ServerName.Normalize(Encoding.ASCII.GetBytes(longest + ".")));
        Assert.Null(ServerName.Normalize(Encoding.ASCII.GetBytes(longest + "a")));
    }
}
